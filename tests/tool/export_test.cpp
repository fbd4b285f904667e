// `ostrakon export`: what is exported is read again as the same, by import and by real programs.
#include "site.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace ostrakon::test {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

const char* const kZone = "bl.example.org";

std::string text_of(const std::filesystem::path& file) {
    std::ostringstream text;
    text << std::ifstream{file}.rdbuf();
    return text.str();
}

class Export : public testing::Test {
protected:
    void SetUp() override {
        ok({"ban", "192.0.2.0/24", "2001:db8:4::/46", "203.0.113.10-203.0.113.20", "--reason",
            "bad \"spam\", 100 $"});
        ok({"ban", "example.com", "=one.example.net", "*.below.example.net", "user@example.com",
            "--reason", "spam"});
        ok({"ban", "192.0.2.7", "--class", "isp", "--reason", "again"});
        ok({"ban", "rdns:*.adsl.example.net", "--reason", "lines"});
        ok({"allow", "192.0.2.9", "good.example.com", "--reason", "fine"});
    }
    void ok(const std::vector<std::string>& words) {
        const Answer answer = site(words);
        ASSERT_EQ(answer.status, 0) << answer.errors;
    }
    Answer exported(const std::string& format, bool of_zone = true) {
        std::vector<std::string> words{"export", "--format", format};
        if (of_zone) {
            words.insert(words.end(), {"--zone", kZone});
        }
        Answer answer = site(words);
        EXPECT_EQ(answer.status, 0) << answer.errors;
        return answer;
    }
    Site site;
};

TEST_F(Export, OfOwnListingsIsReadAgainAsTheSame) {
    for (const std::string format : {"csv", "json"}) {
        SCOPED_TRACE(format);
        const Answer answer = exported(format, false);
        EXPECT_THAT(answer.output, HasSubstr("rdns:*.adsl.example.net"));
        const auto report =
            site({"import", "-", "--format", format, "--dry-run", "--json", "--yes"}, answer.output)
                .json();
        EXPECT_EQ(report.value("unchanged", 0), 11) << report;
        EXPECT_EQ(report.value("added", -1), 0) << report;
        EXPECT_EQ(report.value("changed", -1), 0) << report;
    }
    const Answer plain = exported("plain", false);
    EXPECT_THAT(plain.output, HasSubstr("\n203.0.113.10-203.0.113.20\n"));
    EXPECT_THAT(plain.output, Not(HasSubstr("good.example.com")));
    EXPECT_THAT(plain.errors, HasSubstr("left out: allows, which this format has no word for (2)"));
}

TEST_F(Export, OfAZoneIsReadAgainAsTheSameLists) {
    Site other;
    for (const std::string format : {"csv", "json"}) {
        SCOPED_TRACE(format);
        const Answer imported =
            other({"import", "-", "--format", format, "--source", "copy", "--replace", "--yes"},
                  exported(format).output);
        ASSERT_EQ(imported.status, 0) << imported.errors;
        for (const std::string query :
             {"192.0.2.1", "192.0.2.7", "192.0.2.9", "203.0.113.20", "203.0.113.21",
              "2001:db8:7::1", "a.example.com", "good.example.com", "one.example.net",
              "a.one.example.net", "below.example.net", "a.below.example.net",
              "user@example.com"}) {
            EXPECT_EQ(other({"why", query}).status, site({"why", query}).status) << query;
        }
    }
    EXPECT_THAT(exported("csv").errors, HasSubstr("left out: own patterns (rdns:) (1)"));
}

TEST_F(Export, AsMasterFileIsLoadedByBind) {
    const auto file = site.path() / "zone";
    ok({"export", "--format", "bind", "--zone", kZone, "--output", file.string()});
    const ProcessResult checked =
        run(ProcessOptions{.arguments = {"/usr/bin/named-checkzone", kZone, file.string()},
                           .environment = {},
                           .input = {}});
    EXPECT_EQ(checked.status, 0) << checked.output << checked.errors;
    const std::string text = text_of(file);
    EXPECT_THAT(text, HasSubstr("\n7.2.0.192\t300\tIN\tA\t127.0.0.4\n"));
    EXPECT_THAT(text, Not(HasSubstr("\n9.2.0.192\t")));
    EXPECT_THAT(text, HasSubstr("bad \\\"spam\\\", 100 $"));
    EXPECT_THAT(text, HasSubstr("\ngood.example.com\t300\tIN\tHINFO\t"));
}

