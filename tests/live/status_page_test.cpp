// The operator's page as a program: both sockets beside a running server, what is filed and what is
// asked seen on it, and the login of a proxy before it as doc/web.md has it.
#include "live/filed_request.hpp"
#include "support/http_client.hpp"
#include "support/live_site.hpp"
#include "support/web_server.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <nlohmann/json.hpp>

#include <optional>
#include <regex>

namespace ostrakon::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using Json = nlohmann::json;

class LiveStatus : public testing::Test {
protected:
    LiveStatus() { configure("listen = \"127.0.0.1:0\"\nstatus = \"127.0.0.1:0\"\n"); }

    void configure(const std::string& web) const {
        site_.configure({.server = "control = \"control\"\nthreads = 1\n",
                         .more = "[web]\n" + web + "\n[lifecycle]\nevidence_to_lift = false\n"});
    }
    /// Starts ostrakon-web, with a place for its figures.
    void start_web() {
        std::filesystem::create_directories(state());
        web_.emplace(ProcessOptions{
            .arguments = {program("ostrakon-web"), "--config", site_.configuration()},
            .environment = {{"STATE_DIRECTORY", state().string()}}});
        ASSERT_TRUE(web_->wait_for_errors("serving on ")) << web_->errors();
        const std::string said = web_->errors();
        static const std::regex kPlace{"http://127\\.0\\.0\\.1:([0-9]+)(/status)?"};
        visitors_ = operators_ = 0;
        for (std::sregex_iterator at{said.begin(), said.end(), kPlace};
             at != std::sregex_iterator{}; ++at) {
            const auto port = static_cast<std::uint16_t>(std::stoi((*at)[1].str()));
            ((*at)[2].matched ? operators_ : visitors_) = port;
        }
    }
    std::filesystem::path state() const { return site_.directory() / "state"; }
    ProcessResult tool(std::vector<std::string> words) const {
        words.insert(words.begin(), {program("ostrakon"), "--config", site_.configuration()});
        return run(std::move(words));
    }
    Json status() const { return Json::parse(http_get(operators_, "/status.json").body); }

    LiveSite site_;
    std::optional<Process> web_;
    std::uint16_t visitors_ = 0, operators_ = 0;
};

TEST_F(LiveStatus, ShowsWhatIsAskedAndWhoWaits) {
    site_.ban("192.0.2.7");
    LiveServer server{site_};
    UdpClient udp(server.address());
    for (int i = 0; i < 4; ++i) {
        udp.ask({.name = "7.2.0.192.bl.example.org"});
    }
    start_web();
    file_request(visitors_, "192.0.2.7");
    const Json filed = status();
    EXPECT_EQ(filed.at("well"), true) << filed.at("warnings");
    EXPECT_EQ(filed.at("server").at("answers"), true);
    EXPECT_EQ(filed.at("server").at("outcomes_total").at("listed"), 4);
    EXPECT_EQ(filed.at("requests").at("filed"), 1);
    EXPECT_THAT(http_get(operators_, "/status").body,
                AllOf(HasSubstr("All is well"), HasSubstr("a@example.com"),
                      HasSubstr("takes them in"), HasSubstr("Removal of <code>192.0.2.7</code>")));
    EXPECT_EQ(tool({"request", "list"}).status, 0);
    // What is seen is at most two seconds old.
    Json taken;
    for (int i = 0; i < 100'000 && (i == 0 || taken.at("requests").at("open") == 0); ++i) {
        taken = status();
    }
    EXPECT_EQ(taken.at("requests").at("oldest_open").at(0).at("id"), 1);
    EXPECT_THAT(http_get(operators_, "/status").body,
                HasSubstr("ostrakon request accept 1 --reason"));
    EXPECT_THAT(http_get(operators_, "/metrics").body,
                HasSubstr("ostrakon_web_requests_total{socket=\"visitors\"} 2"));
    for (const char* path : {"/status", "/status.json", "/status/map.png", "/metrics"}) {
        EXPECT_EQ(http_get(visitors_, path).status, 404) << path;
    }
}

TEST_F(LiveStatus, SaysThatNobodyAnswersAndKeepsItsFigures) {
    site_.ban("192.0.2.7");
    start_web();
    EXPECT_THAT(http_get(operators_, "/status").body,
                AllOf(HasSubstr("ostrakond does not answer"), HasSubstr("No such file"),
                      HasSubstr("outlive a restart")));
    web_->signal(SIGTERM);
    EXPECT_EQ(web_->wait().status, 0);
    EXPECT_TRUE(std::filesystem::exists(state() / "history"));
    site_.write("state/history", "nonsense");
    start_web();
    EXPECT_THAT(web_->errors(), HasSubstr("counting begins anew"));
    EXPECT_EQ(http_get(operators_, "/status").status, 200);
}

TEST_F(LiveStatus, ServesTheOneSocketThatIsNamed) {
    configure("status = \"127.0.0.1:0\"\n");
    site_.ban("192.0.2.7");
    start_web();
    EXPECT_EQ(visitors_, 0);
    EXPECT_EQ(http_get(operators_, "/status").status, 200);
    EXPECT_EQ(http_get(operators_, "/why/192.0.2.7").status, 404);
    configure("");
    const ProcessResult neither = run({program("ostrakon-web"), "--config", site_.configuration()});
    EXPECT_EQ(neither.status, 1);
    EXPECT_THAT(neither.errors, AllOf(HasSubstr("listen = "), HasSubstr("status = ")));
}

TEST_F(LiveStatus, StandsBehindTheLoginOfTheDocument) {
    if (!WebServer::is_installed()) {
        GTEST_SKIP() << "nginx is not installed";
    }
    site_.ban("192.0.2.7");
    start_web();
    const std::string document =
        read_file(std::filesystem::path(OSTRAKON_SOURCE_DIRECTORY) / "doc" / "web.md");
    const std::string start = "```nginx /etc/nginx/snippets/ostrakon-status.conf\n";
    const std::size_t at = document.find(start);
    ASSERT_NE(at, std::string::npos);
    std::string rules = document.substr(at + start.size());
    rules.resize(rules.find("```"));
    const auto put = [&rules](const std::string& old, const std::string& fresh) {
        const std::size_t found = rules.find(old);
        ASSERT_NE(found, std::string::npos) << old;
        rules.replace(found, old.size(), fresh);
    };
    site_.write("users", "operator:{PLAIN}secret\n");
    put("/etc/nginx/ostrakon.users", (site_.directory() / "users").string());
    put("127.0.0.1:8054", fmt::format("127.0.0.1:{}", operators_));
    const WebServer proxy(rules);
    for (const char* path : {"/status", "/status.json", "/status/style.css", "/status/map.png"}) {
        EXPECT_EQ(http_get(proxy.port(), path).status, 401) << path;
    }
    const std::string login = "Authorization: Basic b3BlcmF0b3I6c2VjcmV0\r\n";  // operator:secret
    EXPECT_EQ(http_get(proxy.port(), "/status", login).status, 200);
    EXPECT_EQ(http_get(proxy.port(), "/status/style.css", login).status, 200);
}

}  // namespace
}  // namespace ostrakon::test
