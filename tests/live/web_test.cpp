// The page as a program: from a refused sender's request to its end, and what cannot stop it.
#include "live/filed_request.hpp"
#include "support/http_client.hpp"
#include "support/live_site.hpp"
#include "support/process_figures.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <map>
#include <optional>

namespace ostrakon::test {
namespace {

using testing::HasSubstr;
using testing::Not;

/// A running ostrakon-web.
class WebProgram {
public:
    explicit WebProgram(const LiveSite& site)
        : process_({.arguments = {program("ostrakon-web"), "--config", site.configuration()}}) {
        const std::string_view start = "serving on http://127.0.0.1:";
        if (!process_.wait_for_errors(start)) {
            throw std::runtime_error("ostrakon-web does not start: " + process_.errors());
        }
        const std::string said = process_.errors();
        port_ = static_cast<std::uint16_t>(std::stoi(said.substr(said.find(start) + start.size())));
    }
    std::uint16_t port() const { return port_; }
    Process& process() { return process_; }

private:
    Process process_;
    std::uint16_t port_ = 0;
};

class LiveWeb : public testing::Test {
protected:
    LiveWeb() { site_.configure(options()); }

    static SiteOptions options() {
        return {.more = "[web]\nlisten = \"127.0.0.1:0\"\nurl = \"https://bl.example.org\"\n"};
    }
    ProcessResult tool(std::vector<std::string> words) const {
        words.insert(words.begin(), {program("ostrakon"), "--config", site_.configuration()});
        return run(std::move(words));
    }

    LiveSite site_;
};

TEST_F(LiveWeb, LeadsFromTheLinkInABounceToTheEndOfTheBan) {
    site_.ban("192.0.2.7");
    WebProgram web(site_);
    EXPECT_THAT(http_get(web.port(), "/why/192.0.2.7").body, HasSubstr("192.0.2.7 is blocked"));
    const std::string status = file_request(web.port(), "192.0.2.7");
    EXPECT_THAT(http_get(web.port(), status).body, HasSubstr("Received"));
    const ProcessResult listed = tool({"request", "list"});
    EXPECT_EQ(listed.status, 0) << listed.errors;
    EXPECT_THAT(listed.output, HasSubstr("192.0.2.7"));
    const ProcessResult accepted = tool({"request", "accept", "1", "--reason", "seen ourselves"});
    EXPECT_EQ(accepted.status, 0) << accepted.errors;
    EXPECT_THAT(http_get(web.port(), status).body, HasSubstr("seen ourselves"));
    EXPECT_THAT(http_get(web.port(), "/why/192.0.2.7").body, HasSubstr("is not blocked"));
}

TEST_F(LiveWeb, ShowsABanThatIsMadeWhileItRuns) {
    WebProgram web(site_);
    EXPECT_THAT(http_get(web.port(), "/why/192.0.2.7").body, HasSubstr("is not blocked"));
    site_.ban("192.0.2.7");
    EXPECT_THAT(http_get(web.port(), "/why/192.0.2.7").body, HasSubstr("is blocked"));
}

TEST_F(LiveWeb, KeepsAnAcknowledgedRequestWhenItIsKilled) {
    site_.ban("192.0.2.7");
    std::string status;
    {
        WebProgram web(site_);
        status = file_request(web.port(), "192.0.2.7");
        web.process().signal(SIGKILL);
        web.process().wait();
    }
    WebProgram web(site_);
    EXPECT_THAT(http_get(web.port(), status).body, HasSubstr("Received"));
}

TEST_F(LiveWeb, ReadsItsConfigurationAgainOrStaysAsItWas) {
    WebProgram web(site_);
    site_.write("policy.md", "# Another policy\n");
    auto changed = options();
    changed.more += "policy = \"policy.md\"\n";
    site_.configure(changed);
    web.process().signal(SIGHUP);
    ASSERT_TRUE(web.process().wait_for_errors("again"));
    EXPECT_THAT(http_get(web.port(), "/policy").body, HasSubstr("Another policy"));
    changed.more += "nonsense = 1\n";
    site_.configure(changed);
    web.process().signal(SIGHUP);
    ASSERT_TRUE(web.process().wait_for_errors("nothing has changed"));
    EXPECT_THAT(http_get(web.port(), "/policy").body, HasSubstr("Another policy"));
}

TEST_F(LiveWeb, AnswersOthersWhileSlowOnesHoldEveryPlace) {
    WebProgram web(site_);
    const std::string head = "GET / HTTP/1.1\r\nHost: x\r\n";
    const std::vector<std::string> begun{
        "",                 // says nothing
        head + "X-Slow: ",  // never ends its head
        "POST /check HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\nsubject=",  // its body
        head + "\r\n" + head + "\r\n" + head + "\r\n",  // never reads its answers
    };
    std::vector<std::unique_ptr<HttpConnection>> slow;
    for (std::size_t i = 0; i < 600; ++i) {
        slow.push_back(std::make_unique<HttpConnection>(web.port()));
        slow.back()->send(begun[i % begun.size()]);
        if (i % 100 == 99) {
            EXPECT_EQ(http_get(web.port(), "/").status, 200) << i;
        }
    }
}

TEST_F(LiveWeb, KeepsItsMemoryWhileTenThousandNetworksAskThroughAProxy) {
    WebProgram web(site_);
    HttpConnection proxy(web.port());
    const auto status_for = [&proxy](const std::string& client) {
        proxy.send(
            fmt::format("GET /why/192.0.2.7 HTTP/1.1\r\nHost: x\r\n"
                        "X-Forwarded-For: {}\r\n\r\n",
                        client));
        return proxy.read().status;
    };
    std::map<int, int> of_one;
    for (int i = 0; i < 200; ++i) {
        ++of_one[status_for(fmt::format("203.0.113.{}", i))];
    }
    // A real clock: it may give back one a second meanwhile.
    EXPECT_GE(of_one[200], 60);
    EXPECT_GE(of_one[429], 100);
    const std::size_t before = figures_of(web.process().pid()).anonymous_kib;
    std::map<int, int> of_others;
    for (int i = 0; i < 10'000; ++i) {
        ++of_others[status_for(fmt::format("{}.{}.{}.1", 11 + i / 65536, i / 256 % 256, i % 256))];
    }
    EXPECT_EQ(of_others, (std::map<int, int>{{200, 10'000}}));
    EXPECT_LE(figures_of(web.process().pid()).anonymous_kib, before + kFlatKib);
}

TEST_F(LiveWeb, EndsWhenItIsTold) {
    WebProgram web(site_);
    web.process().signal(SIGTERM);
    EXPECT_EQ(web.process().wait().status, 0);
}

TEST_F(LiveWeb, SaysWhatIsWrongWithItsConfiguration) {
    const auto check = [this] {
        return run({program("ostrakon-web"), "--config", site_.configuration(), "--check"});
    };
    EXPECT_EQ(check().status, 0);
    auto changed = options();
    changed.more += "policy = \"missing.md\"\n";
    site_.configure(changed);
    EXPECT_EQ(check().status, 1);
    EXPECT_THAT(check().errors, HasSubstr("missing.md"));
}

}  // namespace
}  // namespace ostrakon::test
