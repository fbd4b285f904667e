// Web servers that break off, lie, or go on for ever: all of it ends, within the request's limits.
#include "fetch_test_base.hpp"
#include "support/gzip.hpp"
#include "support/rude_web_server.hpp"

#include <fmt/format.h>

namespace ostrakon::fetch {
namespace {

using testing::HasSubstr;
using Client = test::RudeWebServer::Client;

class HostileHttp : public FetchTest {
protected:
    Refusal refused_from(const std::function<void(const Client&)>& answer) {
        const test::RudeWebServer server(answer);
        Request made = request(server.url("/list"));
        made.limits = limits_;
        return refusal(made);
    }
    Refusal refused_from(std::string_view bytes) {
        return refused_from([bytes](const Client& client) { client.send(bytes); });
    }

    Limits limits_{.size_max = 100'000, .connect{5}, .total{60}};
};

TEST_F(HostileHttp, BodyThatIsCutOffIsNone) {
    const Refusal cut =
        refused_from("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n192.0.2.1\n193.");
    EXPECT_EQ(cut.kind, FailureKind::Temporary);
    EXPECT_THAT(cut.text, HasSubstr("cut off"));
    const Refusal chunked = refused_from(
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nE\r\n192.0.2.1\n193.\r\n");
    EXPECT_EQ(chunked.kind, FailureKind::Temporary);
    const Refusal empty = refused_from("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n");
    EXPECT_EQ(empty.kind, FailureKind::Temporary);
}

TEST_F(HostileHttp, AnswersThatAreNoneEnd) {
    for (const std::string_view bytes :
         {"", "\r\n", "HTTP", "HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK\r\nContent-Le",
          "192.0.2.1\n192.0.2.2\n", "HTTP/1.1 999999999999 OK\r\n\r\n",
          "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\na",
          "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFF\r\na",
          "HTTP/1.1 302 Found\r\n\r\n", "HTTP/1.1 304 Not Modified\r\n\r\n",
          "HTTP/1.1 206 Partial Content\r\nContent-Range: bytes 0-0/2\r\nContent-Length: "
          "1\r\n\r\na"}) {
        EXPECT_EQ(refused_from(bytes).kind, FailureKind::Temporary) << bytes;
    }
}

TEST_F(HostileHttp, LengthThatIsALieDoesNotHelp) {
    EXPECT_EQ(refused_from("HTTP/1.1 200 OK\r\nContent-Length: 100001\r\n\r\na").kind,
              FailureKind::NotAList);
    // What is behind the length is no part of the list.
    const test::RudeWebServer server([](const Client& client) {
        client.send("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nabcdefgh");
    });
    ASSERT_TRUE(fetch(request(server.url("/list"))));
    EXPECT_EQ(body(), "abcd");
}

TEST_F(HostileHttp, EndlessBodyEnds) {
    const auto endless = [](const Client& client) {
        client.send("HTTP/1.1 200 OK\r\n\r\n");
        const std::string block(65536, 'a');
        while (client.send(block)) {
        }
    };
    const Refusal refused = refused_from(endless);
    EXPECT_EQ(refused.kind, FailureKind::NotAList);
    EXPECT_THAT(refused.text, HasSubstr("more than 100000 bytes"));
}

TEST_F(HostileHttp, EndlessTextOfAnErrorEnds) {
    for (const char* const head :
         {"HTTP/1.1 403 Forbidden\r\n\r\n", "HTTP/1.1 302 Found\r\nLocation: /list\r\n\r\n",
          "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"}) {
        const Refusal refused = refused_from([head](const Client& client) {
            client.send(head);
            const std::string block(65536, 'a');
            while (client.send(block)) {
            }
        });
        EXPECT_LT(refused.text.size(), 1000U);
    }
}

TEST_F(HostileHttp, EndlessHeadersEnd) {
    constexpr std::string_view kStatus = "HTTP/1.1 200 OK\r\n";
    const auto refused_after = [this](std::string_view first, std::string_view again) {
        return refused_from([first, again](const Client& client) {
            client.send(first);
            while (client.send(again)) {
            }
        });
    };
    for (const Refusal& refused : {refused_after(kStatus, "X-A: aaaaaaaaaaaaaaaaaaaaaaaaaaa\r\n"),
                                   refused_after("", "HTTP/1.1 100 Continue\r\n\r\n")}) {
        EXPECT_EQ(refused.kind, FailureKind::Temporary);
        EXPECT_THAT(refused.text, HasSubstr("headers without end"));
    }
    // One line without an end is libcurl's to give up.
    EXPECT_EQ(refused_after(kStatus, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa").kind,
              FailureKind::Temporary);
}

TEST_F(HostileHttp, DripIsNoProgress) {
    limits_.slow_bytes = 1000;
    limits_.slow_seconds = 1;
    const Refusal refused = refused_from([](const Client& client) {
        client.send("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\na");
        client.wait();
    });
    EXPECT_EQ(refused.kind, FailureKind::Temporary);
    EXPECT_THAT(refused.text, HasSubstr("too slow"));
}

TEST_F(HostileHttp, SilenceEnds) {
    limits_.total = Duration{1};
    const Refusal refused = refused_from([](const Client& client) { client.wait(); });
    EXPECT_EQ(refused.kind, FailureKind::Temporary);
    EXPECT_THAT(refused.text, HasSubstr("timed out"));
}

TEST_F(HostileHttp, PackedBodyStaysPacked) {
    const std::string packed = test::gzip(std::string(10'000'000, 'a'));
    ASSERT_LT(packed.size(), limits_.size_max);
    const auto answer = [&packed](std::string_view header) {
        return [&packed, header = std::string{header}](const Client& client) {
            client.send(fmt::format("HTTP/1.1 200 OK\r\n{}\r\n\r\n{}", header, packed));
        };
    };
    const test::RudeWebServer server(answer("Content-Encoding: gzip"));
    Request made = request(server.url("/list"));
    made.limits = limits_;
    ASSERT_TRUE(fetch(made));
    EXPECT_EQ(body(), packed);
    std::filesystem::remove(made.body);
    // Nor is it unpacked by libcurl on its own.
    const test::RudeWebServer chunked(answer("Transfer-Encoding: gzip"));
    made.url = chunked.url("/list");
    const auto fetched = fetch(made);
    ASSERT_TRUE(fetched) << message(fetched.error().error);
    EXPECT_EQ(body(), packed);
    std::filesystem::remove(made.body);
    EXPECT_THAT(refused_from("HTTP/1.1 200 OK\r\nContent-Encoding: br\r\n\r\na").text,
                HasSubstr("not asked for"));
}

TEST_F(HostileHttp, ValidatorsAreShortAndPrintable) {
    const test::RudeWebServer server([](const Client& client) {
        client.send(
            fmt::format("HTTP/1.1 200 OK\r\nETag: \"{}\"\r\nLast-Modified: "
                        "\x1b[2J\r\nContent-Length: 1\r\n\r\na",
                        std::string(5000, 'e')));
    });
    const auto fetched = fetch(request(server.url("/list")));
    ASSERT_TRUE(fetched) << message(fetched.error().error);
    EXPECT_EQ(fetched->validators, Validators{});
}

TEST_F(HostileHttp, RequestSaysWhatItIs) {
    const test::RudeWebServer server([](const Client& client) {
        client.send("HTTP/1.1 304 Not Modified\r\nETag: \"b\"\r\n\r\n");
    });
    Request made = request(server.url("/list?a=b"));
    made.validators = {"\"a\"", "Sun, 22 Nov 2026 00:00:00 GMT"};
    const auto fetched = fetch(made);
    ASSERT_TRUE(fetched) << message(fetched.error().error);
    EXPECT_TRUE(fetched->is_unchanged);
    EXPECT_EQ(fetched->validators, (Validators{"\"b\"", made.validators.last_modified}));
    const std::string sent = server.requests().front();
    EXPECT_THAT(sent, testing::StartsWith("GET /list?a=b HTTP/1.1\r\n"));
    EXPECT_THAT(sent, HasSubstr("User-Agent: " + made.user_agent + "\r\n"));
    EXPECT_THAT(sent, HasSubstr("If-None-Match: \"a\"\r\n"));
    EXPECT_THAT(sent, HasSubstr("If-Modified-Since: Sun, 22 Nov 2026 00:00:00 GMT\r\n"));
    EXPECT_THAT(sent, testing::Not(HasSubstr("Accept-Encoding")));
}

}  // namespace
}  // namespace ostrakon::fetch
