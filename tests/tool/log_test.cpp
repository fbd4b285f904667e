// import of logs: what is taken, and that taking it again changes nothing.
#include "site.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <ctime>

namespace ostrakon::test {
namespace {

using ::testing::HasSubstr;

std::string rfc3339(std::time_t at) {
    std::tm time{};
    gmtime_r(&at, &time);
    char text[32];
    std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &time);
    return text;
}

std::string rejects(std::string_view address, int count) {
    std::string log;
    for (int i = 0; i < count; ++i) {
        log += fmt::format(
            "{} mx1 postfix/smtpd[1]: NOQUEUE: reject: RCPT from unknown[{}]: 554 5.7.1 Service "
            "unavailable; Client host [{}] blocked using bl.example.net; from=<> "
            "to=<a@example.org>\n",
            rfc3339(std::time(nullptr) - 100 + i), address, address);
    }
    return log;
}

TEST(ImportLog, BansWhoWasRejectedOftenEnough) {
    const Site site;
    const std::string log = rejects("192.0.2.7", 5) + rejects("192.0.2.8", 4);
    const Json report = site({"import", "-", "--format", "postfix-log", "--json"}, log).json();
    EXPECT_EQ(report["added"], 1);
    EXPECT_EQ(site({"why", "192.0.2.7"}).status, 0);
    EXPECT_EQ(site({"why", "192.0.2.8"}).status, 1);
    EXPECT_EQ(site({"import", "-", "--threshold", "4", "--within", "5m", "--format", "postfix-log",
                    "--json"},
                   log)
                  .json()["added"],
              1);
    EXPECT_THAT(site({"show", "192.0.2.7"}).output, HasSubstr("blocked using bl.example.net"));
}

TEST(ImportLog, AgainChangesNothing) {
    const Site site;
    const std::string log = rejects("192.0.2.7", 5);
    const std::vector<std::string> import{"import", "-", "--format", "postfix-log", "--json"};
    ASSERT_EQ(site(import, log).json()["added"], 1);
    const Json again = site(import, log).json();
    EXPECT_EQ(again["unchanged"], 1);
    EXPECT_TRUE(again["change"].is_null());
    // Nor does it bring back what was lifted, or undone, since.
    ASSERT_EQ(site({"unban", "192.0.2.7", "--reason", "talked to them"}).status, 0);
    EXPECT_EQ(site(import, log).json()["unchanged"], 1);
    EXPECT_EQ(site({"why", "192.0.2.7"}).status, 1);
    ASSERT_EQ(site({"undo", "1"}).status, 0);
    EXPECT_EQ(site(import, log).json()["unchanged"], 1);
    EXPECT_EQ(site({"why", "192.0.2.7"}).status, 1);
}

TEST(ImportLog, WithoutAnybodyToListIsFine) {
    const Site site;
    ASSERT_EQ(site({"ban", "192.0.2.1", "--reason", "x"}).status, 0);
    const Answer quiet = site({"import", "-", "--format", "postfix-log"}, rejects("192.0.2.7", 1));
    EXPECT_EQ(quiet.status, 0) << quiet.errors;
    EXPECT_EQ(site({"import", "-", "--format", "fail2ban"}, "[]\n").status, 0);
    EXPECT_EQ(site({"import", "-", "--format", "postfix-log"}, "192.0.2.7\n").status, 2);
}

TEST(ImportLog, OptionsAreForLogs) {
    const Site site;
    EXPECT_EQ(site({"import", "-", "--threshold", "3"}, "192.0.2.7\n").status, 2);
    for (const char* const word : {"0", "x", "1001"}) {
        EXPECT_EQ(site({"import", "-", "--format", "postfix-log", "--threshold", word},
                       rejects("192.0.2.7", 1))
                      .status,
                  2)
            << word;
    }
}

}  // namespace
}  // namespace ostrakon::test
