// Feeds over HTTP: from a sound web server, and from one that lies.
#include "pull/feed_site.hpp"

#include "ostrakon/base/time.hpp"
#include "support/gzip.hpp"
#include "support/rude_web_server.hpp"
#include "support/web_server.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ostrakon::test {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* kKey = "k3y-that-n0body-sees";

class HttpPull : public ::testing::Test {
protected:
    void SetUp() override {
        if (!WebServer::is_installed()) {
            GTEST_SKIP() << "nginx or openssl is not installed";
        }
    }
    static void publish(const WebServer& server, const std::string& text,
                        const std::string& name = "list") {
        server.serve(name, text);
        touch_anew(server.root() / name);
    }
    // A feed of which 192.0.2.1 is served.
    void begin(const WebServer& server, const Publication& publication) {
        publish(server, "192.0.2.1\n");
        site_.configure({server.url("/list"), publication.format, publication.more});
        ASSERT_EQ(site_.pull()["result"], "updated");
        site_.configure(publication);
    }
    // What was served before goes on answering, and nothing else.
    void expect_failed(const Json& report, const std::string& why) {
        EXPECT_EQ(report["result"], "failed") << report;
        EXPECT_EQ(report["change"], nullptr);
        EXPECT_THAT(message_in(report), HasSubstr(why));
        const Json row = site_.row();
        EXPECT_EQ(row["state"], "failing");
        EXPECT_THAT(message_in(row), HasSubstr(why));
        EXPECT_EQ(row["entries"], 1);
        EXPECT_TRUE(site_.answers("192.0.2.1"));
        EXPECT_FALSE(site_.answers("192.0.2.2"));
        EXPECT_TRUE(site_.stray_files().empty());
    }
    // Seconds from now until the feed's next pull.
    std::int64_t next_in() const {
        const Json next = site_.row()["next"];
        const auto at = parse_timestamp(next.is_string() ? next.get<std::string>() : "");
        return at ? at->seconds - now().seconds : -1;
    }

    FeedSite site_;
};

TEST_F(HttpPull, ANewVersionIsAnsweredAtOnce) {
    const WebServer server("");
    EXPECT_FALSE(site_.answers("192.0.2.1"));  // the server runs before the feed is configured
    publish(server, "192.0.2.1\n192.0.2.2\n");
    site_.configure({server.url("/list")});
    const Json first = site_.pull();
    EXPECT_EQ(first["result"], "updated");
    EXPECT_EQ(first["added"], 2);
    EXPECT_EQ(site_.codes("192.0.2.1"), std::vector<std::string>{"127.0.0.3"});
    EXPECT_THAT(site_.texts("192.0.2.1"), ElementsAre(HasSubstr("is listed by list")));
    publish(server, "192.0.2.2\n192.0.2.3\n");
    const Json second = site_.pull_again();
    EXPECT_EQ(second["result"], "updated");
    EXPECT_EQ(second["added"], 1);
    EXPECT_EQ(second["removed"], 1);
    EXPECT_FALSE(site_.answers("192.0.2.1"));
    EXPECT_TRUE(site_.answers("192.0.2.3"));
    EXPECT_EQ(site_({"check"}).status, 0);
}

TEST_F(HttpPull, Rule02WhatHasNotChangedIsNotSentAgain) {
    const WebServer server("");
    begin(server, {server.url("/list")});
    const auto file = server.root() / "list";
    const auto time = std::filesystem::last_write_time(file);
    // The same size and time, and so the same ETag: the server sends nothing of this.
    server.serve("list", "192.0.2.2\n");
    std::filesystem::last_write_time(file, time);
    const Json unchanged = site_.pull_again();
    EXPECT_EQ(unchanged["result"], "unchanged");
    EXPECT_EQ(unchanged["change"], nullptr);
    EXPECT_EQ(site_.row()["state"], "fresh");
    EXPECT_FALSE(site_.answers("192.0.2.2"));
}

