// The form of scenario files: what is read from them, and which mistakes are told. And that playing
// one can fail.
#include "scenario/runner/in_process_host.hpp"
#include "scenario/runner/play.hpp"
#include "scenario/runner/scenario.hpp"

#include "support/temporary_directory.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest-spi.h>
#include <gtest/gtest.h>
#include <array>

namespace ostrakon::scenario {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::string_view kZone =
    "# A title.\n"
    "== zones/bl.toml\n"
    "origin  = \"bl.example.org\"\n"
    "ns      = [\"ns1.example.org\"]\n"
    "contact = \"hostmaster@example.org\"\n"
    "== then\n";

Scenario parse(std::string_view steps) {
    const auto scenario = parse_scenario(std::string{kZone} + std::string{steps});
    EXPECT_TRUE(scenario) << message(scenario.error());
    return scenario.value_or(Scenario{});
}

template <class T>
T only_step(std::string_view line) {
    const Scenario scenario = parse(line);
    return std::get<T>(scenario.steps.at(0).what);
}

TEST(ScenarioFile, HoldsConfigurationAndSteps) {
    const Scenario scenario = parse("# a comment\n\nwait 2h\nA bl.example.org = NODATA\n");
    EXPECT_EQ(scenario.title, "A title.");
    ASSERT_TRUE(scenario.files.contains("zones/bl.toml"));
    EXPECT_TRUE(scenario.files.at("zones/bl.toml").starts_with("origin  = \"bl.example.org\"\n"));
    ASSERT_EQ(scenario.steps.size(), 2U);
    EXPECT_EQ(scenario.steps[0].line, 9U);
    EXPECT_EQ(std::get<Wait>(scenario.steps[0].what).length.seconds, 7200);
}

TEST(ScenarioFile, ReadsCommandsAsAShellDoes) {
    const auto ban = only_step<Command>(
        "$ ostrakon ban 192.0.2.7 --reason \"say \\\"no\\\", twice\" --for 30d\n");
    EXPECT_THAT(ban.words,
                ElementsAre("ban", "192.0.2.7", "--reason", "say \"no\", twice", "--for", "30d"));
    EXPECT_EQ(ban.exit_status, 0);
    EXPECT_THAT(ban.input, IsEmpty());
    const auto import =
        only_step<Command>("$ ostrakon import - --source x => exit 2\n    192.0.2.7\n    # spam\n");
    EXPECT_THAT(import.words, ElementsAre("import", "-", "--source", "x"));
    EXPECT_EQ(import.exit_status, 2);
    EXPECT_EQ(import.input, "192.0.2.7\n# spam\n");
}

TEST(ScenarioFile, ReadsQuestions) {
    const auto plain = only_step<Exchange>("A 7.2.0.192.bl.example.org = 127.0.0.2").question;
    EXPECT_EQ(plain.name, "7.2.0.192.bl.example.org");
    EXPECT_EQ(plain.edns_payload_bytes, 1232);
    EXPECT_FALSE(plain.over_tcp);
    const auto full =
        only_step<Exchange>(
            "TXT 192.0.2.7 in bl.example.org from 127.0.0.9 over tcp edns none = NODATA")
            .question;
    EXPECT_EQ(full.type, "TXT");
    EXPECT_EQ(full.name, "7.2.0.192.bl.example.org");
    EXPECT_EQ(full.client, net::Address{net::Ipv4{0x7F000009}});
    EXPECT_TRUE(full.over_tcp);
    EXPECT_EQ(full.edns_payload_bytes, std::nullopt);
    EXPECT_EQ(query_name("2001:db8::1", "bl.example.org"),
              "1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.bl.example.org");
    EXPECT_EQ(query_name("Mail.example.com", "bl.example.org"), "Mail.example.com.bl.example.org");
}

TEST(ScenarioFile, ReadsExpectations) {
    const auto expected = [](std::string_view answer) {
        return only_step<Exchange>(fmt::format("A bl.example.org = {}", answer)).expectation;
    };
    EXPECT_THAT(expected("127.0.0.2 127.0.0.4, ttl 300").data,
                ElementsAre("127.0.0.2", "127.0.0.4"));
    EXPECT_EQ(expected("127.0.0.2 127.0.0.4, ttl 300").ttl_s, 300U);
    EXPECT_THAT(expected("\"one = 1, or\" \"NODATA\"").data, ElementsAre("one = 1, or", "NODATA"));
    EXPECT_THAT(expected("\"NODATA\"").data, ElementsAre("NODATA"));
    EXPECT_THAT(expected("NODATA").data, IsEmpty());
    EXPECT_EQ(expected("NODATA").rcode, "NOERROR");
    EXPECT_EQ(expected("NXDOMAIN, soa bl.example.org, ttl 60").rcode, "NXDOMAIN");
    EXPECT_EQ(expected("NXDOMAIN, soa bl.example.org, ttl 60").soa, "bl.example.org");
    EXPECT_EQ(expected("REFUSED, ede 18").extended_error, 18);
    EXPECT_TRUE(expected("TRUNCATED").is_truncated);
}

TEST(ScenarioFile, TellsMistakesWithTheirLine) {
    for (const std::string_view line :
         {"A bl.example.org", "A bl.example.org =", "A = 127.0.0.2", "A x in = NODATA",
          "A x near y = NODATA", "A x edns many = NODATA", "NOTYPE x = NODATA",
          "A x = 127.0.0.2, ttl soon", "A x = 127.0.0.2, ttl", "wait long",
          "$ ostrakon ban \"192.0.2.7", "    indented", "$ ostrakon ban x => exit now"}) {
        const auto scenario = parse_scenario(fmt::format("{}{}\n", kZone, line));
        ASSERT_FALSE(scenario) << line;
        EXPECT_EQ(scenario.error().attempt, "line 7") << line;
    }
    EXPECT_FALSE(parse_scenario("# no configuration\n== then\nwait 1h\n"));
    EXPECT_FALSE(parse_scenario(kZone));
    EXPECT_FALSE(parse_scenario("something\n"));
}

// How many failures playing these steps reports.
int failures(std::string_view steps) {
    const test::TemporaryDirectory directory;
    const auto file = directory.write("x.scenario", std::string{kZone} + std::string{steps});
    testing::TestPartResultArray reported;
    {
        const testing::ScopedFakeTestPartResultReporter reporter{
            testing::ScopedFakeTestPartResultReporter::INTERCEPT_ONLY_CURRENT_THREAD, &reported};
        InProcessHost host;
        play(file, host);
    }
    return reported.size();
}

TEST(ScenarioPlay, ReportsWhatIsNotAsTheScenarioSays) {
    const std::string ban = "$ ostrakon ban 192.0.2.7 --reason spam\n";
    EXPECT_EQ(failures(ban + "A 192.0.2.7 in bl.example.org = 127.0.0.2, ttl 300"), 0);
    for (const char* const wrong :
         {"A 192.0.2.7 in bl.example.org = 127.0.0.3",
          "A 192.0.2.7 in bl.example.org = 127.0.0.2 127.0.0.3",
          "A 192.0.2.7 in bl.example.org = 127.0.0.2, ttl 299",
          "A 192.0.2.7 in bl.example.org = NXDOMAIN", "A 192.0.2.7 in bl.example.org = NODATA",
          "TXT 192.0.2.7 in bl.example.org = \"spam\"", "A 192.0.2.8 in bl.example.org = 127.0.0.2",
          "A 192.0.2.8 in bl.example.org = NODATA",
          "A 192.0.2.8 in bl.example.org = NXDOMAIN, ttl 61",
          "A 192.0.2.8 in bl.example.org = NXDOMAIN, soa example.org",
          "A 192.0.2.8 in bl.example.org = REFUSED", "A 192.0.2.8 in bl.example.org = TRUNCATED",
          "A 192.0.2.7 in other.example.net = NXDOMAIN",
          "A 192.0.2.7 in other.example.net = REFUSED, ede 18",
          "SOA bl.example.org = ns1.example.org. hostmaster.example.org. * 3600 900 2592000 61",
          "$ ostrakon ban 192.0.2.9 --reason spam => exit 3",
          "$ ostrakon ban 10.0.0.1 --reason spam"}) {
        EXPECT_GT(failures(ban + wrong), 0) << wrong;
    }
}

}  // namespace
}  // namespace ostrakon::scenario