TEST_F(Export, AsPolicyZoneIsLoadedByBind) {
    const auto file = site.path() / "rpz";
    ok({"export", "--format", "rpz", "--zone", kZone, "--output", file.string()});
    const ProcessResult checked = run(
        ProcessOptions{.arguments = {"/usr/bin/named-checkzone", "rpz.example.org", file.string()},
                       .environment = {},
                       .input = {}});
    EXPECT_EQ(checked.status, 0) << checked.output << checked.errors;
    const std::string text = text_of(file);
    EXPECT_THAT(text, HasSubstr("\n46.zz.4.db8.2001.rpz-ip\tCNAME .\n"));
    EXPECT_THAT(text, HasSubstr("\ngood.example.com\tCNAME rpz-passthru.\n"));
    const auto report = site({"import", file.string(), "--format", "rpz", "--source", "copy",
                              "--dry-run", "--json", "--yes"});
    EXPECT_EQ(report.json().value("rejected", -1), 0) << report.output << report.errors;
}

TEST_F(Export, AsTablesSaysWhatTheyCanSay) {
    const Answer cidr = exported("postfix-cidr");
    EXPECT_THAT(cidr.output, HasSubstr("\n192.0.2.8\tREJECT "));
    EXPECT_THAT(cidr.errors, HasSubstr("names and mail addresses, which this format has no place"));
    const Answer access = exported("postfix-access");
    EXPECT_THAT(access.output, HasSubstr("\nuser@example.com\tREJECT "));
    EXPECT_THAT(access.output, HasSubstr("\n.example.com\tREJECT "));
    EXPECT_THAT(access.output, HasSubstr("\ngood.example.com\tDUNNO\n"));
    EXPECT_THAT(access.output, Not(HasSubstr("one.example.net")));
    const Answer nftables = exported("nftables");
    EXPECT_THAT(nftables.output, HasSubstr("192.0.2.0-192.0.2.6,"));
    EXPECT_THAT(nftables.output, HasSubstr("2001:db8:4::/46"));
    const Answer rbldnsd = exported("rbldnsd");
    EXPECT_THAT(rbldnsd.output, HasSubstr("100 $$"));
    const auto report = site(
        {"import", "-", "--format", "rbldnsd", "--source", "copy", "--dry-run", "--json", "--yes"},
        rbldnsd.output);
    EXPECT_EQ(report.json().value("rejected", -1), 0) << report.output << report.errors;
}

TEST_F(Export, ReplacesItsFileInOneStepOrNotAtAll) {
    const auto file = site.write("list", "before");
    EXPECT_EQ(
        site({"export", "--format", "bind", "--zone", "other.example", "--output", file.string()})
            .status,
        2);
    EXPECT_EQ(text_of(file), "before");
    ok({"export", "--format", "csv", "--output", file.string()});
    EXPECT_THAT(text_of(file), StartsWith("subject,"));
    EXPECT_EQ(site({"export", "--format", "bind"}).status, 2);
    EXPECT_EQ(site({"export", "--format", "nonsense"}).status, 2);
}

TEST(ExportTerms, OfFeedsAreKept) {
    const Site site{
        "[[feed]]\nname = \"closed\"\nurl = \"file:///nowhere\"\nformat = \"plain\"\n"
        "terms = \"no copies\"\n"
        "[[feed]]\nname = \"open\"\nurl = \"file:///nowhere\"\nformat = \"plain\"\n"
        "terms = \"say who made it\"\nredistribute = true\nattribution = \"(c) Open Lists\"\n"};
    ASSERT_EQ(site({"import", "-", "--source", "open"}, "198.51.100.7\n").status, 0);
    ASSERT_EQ(site({"import", "-", "--source", "closed"}, "203.0.113.7\n").status, 0);
    const Answer answer = site({"export", "--format", "plain", "--zone", kZone});
    EXPECT_THAT(answer.output, HasSubstr("\n198.51.100.7\n"));
    EXPECT_THAT(answer.output, HasSubstr("\n# open: (c) Open Lists\n"));
    EXPECT_THAT(answer.output, Not(HasSubstr("203.0.113.7")));
    EXPECT_THAT(answer.errors, HasSubstr("feed closed is left out: its terms do not allow"));
    const Answer named =
        site({"export", "--format", "plain", "--zone", kZone, "--source", "closed"});
    EXPECT_THAT(named.output, HasSubstr("203.0.113.7"));
}

}  // namespace
}  // namespace ostrakon::test
