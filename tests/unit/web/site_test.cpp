// Pages, asked for as a browser does, of a database with one listing of each kind.
#include "ostrakon/web/site.hpp"

#include "ostrakon/http/target.hpp"
#include "ostrakon/policy/decide.hpp"
#include "ostrakon/policy/request_box.hpp"
#include "support/temporary_directory.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <optional>

namespace ostrakon::web {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

constexpr UnixTime kNow{1'800'000'000};
constexpr net::Ipv4 kClient{0xCB007109};  // 203.0.113.9
constexpr const char* kHostile = "<script>alert(1)</script>'\"--;DROP TABLE x";

std::string header_of(const http::Response& response, std::string_view name) {
    for (const auto& [known, value] : response.headers) {
        if (known == name) {
            return value;
        }
    }
    return {};
}

class SiteTest : public testing::Test {
protected:
    SiteTest() {
        settings_.database.path = directory_.path();
        settings_.web.url = "https://bl.example.org";
        config::FeedSettings feed;
        feed.name = "drop";
        feed.title = "The Drop List";
        feed.removal = "https://drop.example.com/removal";
        settings_.feeds.push_back(feed);
        fs::create_directory(policy::request_box(directory_.path()));
        auto opened = store::Environment::open({.directory = directory_.path(),
                                                .access = store::Access::ReadWriteCreate,
                                                .size_bytes = std::uint64_t{1} << 26});
        EXPECT_TRUE(opened) << message(opened.error());
        // LMDB knows a file once in a process: what writes here closes before the site reads.
        environment_.emplace(std::move(*opened));
    }

    void ban(const std::string& subject, const std::string& reason = "spam",
             const std::string& listing_class = "", const std::string& evidence = "",
             std::optional<store::Diagnosed> diagnosed = {}) {
        policy::Ban ban;
        ban.diagnosed = std::move(diagnosed);
        ban.subjects = {*policy::parse_subject(subject)};
        ban.reason = reason;
        ban.listing_class = listing_class;
        ban.evidence = evidence;
        ban.confirmed = true;
        const auto done = policy::ban(*environment_, settings_, ban,
                                      {"secretive", "ban", UnixTime{kNow.seconds - 86400}});
        EXPECT_TRUE(done) << message(done.error());
    }

    http::Response ask(http::Request request) {
        if (!site_) {
            environment_.reset();
            auto languages = Languages::read(OSTRAKON_WEB_TEXTS);
            EXPECT_TRUE(languages);
            site_.emplace(SiteOptions{
                .settings = settings_,
                .zones = {config::default_zone()},
                .languages = std::move(*languages),
                .style = "body{}",
                .policy = "# Ours\n\n*so* [a](javascript:x) <b>\n\n<script>x</script>\n",
                .diagnose = [this](const net::Address& address) { return diagnosed(address); },
                .now = [this] { return now_; },
                .policies = {{"es", "# Nuestra\n"}}});
        }
        if (!request.client) {
            request.client = kClient;
        }
        return site_->answer(request);
    }
    http::Response get(const std::string& target, const std::string& language = "en") {
        http::Request request;
        const std::size_t mark = std::min(target.find('?'), target.size());
        request.path = target.substr(0, mark);
        request.query = target.substr(std::min(mark + 1, target.size()));
        request.headers = {{"Accept-Language", language}};
        return ask(request);
    }
    std::string why(const std::string& query, const std::string& language = "en") {
        const auto response = get("/why/" + http::encode_percent(query), language);
        EXPECT_EQ(response.status, 200) << query;
        return response.body;
    }

    using Fields = std::vector<std::pair<std::string, std::string>>;
    /// Sends the form with the token and cookie that it came with.
    http::Response send(Fields fields) {
        const auto form = get("/request");
        const std::string cookie = header_of(form, "Set-Cookie");
        const std::string start = "name=\"token\" value=\"";
        const std::size_t at = form.body.find(start) + start.size();
        fields.emplace_back("token", form.body.substr(at, form.body.find('"', at) - at));
        return post("/request", fields, cookie.substr(0, cookie.find(';')));
    }
    http::Response post(const std::string& path, const Fields& fields,
                        const std::string& cookie = "") {
        http::Request request;
        request.method = http::Method::Post;
        request.path = path;
        request.headers = {{"Cookie", cookie}};
        for (const auto& [name, value] : fields) {
            request.body += fmt::format("&{}={}", name, http::encode_percent(value));
        }
        return ask(request);
    }
    Fields removal_of(const std::string& subject) const {
        return {{"kind", "removal"},
                {"subject", subject},
                {"contact", "a@example.com"},
                {"done", "closed it"}};
    }
    std::size_t waiting() const {
        return policy::waiting_requests(policy::request_box(directory_.path()));
    }
    Result<diagnose::Diagnosis> diagnosed(const net::Address& address) {
        ++diagnoses_;
        diagnose::Diagnosis diagnosis;
        diagnosis.server.address = address;
        diagnosis.checks = {{.name = "reverse-dns",
                             .finding = diagnose::Finding::Failed,
                             .seen = "there is <none>",
                             .brief = "no name",
                             .remedy = "ask your provider"}};
        return diagnosis;
    }

    const test::TemporaryDirectory directory_;
    config::Settings settings_ = config::default_settings();
    std::optional<store::Environment> environment_;
    std::optional<Site> site_;
    UnixTime now_ = kNow;
    int diagnoses_ = 0;
};

TEST_F(SiteTest, SaysOfEachClassWhatItIsAndWhatToDo) {
    struct Case {
        const char *subject, *listing_class, *asked, *title, *todo;
    };
    const std::vector<Case> cases{
        {"192.0.2.7", "", "192.0.2.7", "Blocked by its address", "Find out what sent"},
        {"198.51.100.0/24", "isp", "198.51.100.9", "Blocked with its provider",
         "Ask your provider"},
        {"spam.example", "", "mail.spam.example", "Blocked by its domain",
         "If this is your domain"},
        {"rdns:*.adsl.example.net", "", "7.adsl.example.net", "Blocked as a dynamic line",
         "Send your mail through"},
        {"user@example.com", "", "user@example.com", "Blocked by its mail address",
         "change its password"},
        {"203.0.113.77", "misconfigured", "203.0.113.77", "misconfigured mail server",
         "Correct what the reason names"},
    };
    for (const Case& test : cases) {
        ban(test.subject, "spam <b>", test.listing_class, "EVIDENCE");
    }
    for (const Case& test : cases) {
        const std::string body = why(test.asked);
        EXPECT_THAT(body, AllOf(HasSubstr(test.title), HasSubstr(test.todo),
                                HasSubstr("spam &lt;b&gt;"), HasSubstr("2027-01-14 08:00 UTC")))
            << test.asked;
        EXPECT_THAT(body, AllOf(Not(HasSubstr("EVIDENCE")), Not(HasSubstr("secretive"))));
    }
}

TEST_F(SiteTest, SendsWhoRunsNoServerToWhoDoes) {
    ban("192.0.2.7");
    ban("user@example.com");
    EXPECT_THAT(why("192.0.2.7"), HasSubstr("If you do not run this server yourself"));
    EXPECT_THAT(why("user@example.com"), Not(HasSubstr("If you do not run this server")));
}

TEST_F(SiteTest, SaysWhenNothingIsListed) {
    EXPECT_THAT(why("192.0.2.8"), HasSubstr("192.0.2.8 is not blocked"));
}

TEST_F(SiteTest, ShowsNothingOfOtherSubjects) {
    ban("192.0.2.7", "first");
    ban("192.0.2.8", "second");
    EXPECT_THAT(why("192.0.2.7"), AllOf(HasSubstr("first"), Not(HasSubstr("second"))));
}

TEST_F(SiteTest, HidesAMailAddressFromWhoOnlyKnowsItsHash) {
    ban("someone@example.com");
    const auto hash =
        std::get<policy::MailSubject>(*policy::parse_subject("someone@example.com")).hash;
    EXPECT_THAT(why(hash), AllOf(HasSubstr("is blocked"), Not(HasSubstr("someone@"))));
    const auto json = get("/api/v1/why/" + hash).body;
    EXPECT_THAT(json, AllOf(HasSubstr("\"listed\": true"), Not(HasSubstr("someone@"))));
}

TEST_F(SiteTest, SpeaksTheLanguageOfTheBrowser) {
    ban("192.0.2.7");
    const std::string body = why("192.0.2.7", "es");
    EXPECT_THAT(body, AllOf(HasSubstr("<html lang=\"es\">"), HasSubstr("está bloqueado")));
    EXPECT_THAT(get("/?lang=es").body, HasSubstr("Consultar"));
}

TEST_F(SiteTest, StaysInTheLanguageThatAVisitorHasChosen) {
    ban("192.0.2.7");
    EXPECT_THAT(get("/why/192.0.2.7?lang=es").body,
                AllOf(HasSubstr("href=\"/request?kind=removal&amp;subject=192.0.2.7&amp;lang=es\""),
                      HasSubstr("href=\"/policy?lang=es\""),
                      HasSubstr("name=\"lang\" value=\"es\""), HasSubstr("\"/style.css\"")));
    EXPECT_EQ(header_of(get("/search?lang=es&q=192.0.2.7"), "Location"), "/why/192.0.2.7?lang=es");
    EXPECT_THAT(get("/request?lang=es").body, HasSubstr("action=\"/request?lang=es\""));
    EXPECT_THAT(header_of(get("/request?lang=es"), "Set-Cookie"), HasSubstr("Path=/; Secure"));
    EXPECT_THAT(get("/why/192.0.2.7?lang=xx").body, Not(HasSubstr("lang=xx")));
}

TEST_F(SiteTest, KeepsWhatWasAskedWhereTheLanguageIsChosen) {
    EXPECT_THAT(get("/request?lang=es&kind=allow&subject=192.0.2.7").body,
                HasSubstr("href=\"/request?kind=allow&amp;subject=192.0.2.7&amp;lang=en\""));
}

TEST_F(SiteTest, TellsANetworkFromAnAddress) {
    ban("192.0.2.0/24");
    ban("192.0.2.7");
    ban("2001:db8:7::/64");
    EXPECT_THAT(why("192.0.2.9"), AllOf(HasSubstr("Blocked with its network"),
                                        HasSubstr("Ask whoever runs the network"),
                                        Not(HasSubstr("Blocked by its address"))));
    EXPECT_THAT(why("192.0.2.7"),
                AllOf(HasSubstr("Blocked by its address"), HasSubstr("Blocked with its network")));
    EXPECT_THAT(why("2001:db8:7::25"), Not(HasSubstr("Blocked with its network")));
}

TEST_F(SiteTest, SaysWhatIsListedInWords) {
    ban("rdns:*.adsl.example.net");
    ban("=mail.example.com");
    EXPECT_THAT(
        why("7.adsl.example.net"),
        AllOf(HasSubstr("names like <code>*.adsl.example.net</code>"), Not(HasSubstr("rdns:"))));
    EXPECT_THAT(why("mail.example.com"), HasSubstr("<code>mail.example.com</code>"));
}

TEST_F(SiteTest, HasThePolicyInTheLanguageOfTheBrowser) {
    EXPECT_THAT(get("/policy", "es").body, HasSubstr("<h1>Nuestra</h1>"));
    EXPECT_THAT(get("/policy", "en").body, HasSubstr("<h1>Ours</h1>"));
}

TEST_F(SiteTest, EscapesWhateverIsAsked) {
    for (const std::string& target : std::vector<std::string>{
             "/why/" + http::encode_percent(kHostile),
             "/request?subject=" + http::encode_percent(kHostile) + "&contact=" +
                 http::encode_percent(kHostile) + "&done=" + http::encode_percent(kHostile),
             "/" + http::encode_percent(kHostile), "/request/" + http::encode_percent(kHostile)}) {
        const auto response = get(target);
        EXPECT_THAT(response.body, Not(HasSubstr("<script"))) << target;
    }
    auto fields = removal_of(kHostile);
    fields.emplace_back("bounce", kHostile);
    const auto sent = send(fields);
    EXPECT_EQ(sent.status, 422);
    EXPECT_THAT(sent.body, AllOf(Not(HasSubstr("<script")), HasSubstr("&lt;script&gt;")));
}

TEST_F(SiteTest, AnswersWrongRequestsWithTheRightStatus) {
    EXPECT_EQ(get("/nothing").status, 404);
    EXPECT_EQ(get("/why/").status, 400);
    EXPECT_EQ(get("/why/%zz").status, 404);
    EXPECT_EQ(get("/why/192.0.2.0%2F24").status, 400);
    EXPECT_EQ(get("/" + std::string(5000, 'x')).status, 414);
    EXPECT_EQ(get("/check").status, 405);
    EXPECT_EQ(get("/request/7K2M-9QXD-4TRB-0ZWE").status, 404);
    EXPECT_EQ(get("/search?q=").status, 400);
    EXPECT_EQ(post("/policy", {}).status, 405);
    http::Request other;
    other.method = http::Method::Other;
    other.path = "/";
    const auto refused = ask(other);
    EXPECT_EQ(refused.status, 405);
    EXPECT_EQ(header_of(refused, "Allow"), "GET, HEAD");
    http::Request damaged;
    damaged.method = http::Method::Post;
    damaged.path = "/request";
    damaged.body = "a=%4";
    EXPECT_EQ(ask(damaged).status, 400);
}

TEST_F(SiteTest, LeadsFromTheSearchToThePage) {
    const auto found = get("/search?q=+2001%3Adb8%3A%3A25+");
    EXPECT_EQ(found.status, 303);
    EXPECT_EQ(header_of(found, "Location"), "/why/2001%3Adb8%3A%3A25");
}

TEST_F(SiteTest, LoadsNothingFromElsewhere) {
    for (const char* target : {"/", "/policy", "/request", "/nothing"}) {
        const auto response = get(target);
        EXPECT_THAT(header_of(response, "Content-Security-Policy"),
                    HasSubstr("default-src 'none'"));
        EXPECT_THAT(response.body, Not(HasSubstr("src=\"http")));
        EXPECT_THAT(response.body, Not(HasSubstr("style=")));
    }
}

TEST_F(SiteTest, TakesNoHtmlFromThePolicy) {
    const std::string body = get("/policy").body;
    EXPECT_THAT(body, AllOf(HasSubstr("<h1>Ours</h1>"), HasSubstr("<em>so</em>"),
                            Not(HasSubstr("<script")), Not(HasSubstr("javascript:"))));
}

TEST_F(SiteTest, FilesARequestAndShowsWhatBecomesOfIt) {
    ban("192.0.2.7");
    const auto filed = send(removal_of("192.0.2.7"));
    ASSERT_EQ(filed.status, 303) << filed.body;
    EXPECT_EQ(waiting(), 1U);
    const auto status = get(header_of(filed, "Location"));
    EXPECT_EQ(status.status, 200);
    EXPECT_THAT(status.body,
                AllOf(HasSubstr("It waits for a person"), HasSubstr("Removal"),
                      HasSubstr("<code>192.0.2.7</code>"), Not(HasSubstr("a@example.com"))));
    const std::string typed = header_of(filed, "Location").substr(std::string("/request/").size());
    EXPECT_EQ(header_of(get("/request?reference=" + typed), "Location"),
              header_of(filed, "Location"));
}

TEST_F(SiteTest, TakesARequestOfWhatIsListedAlone) {
    ban("192.0.2.0/24");
    ban("198.51.100.0/25");
    ban("spam.example");
    EXPECT_THAT(send(removal_of("mail.spam.example")).body,
                HasSubstr("Ask for an exception instead"));
    EXPECT_THAT(send(removal_of("203.0.113.1")).body, HasSubstr("This is not listed"));
    EXPECT_THAT(send(removal_of("192.0.2.7")).body, HasSubstr("Ask for an exception instead"));
    EXPECT_THAT(send(removal_of("no such thing")).body, HasSubstr("This is no address"));
    EXPECT_THAT(send(removal_of("203.0.113.0/24")).body, HasSubstr("This is not listed"));
    EXPECT_EQ(waiting(), 0U);
    EXPECT_EQ(send(removal_of("198.51.100.0/25")).status, 303);
    auto exception = removal_of("192.0.2.7");
    exception.front().second = "allow";
    EXPECT_EQ(send(exception).status, 303);
    EXPECT_EQ(waiting(), 2U);
}

TEST_F(SiteTest, RefusesFormsThatItHasNotMade) {
    ban("192.0.2.7");
    auto fields = removal_of("192.0.2.7");
    EXPECT_EQ(post("/request", fields).status, 422);
    fields.emplace_back("token", "1800000000.0123456789abcdef0123456789abcdef");
    EXPECT_EQ(post("/request", fields, "ostrakon=0123").status, 422);
    auto trapped = removal_of("192.0.2.7");
    trapped.emplace_back("website", "http://spam.example");
    EXPECT_THAT(send(trapped).body, HasSubstr("has to be empty"));
    EXPECT_EQ(waiting(), 0U);
}

TEST_F(SiteTest, RefusesAFormThatLayOpenTooLong) {
    ban("192.0.2.7");
    const auto form = get("/request");
    const std::string start = "name=\"token\" value=\"";
    const std::size_t at = form.body.find(start) + start.size();
    auto fields = removal_of("192.0.2.7");
    fields.emplace_back("token", form.body.substr(at, form.body.find('"', at) - at));
    const std::string cookie = header_of(form, "Set-Cookie");
    now_ = UnixTime{kNow.seconds + 5 * 3600};
    EXPECT_EQ(post("/request", fields, cookie.substr(0, cookie.find(';'))).status, 422);
    now_ = UnixTime{kNow.seconds + 3600};
    EXPECT_EQ(post("/request", fields, cookie.substr(0, cookie.find(';'))).status, 303);
}

TEST_F(SiteTest, KeepsWhatWasFilledInWhereSomethingIsMissing) {
    ban("192.0.2.7");
    auto fields = removal_of("192.0.2.7");
    fields[2].second = "";
    fields[3].second = "\nclosed & locked";
    const auto again = send(fields);
    EXPECT_EQ(again.status, 422);
    EXPECT_THAT(again.body, AllOf(HasSubstr("value=\"192.0.2.7\""),
                                  HasSubstr(">\n\nclosed &amp; locked</textarea>"),
                                  HasSubstr("Say how we can reach you")));
}

TEST_F(SiteTest, LimitsANetworkAndNoOther) {
    ban("192.0.2.7");
    int limited = 0;
    for (int i = 0; i < 200; ++i) {
        limited += get("/why/192.0.2.7").status == 429 ? 1 : 0;
    }
    EXPECT_EQ(limited, 140);
    http::Request other;
    other.path = "/why/192.0.2.7";
    other.client = net::Ipv4{0xC6336401};
    EXPECT_EQ(ask(other).status, 200);
    now_ = UnixTime{kNow.seconds + 60};
    EXPECT_EQ(get("/why/192.0.2.7").status, 200);
}

TEST_F(SiteTest, LimitsWhatANetworkFiles) {
    ban("192.0.2.7");
    int filed = 0;
    for (int i = 0; i < 20; ++i) {
        auto fields = removal_of("192.0.2.7");
        fields[2].second = fmt::format("{}@example.com", i);
        filed += send(fields).status == 303 ? 1 : 0;
    }
    EXPECT_EQ(filed, 5);
    EXPECT_EQ(waiting(), 5U);
}

TEST_F(SiteTest, BelievesAProxyOfOursAlone) {
    const auto limited_as = [this](net::Ipv4 peer, const std::string& forwarded) {
        http::Request request;
        request.path = "/why/192.0.2.7";
        request.client = peer;
        request.headers = {{"X-Forwarded-For", forwarded}};
        return ask(request).status == 429;
    };
    constexpr net::Ipv4 kProxy{0x7F000001};
    for (int i = 0; i < 60; ++i) {
        EXPECT_FALSE(limited_as(kProxy, "198.51.100.1, 198.51.100.2, 192.0.2.1"));
    }
    EXPECT_TRUE(limited_as(kProxy, "203.0.113.1, 192.0.2.1"));    // what a client invents
    EXPECT_TRUE(limited_as(kProxy, "192.0.2.1, 127.0.0.1"));      // two proxies of ours
    EXPECT_FALSE(limited_as(kProxy, "192.0.2.1, 198.51.100.1"));  // another client
    EXPECT_FALSE(limited_as(kClient, "192.0.2.1"));               // no proxy of ours
}

TEST_F(SiteTest, PromisesThatABlockFallsAwayOnlyWhereItDoes) {
    ban("203.0.113.77", "no name", "misconfigured");
    ban("203.0.113.78", "no name", "misconfigured", "", store::Diagnosed{{}, {}, kNow});
    EXPECT_THAT(why("203.0.113.77"),
                AllOf(HasSubstr("then ask for removal"), Not(HasSubstr("falls away"))));
    EXPECT_THAT(why("203.0.113.78"), HasSubstr("falls away"));
}

TEST_F(SiteTest, ChecksAgainWhatIsListedForItsDnsAlone) {
    ban("203.0.113.77", "no name", "misconfigured");
    ban("192.0.2.7");
    EXPECT_THAT(why("203.0.113.77"), HasSubstr("Check this server again now"));
    EXPECT_EQ(post("/check", {{"subject", "192.0.2.7"}}).status, 422);
    EXPECT_EQ(post("/check", {{"subject", "x"}}).status, 400);
    EXPECT_EQ(diagnoses_, 0);
    const auto checked = post("/check", {{"subject", "203.0.113.77"}});
    EXPECT_EQ(checked.status, 200);
    EXPECT_THAT(checked.body,
                AllOf(HasSubstr("there is &lt;none&gt;"), HasSubstr("ask your provider")));
    post("/check", {{"subject", "203.0.113.77"}});
    post("/check", {{"subject", "203.0.113.77"}});
    EXPECT_EQ(post("/check", {{"subject", "203.0.113.77"}}).status, 429);
    EXPECT_EQ(diagnoses_, 3);
}

TEST_F(SiteTest, SpeaksJsonWithATag) {
    ban("192.0.2.7");
    const auto json = get("/api/v1/why/192.0.2.7");
    EXPECT_EQ(json.status, 200);
    EXPECT_EQ(json.content_type, "application/json");
    EXPECT_THAT(json.body, HasSubstr("\"query\": \"192.0.2.7\""));
    http::Request again;
    again.path = "/api/v1/why/192.0.2.7";
    again.headers = {{"If-None-Match", header_of(json, "ETag")}};
    EXPECT_EQ(ask(again).status, 304);
    EXPECT_EQ(get("/api/v1/why/%20").status, 400);
}

TEST_F(SiteTest, LivesBelowThePathOfItsAddress) {
    settings_.web.url = "https://www.example.org/lists/";
    ban("192.0.2.7");
    const auto body = get("/lists/why/192.0.2.7").body;
    EXPECT_THAT(body, AllOf(HasSubstr("192.0.2.7 is blocked"), HasSubstr("href=\"/lists/policy\""),
                            HasSubstr("action=\"/lists/search\"")));
    EXPECT_EQ(get("/why/192.0.2.7").status, 200);
    EXPECT_EQ(get("/listsother").status, 404);
}

TEST_F(SiteTest, SaysThatItCannotAnswerWithoutADatabase) {
    ban("192.0.2.7");
    get("/");
    fs::remove(directory_.path() / "data.mdb");
    EXPECT_EQ(get("/why/192.0.2.7").status, 503);
    EXPECT_EQ(get("/policy").status, 200);
}

}  // namespace
}  // namespace ostrakon::web
