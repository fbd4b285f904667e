// When `pull` asks a publisher, what it prints, and what it leaves alone.
#include "pull/feed_site.hpp"
#include "support/rude_web_server.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <future>

namespace ostrakon::test {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::MatchesRegex;
using ::testing::Not;

constexpr const char* kTime = "[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z";

// Keys of INTERFACE that scripts rely on, with the kinds of their values.
void expect_report(const Json& report) {
    EXPECT_TRUE(report["name"].is_string()) << report;
    EXPECT_THAT((std::vector<std::string>{"updated", "unchanged", "not due", "held", "failed"}),
                ::testing::Contains(report["result"].get<std::string>()));
    EXPECT_TRUE(report["change"].is_null() || report["change"].is_number_unsigned()) << report;
    EXPECT_TRUE(report["added"].is_number_unsigned()) << report;
    EXPECT_TRUE(report["removed"].is_number_unsigned()) << report;
    EXPECT_TRUE(report["message"].is_string()) << report;
}

void expect_row(const Json& row) {
    EXPECT_TRUE(row["name"].is_string()) << row;
    EXPECT_THAT((std::vector<std::string>{"fresh", "stale", "held", "failing", "never", "local"}),
                ::testing::Contains(row["state"].get<std::string>()));
    EXPECT_TRUE(row["entries"].is_number_unsigned()) << row;
    for (const char* const time : {"last_success", "next"}) {
        EXPECT_TRUE(row[time].is_null() || row[time].is_string()) << row;
        if (row[time].is_string()) {
            EXPECT_THAT(row[time].get<std::string>(), MatchesRegex(kTime));
        }
    }
    EXPECT_TRUE(row["message"].is_string()) << row;
}

TEST(Due, Rule01NothingIsAskedBeforeItsTime) {
    FeedSite site;
    site.configure({site.publish("192.0.2.1\n")});
    EXPECT_EQ(site.pull()["result"], "updated");
    site.publish("192.0.2.1\n192.0.2.2\n");
    const Json second = site.pull();
    EXPECT_EQ(second["result"], "not due");
    EXPECT_EQ(second["change"], nullptr);
    EXPECT_FALSE(site.answers("192.0.2.2"));
    EXPECT_EQ(site.pull({kFeed})["result"], "not due");
    EXPECT_EQ(site.pull_again()["result"], "updated");
    EXPECT_TRUE(site.answers("192.0.2.2"));
}

TEST(Due, Rule01ThePublishersFloorHoldsForForceToo) {
    FeedSite site;
    site.files().write("feeds.toml", R"([[feed]]
name = "list"
title = "A list"
format = "plain"
terms = "CC0"
every = "12h"
every_least = "1h"
)");
    site.configure({site.publish("192.0.2.1\n")});
    EXPECT_EQ(site.pull()["result"], "updated");
    site.publish("192.0.2.1\n192.0.2.2\n");
    const Json early = site.pull_again();
    EXPECT_EQ(early["result"], "not due");
    EXPECT_THAT(message_in(early), AllOf(HasSubstr("1h"), HasSubstr("--i-know")));
    EXPECT_EQ(site.pull({"--force", "--i-know", kFeed})["result"], "updated");
}

TEST(Due, Rule19OneLineAFeedForPeopleAndOneDocumentForPrograms) {
    FeedSite site;
    site.configure({site.publish("192.0.2.1\n", "published/good")}, "good");
    site.configure({"file:///nowhere/list"}, "missing");
    site.configure({site.publish("<html>\n", "published/odd")}, "odd");
    const Answer first = site({"pull"});
    EXPECT_EQ(first.status, 1);
    EXPECT_THAT(first.output, AllOf(HasSubstr("good: updated: 1 entries, 1 added"),
                                    HasSubstr("missing: failed: "), HasSubstr("odd: held: ")));
    EXPECT_EQ(std::count(first.output.begin(), first.output.end(), '\n'), 3);
    EXPECT_THAT(first.errors, Not(HasSubstr("\r")));  // no progress bar where nobody looks
    const Answer second = site({"pull", "--json"});
    EXPECT_EQ(second.status, 0);  // nothing of it was due
    EXPECT_EQ(second.json().size(), 3U);
    for (const Json& report : second.json()) {
        expect_report(report);
        EXPECT_EQ(report["result"], "not due");
    }
    const Answer again = site({"pull", "--json", "--force", "good", "missing", "odd"});
    EXPECT_EQ(again.status, 1);
    for (const Json& report : again.json()) {
        expect_report(report);
    }
    EXPECT_EQ(site({"pull", "--force", "good"}).status, 0);
    EXPECT_EQ(site({"pull", "--quiet", "--force", "good"}).output, "");
    EXPECT_THAT(site({"pull", "--quiet", "--force", "missing"}).output, HasSubstr("failed"));
    const Json rows = site({"feeds", "--json"}).json();
    ASSERT_EQ(rows.size(), 3U);
    for (const Json& row : rows) {
        expect_row(row);
    }
    EXPECT_EQ(site.row("good")["state"], "fresh");
    EXPECT_EQ(site.row("missing")["state"], "failing");
    EXPECT_EQ(site.row("odd")["state"], "held");
    EXPECT_EQ(site({"feeds"}).status, 0);
}

TEST(Due, Rule19WrongUsageChangesNothing) {
    FeedSite site;
    site.configure({site.publish("192.0.2.1\n")});
    for (const std::vector<std::string>& words :
         {std::vector<std::string>{"pull", "--force", "--json"},
          {"pull", "other", "--json"},
          {"pull", "--force", kFeed, "other", "--json"},
          {"feeds", "accept", "other", "--json"},
          {"feeds", "rollback", "--json"}}) {
        const Answer answer = site(words);
        EXPECT_EQ(answer.status, 2) << words.back() << answer.errors;
        EXPECT_EQ(answer.output, "");
        EXPECT_NE(answer.errors, "");
    }
    EXPECT_EQ(site.row()["state"], "never");
    EXPECT_EQ(site.row()["last_success"], nullptr);
}

TEST(Due, Rule19WithoutFeedsThereIsNothingToDo) {
    const FeedSite site;
    for (const char* const command : {"pull", "feeds"}) {
        const Answer answer = site({command, "--json"});
        EXPECT_EQ(answer.status, 0) << answer.errors;
        EXPECT_EQ(answer.json(), Json::array());
    }
}

TEST(Due, Rule19DryRunChangesNothing) {
    FeedSite site;
    site.configure({site.publish("192.0.2.1\n192.0.2.2\n")});
    const Json first = site.pull({"--dry-run"});
    EXPECT_EQ(first["result"], "updated");
    EXPECT_EQ(first["added"], 2);
    EXPECT_EQ(first["change"], nullptr);
    EXPECT_EQ(site.row()["entries"], 0);
    EXPECT_EQ(site.row()["state"], "never");
    EXPECT_EQ(message_in(site.row()), "");
    EXPECT_FALSE(site.answers("192.0.2.1"));
    EXPECT_TRUE(site.stray_files().empty());
    // The real one is as due as it was.
    EXPECT_EQ(site.pull()["result"], "updated");
    site.publish("192.0.2.2\n192.0.2.3\n192.0.2.4\n");
    const Json before = site.row();
    const Json second = site.pull({"--dry-run", "--force", kFeed});
    EXPECT_EQ(second["added"], 2);
    EXPECT_EQ(second["removed"], 1);
    site.publish("<html>\n");
    EXPECT_EQ(site.pull({"--dry-run", "--force", kFeed})["result"], "held");
    std::filesystem::remove(site.files().directory() / "published/list");
    EXPECT_EQ(site.pull({"--dry-run", "--force", kFeed})["result"], "failed");
    Json after = site.row();
    after["last_try"] = before["last_try"];  // that it was asked, its publisher will remember
    EXPECT_EQ(after, before);
    EXPECT_TRUE(site.answers("192.0.2.1"));
    EXPECT_FALSE(site.answers("192.0.2.3"));
    EXPECT_TRUE(site.stray_files().empty());
}

TEST(Due, AnotherUrlBeginsAnew) {
    FeedSite site;
    site.configure({site.publish("192.0.2.1\n")});
    EXPECT_EQ(site.pull()["result"], "updated");
    site.configure({site.publish("192.0.2.2\n192.0.2.3\n", "published/elsewhere")});
    EXPECT_EQ(site.pull()["result"], "updated");
    EXPECT_TRUE(site.answers("192.0.2.2"));
    EXPECT_FALSE(site.answers("192.0.2.1"));
    EXPECT_EQ(site.pull()["result"], "not due");
}

TEST(Due, AnotherFormatBeginsAnew) {
    FeedSite site;
    const std::string url = site.publish("127.0.0.1 ads.example.com\n0.0.0.0 www.example.net\n");
    site.configure({url, "domains"});
    EXPECT_EQ(site.pull()["result"], "held");
    // The publisher has nothing newer; it is read as what it is all the same.
    site.configure({url, "hosts"});
    EXPECT_EQ(site.pull()["result"], "updated");
    EXPECT_TRUE(site.answers_name("ads.example.com"));
    site.configure({site.publish("ads.example.com\nwww.example.org\n"), "domains"});
    EXPECT_EQ(site.pull()["result"], "updated");
    EXPECT_TRUE(site.answers_name("www.example.org"));
}

TEST(Due, AnotherFormatIsNoReasonToAskAllTheTime) {
    FeedSite site;
    const std::string url = site.publish("192.0.2.1\n");
    site.configure({url});
    EXPECT_EQ(site.pull()["result"], "updated");
    std::filesystem::remove(site.files().directory() / "published/list");
    site.configure({url, "iplist"});
    EXPECT_EQ(site.pull()["result"], "failed");
    EXPECT_EQ(site.pull()["result"], "not due");
    EXPECT_TRUE(site.answers("192.0.2.1"));
}

TEST(Due, WhatIsNoLongerConfiguredIsNotServed) {
    FeedSite site;
    const std::string url = site.publish("192.0.2.1\n");
    site.configure({url});
    EXPECT_EQ(site.pull()["result"], "updated");
    EXPECT_TRUE(site.answers("192.0.2.1"));
    site.unconfigure();
    EXPECT_EQ(site({"pull"}).status, 0);
    EXPECT_FALSE(site.answers("192.0.2.1"));
    EXPECT_EQ(site({"pull", kFeed}).status, 2);
    EXPECT_THAT(message_in(site.row()), HasSubstr("no longer configured"));
    site.configure({url});
    EXPECT_EQ(site.pull_again()["result"], "unchanged");
    EXPECT_TRUE(site.answers("192.0.2.1"));
}

// A publisher that answers when the test says so.
class SlowPublisher {
public:
    SlowPublisher()
        : server_([this](const RudeWebServer::Client& client) {
              if (!was_asked_) {
                  was_asked_ = true;
                  asked_.set_value();
              }
              may_answer_.wait();
              client.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n192.0.2.1\n");
          }) {}
    ~SlowPublisher() { answer(); }
    SlowPublisher(const SlowPublisher&) = delete;
    SlowPublisher& operator=(const SlowPublisher&) = delete;