TEST_F(HttpPull, Rule02TheSameBytesAreNoNewVersion) {
    const WebServer server("");
    begin(server, {server.url("/list")});
    publish(server, "192.0.2.1\n");
    const Json changes = site_({"changes", "--json"}).json();
    EXPECT_EQ(site_.pull_again()["result"], "unchanged");
    EXPECT_EQ(site_({"changes", "--json"}).json(), changes);
    EXPECT_EQ(site_.row()["versions"].size(), 1U);
    EXPECT_TRUE(site_.stray_files().empty());
}

TEST_F(HttpPull, Rule02RetryAfterIsHeeded) {
    const WebServer server("location = /busy { add_header Retry-After 40000 always; return 429; }");
    begin(server, {server.url("/busy")});
    expect_failed(site_.pull_again(), "429");
    EXPECT_GE(next_in(), 40000 - 60);
    EXPECT_EQ(site_.pull()["result"], "not due");
}

TEST_F(HttpPull, Rule03FailuresAreTriedAgainEverMoreSeldom) {
    const WebServer server("location = /broken { return 500; }\n");
    for (const auto& [path, why] : {std::pair{"/broken", "500"}, std::pair{"/missing", "404"}}) {
        begin(server, {server.url(path)});
        expect_failed(site_.pull_again(), why);
        const std::int64_t first = next_in();
        EXPECT_GE(first, 500);
        EXPECT_LE(first, 1500);
        EXPECT_EQ(site_.pull()["result"], "not due");
        for (int i = 0; i < 4; ++i) {
            expect_failed(site_.pull_again(), why);
        }
        EXPECT_GE(next_in(), 8000);
        // It is over with the first success.
        site_.configure({server.url("/list")});
        EXPECT_EQ(site_.pull()["result"], "unchanged");
        EXPECT_EQ(site_.row()["state"], "fresh");
        site_.unconfigure();
        ASSERT_EQ(site_({"feeds", "remove", kFeed, "--yes"}).status, 0);
    }
}

TEST_F(HttpPull, Rule03WhoIsForbiddenStopsUntilAPersonSaysSo) {
    const WebServer server("location = /list { if (-f $root/shut) { return 403; } }");
    begin(server, {server.url("/list")});
    server.serve("shut", "");
    const Json forbidden = site_.pull_again();
    expect_failed(forbidden, "403");
    EXPECT_THAT(message_in(forbidden), HasSubstr("pull --force list"));
    EXPECT_EQ(site_.row()["next"], nullptr);
    std::filesystem::remove(server.root() / "shut");
    const Json left = site_.pull();
    EXPECT_EQ(left["result"], "not due");
    EXPECT_THAT(message_in(left), HasSubstr("pull --force list"));
    EXPECT_EQ(site_.pull_again()["result"], "unchanged");
    EXPECT_EQ(site_.row()["state"], "fresh");
    EXPECT_NE(site_.row()["next"], nullptr);
}

TEST_F(HttpPull, Rule04RedirectsEnd) {
    const WebServer server(R"(
location = /loop { return 302 /loop; }
location = /moved { return 301 /list; }
)");
    begin(server, {server.url("/loop")});
    expect_failed(site_.pull_again(), "more than 3 times");
    publish(server, "192.0.2.1\n192.0.2.2\n");
    site_.configure({server.url("/moved")});
    EXPECT_EQ(site_.pull()["result"], "updated");
}

TEST_F(HttpPull, Rule04SaysWhoAsks) {
    FeedSite site("[feeds]\ncontact = \"postmaster@example.org\"\n");
    const RudeWebServer server([](const RudeWebServer::Client& client) {
        client.send("HTTP/1.1 200 OK\r\nETag: \"v1\"\r\nContent-Length: 10\r\n\r\n192.0.2.1\n");
    });
    site.configure({server.url("/list")});
    EXPECT_EQ(site.pull()["result"], "updated");
    EXPECT_EQ(site.pull_again()["result"], "unchanged");
    const auto requests = server.requests();
    ASSERT_EQ(requests.size(), 2U);
    EXPECT_THAT(requests[0],
                ::testing::ContainsRegex(
                    "User-Agent: ostrakon/[0-9.]+ \\(\\+postmaster@example.org\\)\r\n"));
    EXPECT_THAT(requests[0], Not(HasSubstr("If-None-Match")));
    EXPECT_THAT(requests[1], HasSubstr("If-None-Match: \"v1\"\r\n"));
}

