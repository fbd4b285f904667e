// The figures of the running server: they are what was asked, and Prometheus can read them.
#include "support/dns_client.hpp"
#include "support/http_client.hpp"
#include "support/live_site.hpp"
#include "support/process.hpp"
#include "support/temporary_directory.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <sys/stat.h>

#include <filesystem>
#include <optional>
#include <regex>
#include <set>
#include <utility>

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

    std::string metrics() { return http_get(metrics_of(*server_).port, "/metrics").body; }
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

// With a key that is right, one that is mistyped, and one that is revoked.
TEST_F(LiveMetrics, ShowPartnersByTheirNamesAlone) {
    const std::string key = "k2m4n6p8q0r2s4t6u8v0w2x4";
    const std::string mistyped = "k2m4n6p8q0r2s4t6u8v0w2x5";
    const std::string revoked = "z2m4n6p8q0r2s4t6u8v0w2x4";
    site_.write_zone("bl.example.org", "[access]\nkeys_file = \"bl.keys\"\n");
    site_.write("zones/bl.keys", "mailhost " + key + "\nleaver !" + revoked + "\n");
    std::filesystem::permissions(site_.directory() / "zones/bl.keys",
                                 std::filesystem::perms::owner_read);
    ASSERT_THAT(server_->reload(), Not(HasSubstr("serving as before")));
    UdpClient udp(server_->address());
    for (const std::string& each : {key, mistyped, revoked}) {
        udp.ask({.name = "7.2.0.192." + each + ".bl.example.org"});
        udp.ask({.name = "www.example.com." + each + ".bl.example.org"});
        udp.ask({.name = each + ".bl.example.org"});
    }
    const std::string all = metrics() + http_get(control(), "/figures").body;
    for (const std::string& each : {key, mistyped, revoked}) {
        EXPECT_THAT(all, Not(HasSubstr(each)));
    }
    EXPECT_THAT(
        all,
        HasSubstr(
            R"(ostrakon_partner_queries_total{zone="bl.example.org",partner="mailhost",outcome="answered"} 3)"));
    EXPECT_THAT(
        all,
        HasSubstr(
            R"(ostrakon_partner_queries_total{zone="bl.example.org",partner="leaver",outcome="refused"} 3)"));
}

TEST_F(LiveMetrics, CountTransfersByWhatWasAskedFor) {
    site_.write_zone("bl.example.org", "[access]\ntransfer = [\"127.0.0.0/8\"]\n");
    server_->reload();
    const std::string port = std::to_string(server_->address().port);
    for (const char* type : {"AXFR", "AXFR", "IXFR=1"}) {
        const std::size_t said = server_->process().errors().size();
        run({"dig", "@127.0.0.1", "-p", port, "bl.example.org", type});
        ASSERT_TRUE(server_->process().wait_for_errors("transferred", said));
    }
    const std::string text = metrics();
    for (const char* line :
         {R"({type="axfr",result="sent"} 2)", R"({type="ixfr",result="sent"} 1)",
          R"({type="axfr",result="unfinished"} 0)", R"({type="any",result="servfail"} 0)"}) {
        EXPECT_THAT(text, HasSubstr(std::string{"ostrakon_transfers_total"} + line + "\n"));
    }
}

TEST_F(LiveMetrics, CanOnlyBeRead) {
    const ServerAddress address = metrics_of(*server_);
    EXPECT_EQ(http_post(address.port, "/metrics", "").status, 405);
    EXPECT_EQ(http_get(address.port, "/figures").status, 404) << "is for the control socket alone";
    EXPECT_EQ(http_get(address.port, "/").status, 404);
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

std::string source_file(const char* name) {
    return read_file(std::filesystem::path{OSTRAKON_SOURCE_DIRECTORY} / name);
}

// What matches, each once.
std::set<std::string> all_matches(const std::string& text, const char* expression) {
    const std::regex pattern{expression};
    std::set<std::string> found;
    for (std::sregex_iterator at{text.begin(), text.end(), pattern}; at != std::sregex_iterator{};
         ++at) {
        found.insert(at->size() > 1 ? (*at)[1].str() : at->str());
    }
    return found;
}

// The metrics that a text speaks of, by the names of their families.
std::set<std::string> metrics_in(const std::string& text) {
    std::set<std::string> names;
    for (const std::string& name :
         all_matches(text, "\\b(?:ostrakon|process)_[a-z]+_?[a-z_]*[a-z]\\b")) {
        names.insert(std::regex_replace(name, std::regex{"_(bucket|sum|count)$"}, ""));
    }
    return names;
}

TEST_F(LiveMetrics, AreThoseOfDashboardAlertsAndDocument) {
    const std::set<std::string> served = all_matches(metrics(), "# TYPE ([a-z_]+)");
    ASSERT_GT(served.size(), 30U);
    for (const char* file : {"monitoring/dashboard.json", "monitoring/alerts.yml"}) {
        for (const std::string& name : metrics_in(source_file(file))) {
            EXPECT_TRUE(served.contains(name)) << file << " speaks of " << name;
        }
    }
    const std::string document = source_file("doc/metrics.md");
    EXPECT_EQ(all_matches(document, "`((?:ostrakon|process)_[a-z_]+)`"), served);
    EXPECT_EQ(all_matches(document, "`(Ostrakon[A-Z][A-Za-z]+)`"),
              all_matches(source_file("monitoring/alerts.yml"), "alert: ([A-Za-z]+)"));
}

TEST(Monitoring, HasRulesThatDoWhatTheyShould) {
    const std::filesystem::path folder =
        std::filesystem::path{OSTRAKON_SOURCE_DIRECTORY} / "monitoring";
    for (const auto& [what, file] :
         {std::pair{"check", "alerts.yml"}, {"test", "alerts_test.yml"}}) {
        const ProcessResult result = run({"promtool", what, "rules", (folder / file).string()});
        EXPECT_EQ(result.status, 0) << result.output << result.errors;
    }
}

// Each question of the dashboard as a rule, which promtool can read.
TEST(Monitoring, HasADashboardThatPrometheusUnderstands) {
    const auto dashboard = nlohmann::json::parse(source_file("monitoring/dashboard.json"));
    nlohmann::json rules = nlohmann::json::array();
    for (const auto& panel : dashboard.at("panels")) {
        for (const auto& target : panel.at("targets")) {
            rules.push_back(
                {{"record", fmt::format("panel:{}", rules.size())}, {"expr", target.at("expr")}});
        }
    }
    ASSERT_GT(rules.size(), 30U);
    const TemporaryDirectory directory;
    const auto file = directory.write(
        "rules.yml",
        nlohmann::json{{"groups", {{{"name", "dashboard"}, {"rules", rules}}}}}.dump());
    const ProcessResult result = run({"promtool", "check", "rules", file.string()});
    EXPECT_EQ(result.status, 0) << result.output << result.errors;
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
