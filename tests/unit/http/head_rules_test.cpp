// Which heads are refused that libmicrohttpd takes.
#include "head_rules.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace ostrakon::http {
namespace {

using Headers = std::vector<std::pair<std::string, std::string>>;

int status_of(const Headers& headers) {
    constexpr std::size_t kBodySizeMax = 100;
    Request head;
    head.headers = headers;
    const auto refusal = refusal_of(head, kBodySizeMax);
    return refusal ? refusal->status : 200;
}

TEST(HeadRules, RefuseWhatAProxyMayHaveReadAnotherWay) {
    struct Case {
        Headers headers;
        int status;
    };
    const std::vector<Case> cases{
        {{}, 200},
        {{{"Host", "a"}}, 200},
        {{{"Host", "a"}, {"host", "a"}}, 400},
        {{{"Content-Length", "0"}}, 200},
        {{{"Content-Length", "100"}}, 200},
        {{{"Content-Length", "101"}}, 413},
        {{{"Content-Length", "99999999999999999999999999"}}, 413},
        {{{"Content-Length", ""}}, 400},
        {{{"Content-Length", "+3"}}, 400},
        {{{"Content-Length", "-3"}}, 400},
        {{{"Content-Length", "0x3"}}, 400},
        {{{"Content-Length", "3, 3"}}, 400},
        {{{"Content-Length", "3"}, {"content-length", "3"}}, 400},
        {{{"Content-Length", "3"}, {"Transfer-Encoding", "chunked"}}, 400},
        {{{"Transfer-Encoding", "chunked"}, {"Content-Length", "3"}}, 400},
        {{{"Transfer-Encoding", "Chunked"}}, 200},
        {{{"Transfer-Encoding", "chunked"}, {"Transfer-Encoding", "chunked"}}, 400},
        {{{"Transfer-Encoding", "xchunked"}}, 501},
        {{{"Transfer-Encoding", "gzip, chunked"}}, 501},
        {{{"Transfer-Encoding", "identity"}}, 501},
        {{{"Transfer-Encoding", ""}}, 501},
        {{{"Transfer-Encoding ", "chunked"}}, 400},
        {{{"X-Forwarded-For\t", "192.0.2.1"}}, 400},
        {{{"", "x"}}, 400},
        {{{"a b", "x"}}, 400},
        {{{"X", "a\rContent-Length: 3"}}, 400},
        {{{"X", "a\x7F"}}, 400},
        {{{"X", "a\tb \xE9"}}, 200},
        {{{"X-Odd!#$%&'*+.^_`|~", "x"}}, 200},
    };
    for (const Case& test : cases) {
        SCOPED_TRACE(test.headers.empty()
                         ? "none"
                         : test.headers.front().first + ": " + test.headers.front().second);
        EXPECT_EQ(status_of(test.headers), test.status);
    }
}

TEST(HeadRules, TakeNoControlCharactersInATarget) {
    Request head;
    head.path = "/a\rb";
    EXPECT_EQ(refusal_of(head, 0)->status, 400);
    head.path = "/";
    head.query = "\x01";
    EXPECT_EQ(refusal_of(head, 0)->status, 400);
    head.query = "\xFF";
    EXPECT_FALSE(refusal_of(head, 0));
}

TEST(HeadRules, TakeNoMoreHeadersThanTheirBound) {
    Headers headers;
    for (std::size_t i = 0; i < kHeadersMax; ++i) {
        headers.emplace_back(fmt::format("X-{}", i), "");
    }
    EXPECT_EQ(status_of(headers), 200);
    headers.emplace_back("X-One-More", "");
    EXPECT_EQ(status_of(headers), 431);
}

TEST(HeadRules, LeaveOfATargetWhatIsBehindItsServer) {
    EXPECT_EQ(without_authority("/why/x?y"), "/why/x?y");
    EXPECT_EQ(without_authority("http://bl.example.org/why/x?y"), "/why/x?y");
    EXPECT_EQ(without_authority("HTTPS://a@b:8"), "/");
    EXPECT_EQ(without_authority("http://a?b/c"), "?b/c");
    EXPECT_EQ(without_authority("*"), "*");
    EXPECT_EQ(without_authority("//example.com/"), "//example.com/");
    EXPECT_EQ(without_authority("http:/x"), "http:/x");
}

}  // namespace
}  // namespace ostrakon::http
