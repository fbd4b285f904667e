// The figures of the running server: they are what was asked, and Prometheus can read them.
#include "support/dns_client.hpp"
#include "support/http_get.hpp"
#include "support/live_site.hpp"
#include "support/process.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <sys/stat.h>

#include <regex>

namespace ostrakon::test {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr const char* kListen = "[metrics]\nlisten = \"127.0.0.1:0\"\n";

// Where the server says that its metrics are.
ServerAddress metrics_of(LiveServer& server) {
    const std::string said = server.process().errors();
    std::smatch found;
    const bool has_said =
        std::regex_search(said, found, std::regex{"metrics on http://127.0.0.1:([0-9]+)/metrics"});
    EXPECT_TRUE(has_said) << said;
    return {.address = "127.0.0.1",
            .port = static_cast<std::uint16_t>(has_said ? std::stoi(found[1]) : 0)};
}

void ask_some(const LiveServer& server) {
    UdpClient udp(server.address());
    for (int i = 0; i < 3; ++i) {
        udp.ask({.name = "7.2.0.192.bl.example.org"});
    }
    udp.ask({.name = "8.2.0.192.bl.example.org"});
    udp.ask({.name = "7.2.0.192.bl.example.org", .type = "TXT"});
    udp.ask({.name = "192.bl.example.org"});
    udp.ask({.name = "elsewhere.example.net"});
    TcpClient tcp(server.address());
    tcp.ask({.name = "bl.example.org", .type = "SOA"});
}

class LiveMetrics : public testing::Test {
protected:
    LiveMetrics() {
        site_.configure({.server = "control = \"control\"\nthreads = 2\n", .more = kListen});
        site_.ban("192.0.2.7");
        server_.emplace(site_);
    }

    std::string metrics() { return http_get(metrics_of(*server_), "/metrics").body; }
    nlohmann::json figures() { return nlohmann::json::parse(http_get(control(), "/figures").body); }
    std::filesystem::path control() const { return site_.directory() / "control"; }

    LiveSite site_;
    std::optional<LiveServer> server_;
};

TEST_F(LiveMetrics, SayWhatWasAsked) {
    ask_some(*server_);
    const std::string text = metrics();
    for (
        const char* line : {
            R"(ostrakon_queries_total{zone="bl.example.org",type="A",transport="udp",outcome="listed"} 3)",
            R"(ostrakon_queries_total{zone="bl.example.org",type="A",transport="udp",outcome="not_listed"} 1)",
            R"(ostrakon_queries_total{zone="bl.example.org",type="A",transport="udp",outcome="nodata"} 1)",
            R"(ostrakon_queries_total{zone="bl.example.org",type="TXT",transport="udp",outcome="listed"} 1)",
            R"(ostrakon_queries_total{zone="bl.example.org",type="SOA",transport="tcp",outcome="zone_data"} 1)",
            R"(ostrakon_queries_total{zone="",type="A",transport="udp",outcome="refused"} 1)",
            R"(ostrakon_listed_answers_total{source="own",class="ip"} 4)",
            R"(ostrakon_udp_received_total 7)",
            R"(ostrakon_udp_sent_total 7)",
            R"(ostrakon_udp_answer_seconds_count 7)",
            R"(ostrakon_tcp_connections_total{result="accepted"} 1)",
            R"(ostrakon_database_up 1)",
            R"(ostrakon_workers 2)",
            R"(ostrakon_configuration_last_reload_successful 1)",
        }) {
        EXPECT_THAT(text, HasSubstr(std::string{line} + "\n"));
    }
}

TEST_F(LiveMetrics, AreInPrometheusFormat) {
    ask_some(*server_);
    const ProcessResult checked = run({"promtool", "check", "metrics"}, metrics());
    EXPECT_EQ(checked.status, 0) << checked.output << checked.errors;
    EXPECT_EQ(checked.output + checked.errors, "");
}

TEST_F(LiveMetrics, AreTheSameOverTheControlSocketAndSayWhoAsksMost) {
    ask_some(*server_);
    const nlohmann::json all = figures();
    std::uint64_t listed = 0;
    for (const auto& each : all.at("queries")) {
        listed += each.at("outcome") == "listed" ? each.at("count").get<std::uint64_t>() : 0;
    }
    EXPECT_EQ(listed, 4);
    EXPECT_EQ(all.at("udp").at("received"), 7);
    // Each query came alone, so that each was looked at.
    EXPECT_EQ(all.at("top").at("subjects").at(0).at("subject"), "192.0.2.7");
    EXPECT_EQ(all.at("top").at("subjects").at(0).at("zone"), "bl.example.org");
    EXPECT_EQ(all.at("top").at("subjects").at(0).at("queries"), 4);
    EXPECT_EQ(all.at("top").at("subjects").at(0).at("listed"), true);
    EXPECT_EQ(all.at("top").at("clients").at(0).at("client"), "127.0.0.1");
    EXPECT_EQ(all.at("top").at("clients").at(0).at("queries"), 8);
}

TEST_F(LiveMetrics, ShowNoClientsToWhoMayNotSeeThem) {
    site_.configure({.server = "control = \"control\"\nthreads = 2\n",
                     .more = std::string{kListen} + "[log]\nqueries_client = \"network\"\n"});
    server_->reload();
    ask_some(*server_);
    EXPECT_EQ(figures().at("top").at("clients").at(0).at("client"), "127.0.0.0/24");
    EXPECT_THAT(metrics(), Not(HasSubstr("127.0.0.")));
}

TEST_F(LiveMetrics, CanOnlyBeRead) {
    const ServerAddress address = metrics_of(*server_);
    EXPECT_EQ(http_get(address, "/metrics", "POST").status, 405);
    EXPECT_EQ(http_get(address, "/figures").status, 404) << "is for the control socket alone";
    EXPECT_EQ(http_get(address, "/").status, 404);
    EXPECT_EQ(http_get(control(), "/metrics").status, 200);
}

TEST_F(LiveMetrics, TellWhenAReloadHasFailed) {
    site_.write("zones/broken.toml", "origin = 7\n");
    server_->reload();
    EXPECT_EQ(figures().at("configuration_current"), false);
}

TEST_F(LiveMetrics, LeaveNoSocketBehind) {
    struct stat found {};
    ASSERT_EQ(::stat(control().c_str(), &found), 0);
    EXPECT_EQ(found.st_mode & 0777U, 0660U);
    EXPECT_EQ(server_->stop().status, 0);
    EXPECT_NE(::stat(control().c_str(), &found), 0);
}

TEST(LiveControlSocket, ThatIsNamedIsNeeded) {
    LiveSite site;
    site.configure({.server = "control = \"nowhere/control\"\n"});
    const ProcessResult started =
        run({program("ostrakond").string(), "--config", site.configuration().string()});
    EXPECT_EQ(started.status, 1);
    EXPECT_THAT(started.errors, HasSubstr("nowhere/control"));
    EXPECT_THAT(started.errors, HasSubstr("its directory must exist"));
}

}  // namespace
}  // namespace ostrakon::test
