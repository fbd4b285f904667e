// request notify: who gets which mail, when none goes out, and what strangers can put into it.
#include "site.hpp"

#include <sys/stat.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

namespace ostrakon::test {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

/// A site whose sendmail writes down what it was given.
class NotifiedSite {
public:
    explicit NotifiedSite(const std::string& web = "notify = \"postmaster@example.org\"\n",
                          const std::string& script =
                              "printf '%s\\n' \"$@\" > \"$0.words\"\n"
                              "cat > \"$0.mail\"\n")
        : site_("[web]\nsendmail = \"sendmail\"\n" + web) {
        const auto program = site_.write("sendmail", "#!/bin/sh\n" + script);
        ::chmod(program.c_str(), 0700);
        EXPECT_EQ(site_({"ban", "192.0.2.0/24", "--reason", "spam"}).status, 0);
    }

    Answer ask_removal(const std::string& subject, const std::string& contact = "a@example.com",
                       const std::string& evidence = "relay closed") const {
        return site_({"request", "add", subject, "--kind", "removal", "--contact", contact,
                      "--evidence", evidence});
    }
    Answer notify() const { return site_({"request", "notify"}); }
    std::string words() const { return written("sendmail.words"); }
    std::string mail() const { return written("sendmail.mail"); }
    const Site& site() const { return site_; }

private:
    std::string written(const std::string& name) const {
        std::ifstream file(site_.path() / name);
        std::string text{std::istreambuf_iterator<char>(file), {}};
        std::filesystem::remove(site_.path() / name);
        return text;
    }
    Site site_;
};

TEST(RequestNotify, SendsOneMailAboutAllThatIsNew) {
    const NotifiedSite site;
    ASSERT_EQ(site.ask_removal("192.0.2.7").status, 0);
    ASSERT_EQ(site.ask_removal("192.0.2.8", "b@example.com").status, 0);
    const Answer told = site.notify();
    EXPECT_EQ(told.status, 0) << told.errors;
    EXPECT_EQ(told.output, "mail about 2 of 2 open requests went to postmaster@example.org\n");
    EXPECT_EQ(site.words(), "-i\n-f\npostmaster@example.org\n--\npostmaster@example.org\n");
    EXPECT_THAT(
        site.mail(),
        AllOf(StartsWith("From: Ostrakon <postmaster@example.org>\nTo: postmaster@example.org\n"
                         "Subject: 2 new requests (ostrakon)\nDate: "),
              HasSubstr("\nAuto-Submitted: auto-generated\n"),
              HasSubstr("Request 1: removal of 192.0.2.7\n"), HasSubstr("  > relay closed\n"),
              HasSubstr("ostrakon request accept 2 --reason"), HasSubstr("b@example.com")));
}

TEST(RequestNotify, TellsOfEachOnce) {
    const NotifiedSite site;
    EXPECT_EQ(site.notify().output, "no request is new\n");
    EXPECT_THAT(site.mail(), IsEmpty());
    ASSERT_EQ(site.ask_removal("192.0.2.7").status, 0);
    ASSERT_EQ(site.notify().status, 0);
    EXPECT_THAT(site.mail(), HasSubstr("Request 1:"));
    EXPECT_EQ(site.notify().output, "no request is new\n");
    EXPECT_THAT(site.mail(), IsEmpty());
    ASSERT_EQ(site.ask_removal("192.0.2.8").status, 0);
    const Json told = site.site()({"request", "notify", "--json"}).json();
    EXPECT_THAT(told["told"], ElementsAre(2));
    EXPECT_EQ(told["open"], 2);
    EXPECT_THAT(site.mail(), AllOf(HasSubstr("1 new request came in. 2 are open"),
                                   Not(HasSubstr("Request 1:")), HasSubstr("Request 2:")));
}

TEST(RequestNotify, SaysNothingOfWhatWasDecidedMeanwhile) {
    const NotifiedSite site;
    ASSERT_EQ(site.ask_removal("192.0.2.7").status, 0);
    ASSERT_EQ(site.site()({"request", "decline", "1", "--reason", "no"}).status, 0);
    EXPECT_EQ(site.notify().output, "no request is new\n");
}

TEST(RequestNotify, TriesAgainWhereTheMailDidNotGoOut) {
    const NotifiedSite site{"notify = \"postmaster@example.org\"\n",
                            "test -e \"$0.well\" && exec cat > \"$0.mail\"\n"
                            "echo 'queue is full' >&2; exit 75\n"};
    ASSERT_EQ(site.ask_removal("192.0.2.7").status, 0);
    const Answer failed = site.notify();
    EXPECT_NE(failed.status, 0);
    EXPECT_THAT(failed.errors, AllOf(HasSubstr("it ended with 75: queue is full"),
                                     HasSubstr("the next run tries again")));
    site.site().write("sendmail.well", "");
    EXPECT_EQ(site.notify().status, 0);
    EXPECT_THAT(site.mail(), HasSubstr("Request 1:"));
}

TEST(RequestNotify, HoldsWhatStrangersWriteToItsLines) {
    const NotifiedSite site{
        "notify = \"postmaster@example.org\"\n"
        "notify_from = \"ostrakon@example.org\"\n"};
    ASSERT_EQ(site.ask_removal("192.0.2.7", "a@example.com\nBcc: c@example.com\x1b[2J",
                               "line\n.\nBcc: d@example.com\r\n\xE2\x80\xAE"
                               "reversed\n1\n2\n3\n4\n")
                  .status,
              0);
    EXPECT_EQ(site.notify().status, 0);
    EXPECT_EQ(site.words(), "-i\n-f\nostrakon@example.org\n--\npostmaster@example.org\n");
    const std::string mail = site.mail();
    EXPECT_THAT(mail, Not(HasSubstr("\nBcc:")));
    EXPECT_THAT(mail, Not(HasSubstr("\n.\n")));
    EXPECT_THAT(mail, Not(HasSubstr("\x1b")));
    EXPECT_THAT(mail, Not(HasSubstr("\xE2\x80\xAE")));
    EXPECT_THAT(mail, AllOf(HasSubstr("  > .\n"), HasSubstr("  > …\n"), Not(HasSubstr("> 4\n"))));
}

TEST(RequestNotify, DescribesTwentyAndCountsTheRest) {
    const NotifiedSite site;
    for (int host = 1; host <= 22; ++host) {
        ASSERT_EQ(site.ask_removal("192.0.2." + std::to_string(host)).status, 0);
    }
    EXPECT_EQ(site.notify().status, 0);
    EXPECT_THAT(site.mail(), AllOf(HasSubstr("Request 20:"), Not(HasSubstr("Request 21:")),
                                   HasSubstr("2 more: `ostrakon request list`")));
    EXPECT_EQ(site.notify().output, "no request is new\n");
}

TEST(RequestNotify, NeedsSomebodyToTellAndAProgramThatSends) {
    const NotifiedSite nobody{""};
    EXPECT_EQ(nobody.notify().status, 2);
    EXPECT_THAT(nobody.notify().errors, HasSubstr("write notify = "));
    const NotifiedSite without{"notify = \"a@example.org\"\n"};
    ASSERT_EQ(without.ask_removal("192.0.2.7").status, 0);
    std::filesystem::remove(without.site().path() / "sendmail");
    EXPECT_THAT(without.notify().errors, HasSubstr("it cannot be started"));
}

}  // namespace
}  // namespace ostrakon::test
