// The operator's page in every state: a server that answers or not, feeds, requests with hostile
// words in them, a database that cannot be read. Nobody sees it on the visitors' socket.
#include "ostrakon/json/document.hpp"
#include "ostrakon/policy/decide.hpp"
#include "ostrakon/policy/request_box.hpp"
#include "ostrakon/web/site.hpp"
#include "status_map.hpp"
#include "status_report.hpp"
#include "support/temporary_directory.hpp"
#include "watch.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <optional>
#include <regex>

namespace ostrakon::web {
namespace {

namespace fs = std::filesystem;
using json::Json;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

constexpr UnixTime kNow{1'800'000'000};
constexpr const char* kHostile = "<script>alert(1)</script>'\"`; $(rm -rf /)\n--;DROP TABLE x";

class StatusPage : public testing::Test {
protected:
    StatusPage() {
        settings_.database.path = directory_.path();
        settings_.web.url = "https://bl.example.org/lists";
        fs::create_directory(box());
        auto opened = store::Environment::open({.directory = directory_.path(),
                                                .access = store::Access::ReadWriteCreate,
                                                .size_bytes = std::uint64_t{1} << 26});
        EXPECT_TRUE(opened) << message(opened.error());
        environment_.emplace(std::move(*opened));
        figures_.at = kNow;
        figures_.started = UnixTime{kNow.seconds - 7200};
        figures_.uptime_seconds = 7200;
        figures_.version = "1.2.3";
        figures_.has_database = true;
        figures_.zones = {"bl.example.org"};
        watch_ = std::make_shared<Watch>(
            WatchOptions{.ask = [this]() -> Result<figures::ServerFigures> {
                             if (is_silent_) {
                                 return Unexpected{Error{ErrorCode::System, "ask the server",
                                                         "nobody <listens>", "start it"}};
                             }
                             return figures_;
                         },
                         .now = [this] { return now_; },
                         .file = {},
                         .say = [](const std::string&) {}});
    }

    fs::path box() const { return policy::request_box(directory_.path()); }
    const policy::Author author_{"operator", "test", UnixTime{kNow.seconds - 86400}};

    void ban(const std::string& subject, const std::string& reason) {
        policy::Ban ban;
        ban.subjects = {*policy::parse_subject(subject)};
        ban.reason = reason;
        ban.confirmed = true;
        const auto done = policy::ban(*environment_, settings_, ban, author_);
        EXPECT_TRUE(done) << message(done.error());
    }
    void add_request(const std::string& subject, const std::string& contact,
                     const std::string& evidence = "closed it") {
        policy::Request request;
        request.subject = subject;
        request.contact = contact;
        request.evidence = evidence;
        EXPECT_TRUE(policy::add_request(*environment_, request, author_));
    }
    void file_request(const std::string& subject, const std::string& contact) const {
        policy::Request request;
        request.kind = policy::RequestKind::Allow;
        request.subject = subject;
        request.contact = contact;
        request.evidence = kHostile;
        request.reference = policy::make_reference();
        EXPECT_TRUE(policy::file_request(box(), request));
    }
    void add_feed(const std::string& name) {
        config::FeedSettings feed;
        feed.name = name;
        feed.url = "https://feeds.example.com/list";
        settings_.feeds.push_back(feed);
    }
    /// A minute passes with so many queries, of which half were listed.
    void pass_minute(std::uint64_t queries) {
        watch_->sample();
        now_.seconds += 60;
        figures_.at = now_;
        figures_.uptime_seconds += 60;
        figures_.outcomes["bl.example.org"]["listed"] += queries / 2;
        figures_.outcomes["bl.example.org"]["not_listed"] += queries / 2;
        figures_.outcomes["wl.example.org"]["nodata"] += 60;
        figures_.transports["udp"] += queries;
        figures_.listed["ip"] += queries / 4;
        figures_.listed["phish"] += queries / 4;
    }

    Site& site() {
        if (!site_) {
            environment_.reset();
            auto languages = Languages::read(OSTRAKON_WEB_TEXTS);
            EXPECT_TRUE(languages);
            site_.emplace(SiteOptions{.settings = settings_,
                                      .zones = {config::default_zone()},
                                      .languages = std::move(*languages),
                                      .style = "body{}",
                                      .policy = "",
                                      .diagnose = {},
                                      .now = [this] { return now_; },
                                      .status_style = ".chart{}",
                                      .watch = watch_,
                                      .metrics = [] { return std::string{"figures 1\n"}; }});
        }
        return *site_;
    }
    static http::Request request_for(const std::string& target) {
        http::Request request;
        const std::size_t mark = std::min(target.find('?'), target.size());
        request.path = target.substr(0, mark);
        request.query = target.substr(std::min(mark + 1, target.size()));
        return request;
    }
    http::Response get(const std::string& target) {
        return site().answer_operator(request_for(target));
    }
    std::string page(const std::string& target = "/status") {
        const auto response = get(target);
        EXPECT_EQ(response.status, 200) << target;
        return response.body;
    }
    Json json() { return Json::parse(get("/status.json").body); }

    const test::TemporaryDirectory directory_;
    config::Settings settings_ = config::default_settings();
    std::optional<store::Environment> environment_;
    figures::ServerFigures figures_;
    bool is_silent_ = false;
    UnixTime now_ = kNow;
    std::shared_ptr<Watch> watch_;
    std::optional<Site> site_;
};

std::vector<std::string> kinds_of(const Json& all) {
    std::vector<std::string> kinds;
    for (const Json& warning : all.at("warnings")) {
        kinds.push_back(warning.at("kind").get<std::string>());
    }
    return kinds;
}

TEST_F(StatusPage, IsNeverSeenByVisitors) {
    for (const char* target : {"/status", "/status.json", "/status/style.css", "/status/map.png",
                               "/status/", "/lists/status", "/%73tatus", "/metrics"}) {
        EXPECT_EQ(site().answer(request_for(target)).status, 404) << target;
    }
}

TEST_F(StatusPage, IsAllThatTheOperatorsSocketHas) {
    EXPECT_EQ(get("/").status, 303);
    for (const char* target :
         {"/status", "/status.json", "/status/style.css", "/lists/status", "/metrics"}) {
        EXPECT_EQ(get(target).status, 200) << target;
    }
    for (const char* target : {"/policy", "/request", "/why/192.0.2.7", "/status/x", "/%73tatus"}) {
        EXPECT_EQ(get(target).status, 404) << target;
    }
    http::Request post = request_for("/status");
    post.method = http::Method::Post;
    EXPECT_EQ(site().answer_operator(post).status, 405);
}

TEST_F(StatusPage, IsGoodWhereAllIsWell) {
    ban("192.0.2.7", "spam");
    const std::string body = page();
    EXPECT_THAT(
        body, AllOf(HasSubstr("All is well"), HasSubstr("<title>Status – bl.example.org"),
                    HasSubstr("version 1.2.3"), HasSubstr("There is no feed"),
                    HasSubstr("Nobody waits for an answer"), HasSubstr("There are no figures yet"),
                    Not(HasSubstr("{")), Not(HasSubstr("`"))));
    EXPECT_EQ(json().at("well"), true);
    EXPECT_THAT(page("/status?lang=es"), HasSubstr("Todo está bien"));
}

TEST_F(StatusPage, SaysWhatToDoWhereNobodyAnswers) {
    ban("192.0.2.7", "spam");
    is_silent_ = true;
    EXPECT_THAT(page(),
                AllOf(HasSubstr("<title>(1) Status"), HasSubstr("ostrakond does not answer"),
                      HasSubstr("<code>systemctl status ostrakond</code>, then"),
                      HasSubstr("nobody &lt;listens&gt; (start it)"),
                      HasSubstr("There are no rates while")));
    EXPECT_THAT(kinds_of(json()), ElementsAre("silent"));
}

TEST_F(StatusPage, SaysWhatTheServerItselfComplainsOf) {
    ban("192.0.2.7", "spam");
    watch_->sample();
    now_.seconds += 60;
    figures_.uptime_seconds += 60;
    figures_.at = now_;
    figures_.is_configuration_current = false;
    figures_.lost = 600;
    figures_.outcomes["bl.example.org"]["servfail"] = 60;
    EXPECT_THAT(kinds_of(json()), ElementsAre("lost", "servfail", "old_configuration"));
    EXPECT_THAT(page(), HasSubstr("10 queries a second are lost"));
    now_.seconds += 60;
    figures_.has_database = false;
    EXPECT_THAT(kinds_of(json()), testing::Contains("blind"));
}

TEST_F(StatusPage, StaysOfUseWithoutADatabase) {
    file_request("192.0.2.7", "a@example.com");
    environment_.reset();
    fs::remove(directory_.path() / "data.mdb");
    EXPECT_THAT(page(), AllOf(HasSubstr("This page cannot read the database"),
                              HasSubstr("a@example.com"), HasSubstr("version 1.2.3")));
    EXPECT_THAT(kinds_of(json()), testing::Contains("unreadable"));
    EXPECT_EQ(get("/status/map.png").status, 503);
}

TEST_F(StatusPage, ShowsRatesNowAndOverTime) {
    ban("192.0.2.7", "spam");
    pass_minute(0);
    pass_minute(1200);
    pass_minute(600);
    watch_->sample();
    now_.seconds += 10;
    figures_.uptime_seconds += 10;
    figures_.outcomes["bl.example.org"]["listed"] += 50;
    const std::string body = page("/status?range=hour");
    EXPECT_THAT(body, AllOf(HasSubstr("<dt>Queries</dt><dd>5</dd>"),
                            HasSubstr("The highest was 21 a second"), HasSubstr("the latest is 11"),
                            HasSubstr("no figures"), HasSubstr("addresses (ip)"),
                            HasSubstr("phish"), HasSubstr("k-0"), HasSubstr("by zone, last hour")));
    const Json all = json();
    EXPECT_EQ(all.at("server").at("rates").at("queries"), 5);
    const Json& buckets = all.at("history").at("buckets");
    ASSERT_EQ(buckets.size(), 60U);
    EXPECT_FALSE(buckets.at(0).contains("queries"));
    EXPECT_EQ(buckets.at(58).at("queries"), 11);
    EXPECT_EQ(buckets.at(58).at("zones").at("wl.example.org"), 1);
    EXPECT_EQ(buckets.at(58).at("transports").at("udp"), 10);
    EXPECT_EQ(buckets.at(58).at("outcomes").at("listed"), 5);
    EXPECT_EQ(buckets.at(58).at("classes").at("phish"), 2.5);
    for (const char* range : {"day", "month", "nonsense"}) {
        EXPECT_THAT(page(std::string("/status?range=") + range), HasSubstr("<svg"));
    }
}

TEST_F(StatusPage, ShowsFeedsTheSickestFirst) {
    ban("192.0.2.7", "spam");
    add_feed("a-list");
    add_feed("<b>");
    EXPECT_THAT(kinds_of(json()), ElementsAre("feed_never"));
    EXPECT_EQ(json().at("feeds").size(), 2U);
    EXPECT_THAT(page(), AllOf(HasSubstr("&lt;b&gt;"), HasSubstr("never filled"),
                              HasSubstr("upstream → default")));
}

TEST_F(StatusPage, ShowsRequestsWithTheCommandsToPaste) {
    ban("192.0.2.7", "spam <seen>");
    add_request("192.0.2.7", kHostile, kHostile);
    add_request("198.51.100.0/24", "b@example.com");
    file_request("192.0.2.7", kHostile);
    file_request(kHostile, "c@example.com");
    const std::string body = page();
    EXPECT_THAT(body, AllOf(HasSubstr("ostrakon request accept 1 --reason"),
                            HasSubstr("ostrakon request decline 2 --reason"),
                            HasSubstr("spam &lt;seen&gt;"), HasSubstr("not looked up"),
                            HasSubstr("takes them in"), Not(HasSubstr("<script"))));
    // What can be pasted has nothing in it but numbers.
    const std::regex command{"<pre class=\"command\"[^>]*><code>([^<]*)</code></pre>"};
    const std::regex harmless{"ostrakon request (accept|decline) [0-9]+ --reason &quot;…&quot;"};
    int commands = 0;
    for (std::sregex_iterator at{body.begin(), body.end(), command}; at != std::sregex_iterator{};
         ++at, ++commands) {
        EXPECT_TRUE(std::regex_match((*at)[1].str(), harmless)) << (*at)[1];
    }
    EXPECT_EQ(commands, 4);
    const Json requests = json().at("requests");
    EXPECT_EQ(requests.at("open"), 2);
    EXPECT_EQ(requests.at("filed"), 2);
    EXPECT_EQ(requests.at("oldest_open").at(0).at("listed_by").at(0).at("reason"), "spam <seen>");
    EXPECT_TRUE(requests.at("oldest_filed").at(0).at("id").is_null());
}

TEST_F(StatusPage, ShowsTheOldestOfManyRequests) {
    ban("192.0.2.7", "spam");
    for (int i = 0; i < 60; ++i) {
        add_request("192.0.2.7", std::to_string(i) + "@example.com");
    }
    EXPECT_THAT(page(), AllOf(HasSubstr("0@example.com"), Not(HasSubstr("59@example.com")),
                              HasSubstr("20 more are not shown")));
    EXPECT_THAT(kinds_of(json()), ElementsAre("requests"));
    EXPECT_EQ(json().at("requests").at("open"), 60);
}

TEST_F(StatusPage, LoadsItselfAgainOnlyWhereThatIsWanted) {
    ban("192.0.2.7", "spam");
    EXPECT_THAT(page(), Not(HasSubstr("http-equiv")));
    EXPECT_THAT(page("/status?reload=on&range=day"),
                AllOf(HasSubstr("http-equiv=\"refresh\" content=\"60\""),
                      HasSubstr("href=\"?range=day&amp;lang=en\">Stop")));
}

TEST_F(StatusPage, LoadsNothingFromElsewhereAndHasNoScript) {
    ban("192.0.2.7", "spam");
    pass_minute(100);
    watch_->sample();
    const auto response = get("/status");
    EXPECT_THAT(response.body, AllOf(Not(HasSubstr("src=\"http")), Not(HasSubstr("href=\"http")),
                                     Not(HasSubstr(" style=")), Not(HasSubstr("<script"))));
    bool has_policy = false;
    for (const auto& [name, value] : response.headers) {
        has_policy = has_policy || (name == "Content-Security-Policy" &&
                                    value.find("default-src 'none'") != std::string::npos);
    }
    EXPECT_TRUE(has_policy);
    EXPECT_THAT(get("/status/style.css").body, AllOf(HasSubstr("body{}"), HasSubstr(".chart{}")));
}

TEST(StatusMapTest, IsDrawnOnceAMinuteAndOnlyForANewSerial) {
    std::uint32_t serial = 7;
    int drawn = 0;
    StatusMap map([&] {
        ++drawn;
        return MapPicture{.at = {}, .png = "png", .why = "", .serial = serial, .addresses = 1};
    });
    EXPECT_EQ(map.get(7, kNow), nullptr);
    map.finish();
    EXPECT_EQ(map.get(7, kNow)->png, "png");
    EXPECT_EQ(map.get(8, kNow)->serial, 7U);  // not yet a minute old
    EXPECT_EQ(drawn, 1);
    serial = 8;
    map.get(8, UnixTime{kNow.seconds + 60});
    map.finish();
    EXPECT_EQ(map.get(8, UnixTime{kNow.seconds + 900})->serial, 8U);
    map.finish();
    EXPECT_EQ(drawn, 2);
}

TEST(WarningsTest, AreOfWhatNeedsSomebody) {
    StatusReport report;
    report.at = kNow;
    auto standing = std::make_shared<Standing>();
    standing->figures.emplace();
    standing->figures->has_database = true;
    report.server = standing;
    const auto languages = Languages::read(OSTRAKON_WEB_TEXTS);
    ASSERT_TRUE(languages);
    const Language& english = languages->all().front();
    const auto kinds = [&] {
        std::vector<std::string> all;
        for (const Warning& warning : warnings_of(report)) {
            EXPECT_TRUE(english.has("warning." + warning.kind)) << warning.kind;
            EXPECT_TRUE(english.has("warning." + warning.kind + "_do")) << warning.kind;
            all.push_back((warning.is_grave ? "!" : "") + warning.kind + ":" + warning.about);
        }
        return all;
    };
    report.database = DatabaseReport{.size_bytes = 1000,
                                     .used_bytes = 849,
                                     .disk_free_bytes = 1'000'000'000,
                                     .serial = 1,
                                     .changed = {},
                                     .is_disk_read_only = false};
    EXPECT_THAT(kinds(), ElementsAre());
    report.database->used_bytes = 850;
    EXPECT_THAT(kinds(), ElementsAre("filling:85\u202F%"));
    report.database->used_bytes = 950;
    report.database->disk_free_bytes -= 100'000'000;
    report.database->is_disk_read_only = true;
    EXPECT_THAT(kinds(), ElementsAre("!filling:95\u202F%", "!disk:900\u202FMB", "!read_only:"));
    report.database = DatabaseReport{};
    report.database->disk_free_bytes = 2'000'000'000;
    for (const char* state : {"stale", "stale", "held", "failing", "never", "fresh", "local"}) {
        FeedReport feed;
        feed.row.name = state;
        feed.row.state = state;
        feed.is_overdue = feed.row.state == "fresh";
        report.feeds.push_back(feed);
    }
    EXPECT_THAT(kinds(),
                ElementsAre("!feed_stale:stale, stale", "feed_held:held", "feed_failing:failing",
                            "feed_never:never", "feed_overdue:fresh"));
    report.feeds.clear();
    report.open.emplace_back();
    report.open[0].request.received = UnixTime{kNow.seconds - 3 * 86400};
    report.open_count = 1;
    EXPECT_THAT(kinds(), ElementsAre());
    report.open[0].request.received.seconds -= 1;
    EXPECT_THAT(kinds(), ElementsAre("requests_old:"));
    report.filed_count = 19;
    EXPECT_THAT(kinds(), ElementsAre("requests:20"));
}

}  // namespace
}  // namespace ostrakon::web