    std::string url() const { return server_.url("/list"); }
    // False when nobody asks in time.
    bool is_asked() { return asked_.get_future().wait_for(kPatience) == std::future_status::ready; }
    void answer() {
        if (!has_answered_) {
            has_answered_ = true;
            answer_.set_value();
        }
    }
    std::size_t requests() const { return server_.requests().size(); }

private:
    std::promise<void> asked_, answer_;
    std::shared_future<void> may_answer_ = answer_.get_future().share();
    bool was_asked_ = false;
    bool has_answered_ = false;
    RudeWebServer server_;
};

TEST(Due, Rule01OnePullAtATime) {
    FeedSite site;
    SlowPublisher publisher;
    site.configure({publisher.url()});
    Process first(site.tool({"pull"}));
    ASSERT_TRUE(publisher.is_asked());
    const Answer impatient = site({"pull", "--wait", "0s", "--json"});
    EXPECT_EQ(impatient.status, 4);
    EXPECT_EQ(impatient.output, "");
    EXPECT_THAT(impatient.errors, HasSubstr(std::to_string(first.pid())));
    Process patient(site.tool({"pull"}));
    ASSERT_TRUE(patient.wait_for_errors("wait"));
    publisher.answer();
    EXPECT_EQ(first.wait().status, 0) << first.errors();
    const ProcessResult second = patient.wait();
    EXPECT_EQ(second.status, 0) << second.errors;
    EXPECT_THAT(second.output, HasSubstr("not due"));
    EXPECT_EQ(publisher.requests(), 1U);
    EXPECT_TRUE(site.answers("192.0.2.1"));
}

TEST(Due, ASlowPublisherKeepsNobodyWaiting) {
    FeedSite site;
    SlowPublisher publisher;
    site.configure({publisher.url()}, "slow");
    site.configure({site.publish("192.0.2.2\n")}, "swift");
    site.server();
    Process pull(site.tool({"pull"}));
    ASSERT_TRUE(publisher.is_asked());
    // Bans and answers go on, and the other feed comes in.
    EXPECT_EQ(site({"ban", "192.0.2.3", "--reason", "spam", "--wait", "5s"}).status, 0);
    EXPECT_TRUE(site.answers("192.0.2.3"));
    const auto end = std::chrono::steady_clock::now() + kPatience;
    while (!site.answers("192.0.2.2") && std::chrono::steady_clock::now() < end) {
    }
    EXPECT_TRUE(site.answers("192.0.2.2"));
    EXPECT_TRUE(pull.is_running());
    publisher.answer();
    EXPECT_EQ(pull.wait().status, 0) << pull.errors();
    EXPECT_TRUE(site.answers("192.0.2.1"));
}

}  // namespace
}  // namespace ostrakon::test
