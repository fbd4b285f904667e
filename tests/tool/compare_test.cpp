// `ostrakon compare` with servers that answer too much, wrongly or not at all, and with logs that
// hold something else.
#include "site.hpp"
#include "support/nameserver.hpp"
#include "support/unreliable_resolver.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ostrakon::test {
namespace {

using ::testing::HasSubstr;

constexpr std::string_view kListed = "7.2.0.192.bl.example.org";

Answer compare(const Site& site, const std::string& log, const std::string& server,
               const std::vector<std::string>& more = {}) {
    std::vector<std::string> words{"compare", "-", "--against", server};
    words.insert(words.end(), more.begin(), more.end());
    return site(words, log);
}

class CompareCommand : public testing::Test {
protected:
    CompareCommand() { EXPECT_EQ(site_({"ban", "192.0.2.7", "--reason", "Spam"}).status, 0); }
    Site site_;
};

TEST_F(CompareCommand, BelievesNoAnswerButTheServersOwn) {
    const Nameserver nameserver{{fmt::format("{} A 127.0.0.2", kListed)}};
    std::map<std::string, Fault> faults{{"silence.bl.example.org", Fault::Silence},
                                        {"garbage.bl.example.org", Fault::Garbage},
                                        {"id.bl.example.org", Fault::WrongId},
                                        {"name.bl.example.org", Fault::WrongQuestion},
                                        {"source.bl.example.org", Fault::WrongSource}};
    std::string log = std::string{kListed} + "\nrefused.bl.example.org\nbroken.bl.example.org\n";
    for (const auto& [name, fault] : faults) {
        log += name + "\n";
    }
    faults.insert(
        {{"refused.bl.example.org", Fault::Refused}, {"broken.bl.example.org", Fault::ServFail}});
    const UnreliableResolver resolver{nameserver.address(), faults};
    const Answer found = compare(site_, log, resolver.endpoint(), {"--json"});
    EXPECT_EQ(found.status, 1) << found.errors;
    const Json json = found.json();
    EXPECT_EQ(json["questions"], 8);
    EXPECT_EQ(json["unanswered"], 5) << found.output;
    EXPECT_EQ(json["kinds"]["failure"], 2);
    EXPECT_EQ(json["equal"], 1);
    EXPECT_EQ(resolver.asked("silence.bl.example.org"), 3U);
    EXPECT_EQ(resolver.asked("refused.bl.example.org"), 1U);
    EXPECT_THAT(
        compare(site_, "silence.bl.example.org\n" + std::string{kListed}, resolver.endpoint())
            .output,
        HasSubstr("unanswered           1: silence.bl.example.org A\n"));
}

TEST_F(CompareCommand, AsksOverTcpForWhatDoesNotFit) {
    std::vector<std::string> records;
    for (int i = 2; i < 202; ++i) {
        records.push_back(fmt::format("{} A 127.0.0.{}", kListed, i));
    }
    const Nameserver nameserver{records};
    const Answer found = compare(site_, std::string{kListed}, nameserver.endpoint(), {"--json"});
    EXPECT_EQ(found.status, 1) << found.errors;
    ASSERT_EQ(found.json()["differences"].size(), 1U) << found.output;
    EXPECT_EQ(found.json()["differences"][0]["theirs"]["codes"].size(), 200U);
    EXPECT_EQ(found.json()["differences"][0]["theirs"]["codes"][199], "127.0.0.201");
}

TEST_F(CompareCommand, SaysThatNobodyAnswers) {
    const Nameserver nameserver;
    const UnreliableResolver silent{nameserver.address(), {{std::string{kListed}, Fault::Silence}}};
    const Answer found = compare(site_, std::string{kListed}, silent.endpoint(), {"--json"});
    EXPECT_EQ(found.status, 4);
    EXPECT_EQ(found.output, "");
    EXPECT_THAT(found.errors, HasSubstr("ask " + silent.endpoint() + ": no answer comes"));
}

TEST_F(CompareCommand, LeavesOutWhatItCannotCompare) {
    const Nameserver nameserver{{fmt::format("{} A 127.0.0.2", kListed)}};
    const Answer found = compare(
        site_,
        fmt::format("{0}\nthis is no query\n7.2.0.192.other.example\n{0} ANY\n{0}\n", kListed),
        nameserver.endpoint());
    EXPECT_EQ(found.status, 0) << found.errors << found.output;
    EXPECT_THAT(found.output, HasSubstr("1 question of 5 lines"));
    EXPECT_THAT(found.errors, HasSubstr("1 line is no query, left out"));
    EXPECT_THAT(found.errors, HasSubstr("no zone here has other.example: asked 1 time, left out"));
    EXPECT_THAT(found.errors, HasSubstr("1 query is of another class"));
}

TEST_F(CompareCommand, AsksAsOneWhomTheZoneLetsIn) {
    const Nameserver nameserver{{fmt::format("{} A 127.0.0.2", kListed)}};
    site_.write_zone("bl.example.org", "[access]\nquery = [\"198.51.100.0/24\"]\n");
    const Answer found = compare(site_, std::string{kListed}, nameserver.endpoint());
    EXPECT_EQ(found.status, 0) << found.errors << found.output;
}

TEST_F(CompareCommand, RefusesWhatItCannotRead) {
    const Site& site = site_;
    EXPECT_EQ(site({"compare", "/nonexistent/log", "--against", "127.0.0.1:53"}).status, 2);
    const Answer directory = site({"compare", site.path().string(), "--against", "127.0.0.1:53"});
    EXPECT_EQ(directory.status, 2);
    EXPECT_THAT(directory.errors, HasSubstr("Is a directory"));
    const Answer empty = compare(site, "nothing to see here\n", "127.0.0.1:53");
    EXPECT_EQ(empty.status, 2);
    EXPECT_THAT(empty.errors, HasSubstr("there is no query in it"));
    EXPECT_THAT(compare(site, "x.other.example\n", "127.0.0.1:53").errors,
                HasSubstr("no query in it is for a zone of ours"));
    EXPECT_THAT(compare(site, "x\n", "ns1.example.net").errors,
                HasSubstr("is no server with a port"));
    EXPECT_EQ(compare(site, "x\n", "127.0.0.1:53", {"--rate", "0"}).status, 2);
    EXPECT_EQ(compare(site, "x\n", "127.0.0.1:53", {"--rate", "1000001"}).status, 2);
}

}  // namespace
}  // namespace ostrakon::test