TEST_F(HttpPull, Rule04OnlyCertificatesThatAreTrustedAreBelieved) {
    const TemporaryDirectory directory;
    const Certificate certificate = make_certificate(directory.path(), "IP:127.0.0.1");
    const WebServer plain("");
    const WebServer server("", &certificate);
    begin(plain, {server.url("/list")});
    publish(server, "192.0.2.1\n192.0.2.2\n");
    expect_failed(site_.pull_again(), "certificate");
    site_.configure({server.url("/list"), "plain",
                     fmt::format("ca_file = \"{}\"\n", certificate.file.string())});
    EXPECT_EQ(site_.pull_again()["result"], "updated");
    EXPECT_TRUE(site_.answers("192.0.2.2"));
}

TEST_F(HttpPull, Rule04ABombIsNotUnpacked) {
    const WebServer server("");
    begin(server, {server.url("/bomb"), "plain", "max_size = \"1MiB\"\n"});
    std::string lines;
    while (lines.size() < std::size_t{64} << 20) {
        lines += "192.0.2.2\n";
    }
    publish(server, gzip(lines), "bomb");
    const Json held = site_.pull_again();
    EXPECT_EQ(held["result"], "held") << held;
    EXPECT_THAT(message_in(held), HasSubstr("unpack"));
    EXPECT_TRUE(site_.answers("192.0.2.1"));
    EXPECT_FALSE(site_.answers("192.0.2.2"));
    publish(server, gzip("192.0.2.1\n192.0.2.2\n"), "bomb");
    EXPECT_EQ(site_.pull_again()["result"], "updated");
    EXPECT_TRUE(site_.answers("192.0.2.2"));
}

TEST_F(HttpPull, Rule04MoreThanMaxSizeIsNotFetched) {
    const WebServer server("");
    begin(server, {server.url("/large"), "plain", "max_size = \"1KiB\"\n"});
    publish(server, addresses(200), "large");
    expect_failed(site_.pull_again(), "1024");
}

TEST_F(HttpPull, Rule07WebPagesAndCutOffBodiesAreNotTaken) {
    const WebServer server(R"(
location = /page { default_type text/html; return 200 "<!doctype html>\n192.0.2.2\n"; }
location = /hidden { default_type text/plain; return 200 "<!doctype html>\n192.0.2.2\n"; }
)");
    begin(server, {server.url("/page")});
    expect_failed(site_.pull_again(), "answered 200");
    const RudeWebServer rude([](const RudeWebServer::Client& client) {
        client.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n192.0.2.1\n192.0.2.2\n193.");
    });
    site_.configure({rude.url("/list")});
    expect_failed(site_.pull_again(), "cut off");
    EXPECT_FALSE(site_.answers("193.0.0.1"));
    site_.configure({server.url("/hidden")});
    const Json held = site_.pull_again();
    EXPECT_EQ(held["result"], "held");
    EXPECT_THAT(message_in(held), HasSubstr("web page"));
    EXPECT_FALSE(site_.answers("192.0.2.2"));
    EXPECT_TRUE(site_.answers("192.0.2.1"));
}

// Everything that a person, a log or a thief of the database can see of a feed.
class Keys : public HttpPull {
protected:
    static constexpr const char* kRules = R"(
location = /header { if ($http_auth_key != "k3y-that-n0body-sees") {
    return 403 "no such key: $http_auth_key"; } rewrite ^ /list last; }
location = /url { if ($arg_k != "k3y-that-n0body-sees") { return 403 "no such key: $arg_k"; }
    rewrite ^ /list last; }
location = /redirect { return 302 /nowhere?k=$arg_k; }
)";
    void SetUp() override {
        HttpPull::SetUp();
        write_key(kKey);
    }
    void write_key(const std::string& key, int mode = 0600) const {
        site_.files().write("feed.key", key + "\n");
        std::filesystem::permissions(key_file(), static_cast<std::filesystem::perms>(mode));
    }
    std::filesystem::path key_file() const { return site_.files().directory() / "feed.key"; }
    std::string by_header() const {
        return fmt::format("key_file = \"{}\"\nkey_header = \"Auth-Key\"\n", key_file().string());
    }
    std::string by_url() const { return fmt::format("key_file = \"{}\"\n", key_file().string()); }
    void expect_hidden(const std::string& key) const {
        for (const std::vector<std::string>& words :
             {std::vector<std::string>{"pull", "--force", kFeed},
              {"pull", "--force", kFeed, "--json"},
              {"feeds"},
              {"feeds", "--json"},
              {"changes", "--json"},
              {"history"}}) {
            const Answer answer = site_(words);
            EXPECT_THAT(answer.output, Not(HasSubstr(key))) << words.front();
            EXPECT_THAT(answer.errors, Not(HasSubstr(key))) << words.front();
        }
        EXPECT_THAT(site_.raw_bytes(), Not(HasSubstr(key)));
    }
};

TEST_F(Keys, Rule05AreSentAndSeenNowhereElse) {
    const WebServer server(kRules);
    publish(server, "192.0.2.1\n");
    for (const Publication& publication :
         {Publication{server.url("/header"), "plain", by_header()},
          Publication{server.url("/url?k={key}"), "plain", by_url()}}) {
        SCOPED_TRACE(publication.url);
        FeedSite& site = site_;
        site.configure(publication);
        publish(server, fmt::format("192.0.2.1\n192.0.2.{}\n", publication.url.size()));
        EXPECT_EQ(site.pull()["result"], "updated");
        expect_hidden(kKey);
    }
}

TEST_F(Keys, Rule05AreInNoError) {
    const WebServer server(kRules);
    const std::string wrong = "wr0ng-key-t00";
    write_key(wrong);
    for (const Publication& publication :
         {Publication{server.url("/header"), "plain", by_header()},
          Publication{server.url("/url?k={key}"), "plain", by_url()},
          Publication{server.url("/redirect?k={key}"), "plain", by_url()},
          Publication{"http://127.0.0.1:1/?k={key}", "plain", by_url()}}) {
        SCOPED_TRACE(publication.url);
        site_.configure(publication);
        const Json failed = site_.pull();
        EXPECT_EQ(failed["result"], "failed");
        EXPECT_THAT(failed.dump(), Not(HasSubstr(wrong)));
        EXPECT_EQ(site_.row()["state"], "failing");
        expect_hidden(wrong);
    }
}

TEST_F(Keys, Rule05ThatOthersMayReadAreNotUsed) {
    const RudeWebServer server([](const RudeWebServer::Client& client) {
        client.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n192.0.2.1\n");
    });
    write_key(kKey, 0644);
    site_.configure({server.url("/list"), "plain", by_header()});
    const Json failed = site_.pull();
    EXPECT_EQ(failed["result"], "failed");
    EXPECT_THAT(message_in(failed), AllOf(HasSubstr("feed.key"), HasSubstr("chmod")));
    EXPECT_TRUE(server.requests().empty());
    expect_hidden(kKey);
    std::filesystem::remove(key_file());
    EXPECT_EQ(site_.pull_again()["result"], "failed");
    EXPECT_TRUE(server.requests().empty());
    write_key(kKey);
    EXPECT_EQ(site_.pull_again()["result"], "updated");
    EXPECT_THAT(server.requests().at(0), HasSubstr(fmt::format("Auth-Key: {}\r\n", kKey)));
}

}  // namespace
}  // namespace ostrakon::test
