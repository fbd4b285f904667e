// Visitors who want something else than a page: what they get, and that others get theirs.
#include "allowance.hpp"
#include "form_tokens.hpp"
#include "ostrakon/http/target.hpp"
#include "ostrakon/policy/request_box.hpp"
#include "readable_database.hpp"
#include "support/forked.hpp"
#include "support/page_site.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <map>

namespace ostrakon::web {
namespace {

using test::header_of;
using test::PageSite;
using testing::HasSubstr;
using testing::Not;

constexpr net::Ipv4 kProxy{0x7F000001};
constexpr const char* kListedPage = "/why/192.0.2.7";

http::Request post(const std::string& path, const std::string& body,
                   const PageSite::Form& form = {}) {
    http::Request request;
    request.method = http::Method::Post;
    request.path = path;
    request.headers = {{"Cookie", form.cookie}};
    request.body = body + "&token=" + form.token;
    return request;
}

std::string removal_of(std::string_view subject) {
    return fmt::format("kind=removal&contact=a%40example.com&done=closed&subject={}", subject);
}

TEST(HostileVisits, CannotInventTheirAddressInAHeaderBeforeThatOfTheProxy) {
    PageSite site;
    const auto status_of = [&site](std::vector<std::pair<std::string, std::string>> headers) {
        http::Request request;
        request.path = kListedPage;
        request.client = kProxy;
        request.headers = std::move(headers);
        return site.answer(std::move(request)).status;
    };
    int limited = 0;
    for (int i = 0; i < 100; ++i) {  // the proxy adds a line of its own
        limited += status_of({{"X-Forwarded-For", fmt::format("198.51.{}.1", i)},
                              {"x-forwarded-for", "203.0.113.9"}}) == 429
                       ? 1
                       : 0;
    }
    EXPECT_EQ(limited, 40);
    EXPECT_EQ(status_of({{"X-Forwarded-For", "203.0.113.9:4711"}}), 429);
    EXPECT_EQ(status_of({{"X-Forwarded-For", "203.0.114.9:4711"}}), 200);
    EXPECT_EQ(status_of({{"X-Forwarded-For", "[2001:db8::1]:4711"}}), 200);
}

TEST(HostileVisits, CannotLookUpThroughFormsWhatTheyMayNotAsk) {
    PageSite site;
    const auto form = site.form();
    std::map<int, int> statuses;
    for (int i = 0; i < 10'000; ++i) {
        ++statuses[site.answer(
                           post("/request", removal_of(fmt::format("203.0.113.{}", i % 250)), form))
                       .status];
        ++statuses[site.answer(post("/check", "subject=192.0.2.7")).status];
    }
    EXPECT_EQ(statuses[422], 60);
    EXPECT_EQ(statuses[429], 19'940);
    EXPECT_EQ(site.get(kListedPage).status, 429);
    EXPECT_EQ(site.get(kListedPage, net::Ipv4{0xC6336401}).status, 200);
}

TEST(HostileVisits, AreLimitedByTenThousandsAndOthersAreNot) {
    PageSite site;
    std::map<int, int> statuses;
    std::map<int, int> of_others;
    for (int i = 0; i < 10'000; ++i) {
        ++statuses[site.get(i % 2 == 0 ? kListedPage : "/api/v1/why/192.0.2.7").status];
        if (i % 100 == 0) {
            const auto other = net::Ipv4{0xC6330000U + (static_cast<std::uint32_t>(i) << 8U)};
            ++of_others[site.get(kListedPage, other).status];
        }
    }
    EXPECT_EQ(statuses, (std::map<int, int>{{200, 60}, {429, 9940}}));
    EXPECT_EQ(of_others, (std::map<int, int>{{200, 100}}));
}

TEST(HostileVisits, FileNoMoreThanTheirShareHoweverTheyTry) {
    PageSite site;
    std::map<int, int> statuses;
    for (int i = 0; i < 100; ++i) {
        const auto form = site.form();
        auto request = post("/request", removal_of("192.0.2.7") + fmt::format("{}", i), form);
        request.client = net::Ipv4{0xCB007100U + static_cast<std::uint32_t>(i)};  // of one network
        request.body += "&subject=198.51.100.1&token=other";  // the first of a name counts
        ++statuses[site.answer(std::move(request)).status];
        site.wait(1);
    }
    EXPECT_EQ(statuses[303], 0) << "that subject is not listed";
    statuses.clear();
    for (int i = 0; i < 100; ++i) {
        ++statuses[site.answer(post("/request", removal_of("192.0.2.7"), site.form())).status];
        site.wait(1);
    }
    EXPECT_EQ(statuses, (std::map<int, int>{{303, 5}, {429, 95}}));
    EXPECT_EQ(policy::waiting_requests(site.box()), 5U);
}

TEST(HostileVisits, GetNoLinkToAnotherServer) {
    PageSite site;
    for (const char* path :
         {"//evil.example/", "/\\evil.example/", "/\t/evil.example/", "/\x01/evil.example",
          "http://evil.example/", "javascript:alert(1)", "*", ""}) {
        const auto response = site.get(path);
        EXPECT_EQ(test::flaw_of(response), "") << path;
        EXPECT_THAT(response.body, Not(HasSubstr("evil"))) << path;
        EXPECT_THAT(response.body, HasSubstr("href=\"/?lang=es\"")) << path;
    }
    EXPECT_THAT(site.get("/policy").body, HasSubstr("href=\"/policy?lang=es\""));
}

TEST(HostileVisits, AreToldWhichFormsAreTaken) {
    PageSite site;
    const auto status_of = [&site](const std::string& type) {
        auto request = post("/check", "subject=192.0.2.7");
        request.headers.emplace_back("Content-Type", type);
        return site.answer(std::move(request)).status;
    };
    EXPECT_EQ(status_of("application/x-www-form-urlencoded"), 422);
    EXPECT_EQ(status_of("Application/X-WWW-Form-Urlencoded; charset=utf-8"), 422);
    EXPECT_EQ(status_of("multipart/form-data; boundary=x"), 415);
    EXPECT_EQ(status_of("text/plain"), 415);
    EXPECT_EQ(status_of("application/x-www-form-urlencodedx"), 415);
}

TEST(HostileVisits, GetBackNoMoreThanTheyMaySend) {
    PageSite site;
    const std::string quotes(kFormSizeMax - 100, '"');
    const auto response = site.answer(post("/request", "subject=x&contact=y&done=" + quotes));
    EXPECT_EQ(response.status, 422);
    EXPECT_LE(response.body.size(), (std::size_t{6} << 20) + (64 << 10));
    EXPECT_EQ(test::flaw_of(response), "");
}

TEST(HostileVisits, SeeNothingThatIsNotForThem) {
    PageSite site;
    for (const std::string& asked :
         {std::string("192.0.2.7"), std::string("spam.example"), std::string("198.51.100.20"),
          std::string("7.adsl.example.net"), std::string("203.0.113.77"),
          std::string("2001:db8:1::5"), PageSite::mail_hash()}) {
        for (const char* start : {"/why/", "/api/v1/why/", "/request?subject="}) {
            const auto response = site.get(start + http::encode_percent(asked));
            EXPECT_EQ(response.status, 200) << start << asked;
            EXPECT_EQ(test::flaw_of(response), "") << start << asked;
            for (const std::string_view secret :
                 {PageSite::kEvidence, PageSite::kAuthor, PageSite::kMail}) {
                EXPECT_THAT(response.body, Not(HasSubstr(std::string(secret)))) << start << asked;
            }
        }
    }
}

TEST(HostileVisits, HaveATagKnownInAListOfTags) {
    PageSite site;
    const std::string tag = header_of(site.get("/api/v1/why/192.0.2.7"), "ETag");
    const auto status_of = [&](const std::string& known) {
        http::Request request;
        request.path = "/api/v1/why/192.0.2.7";
        request.headers = {{"If-None-Match", known}};
        return site.answer(std::move(request)).status;
    };
    EXPECT_EQ(status_of(tag), 304);
    EXPECT_EQ(status_of("W/" + tag), 304);
    EXPECT_EQ(status_of("\"x\", " + tag), 304);
    EXPECT_EQ(status_of("*"), 304);
    EXPECT_EQ(status_of("\"x\""), 200);
}

TEST(FormTokens, BelieveNoTimeThatOverflows) {
    const FormTokens tokens;
    const UnixTime now{1'800'000'000};
    const std::string session = FormTokens::make_session();
    const std::string token = tokens.make(session, now);
    EXPECT_TRUE(tokens.accepts(token, session, now));
    EXPECT_FALSE(tokens.accepts(token, FormTokens::make_session(), now));
    EXPECT_FALSE(tokens.accepts(token + "0", session, now));
    EXPECT_FALSE(tokens.accepts("0" + token, session, now));
    EXPECT_FALSE(tokens.accepts(token, session, UnixTime{now.seconds - 1}));
    const std::string signature = token.substr(token.find('.'));
    for (const std::int64_t seconds : {std::numeric_limits<std::int64_t>::min(),
                                       std::numeric_limits<std::int64_t>::max(), std::int64_t{0}}) {
        EXPECT_FALSE(tokens.accepts(fmt::format("{}{}", seconds, signature), session, now));
    }
}

TEST(Allowance, KeepsALimitWhileMoreNetworksComeThanAreKept) {
    Allowance allowance({2, 1000});
    const UnixTime now{1'800'000'000};
    const net::Ipv4 one{0xC0000201};
    EXPECT_TRUE(allowance.take(one, now));
    EXPECT_TRUE(allowance.take(one, now));
    EXPECT_FALSE(allowance.take(one, now));
    std::size_t taken = 0;
    for (std::uint32_t i = 0; i < 150'000; ++i) {
        taken += allowance.take(net::Ipv4{0x0A000000U + (i << 8U)}, now) ? 1U : 0U;
    }
    EXPECT_EQ(taken, 99'999U);                 // with the first: as many as are kept
    EXPECT_FALSE(allowance.take(one, now));    // which is not forgotten for them
    const UnixTime later{now.seconds + 2000};  // by when all have all back
    EXPECT_TRUE(allowance.take(net::Ipv4{0xDF000000U}, later));
}

TEST(Allowance, DoesNotPunishForAClockThatWasSetBack) {
    Allowance allowance({2, 10});
    const net::Ipv4 one{0xC0000201};
    const UnixTime wrong{2'000'000'000};
    const UnixTime now{1'800'000'000};
    EXPECT_TRUE(allowance.take(one, wrong));
    EXPECT_TRUE(allowance.take(one, now));
    EXPECT_TRUE(allowance.take(one, now));
    EXPECT_FALSE(allowance.take(one, now));
}

// A lock of another process on the lock file of a database, as one that opens it would find.
bool is_locked(const std::filesystem::path& database) {
    test::Forked asking([&database](const test::Pipe& pipe) {
        const FileDescriptor file(::open((database / "lock.mdb").c_str(), O_RDWR | O_CLOEXEC));
        struct flock lock {};
        lock.l_type = F_WRLCK;
        lock.l_whence = SEEK_SET;
        lock.l_len = 1;
        ::fcntl(file.get(), F_GETLK, &lock);
        pipe.say(lock.l_type == F_UNLCK ? "free" : "locked");
    });
    return asking.line() == "locked";
}

TEST(ReadableDatabase, StaysLockedWhileOneOfTwoSitesEnds) {
    // Where a file is opened twice in a process, closing it once gives up the locks of both.
    const test::TemporaryDirectory directory;
    config::Settings settings = config::default_settings();
    settings.database.path = directory.path();
    ASSERT_TRUE(store::Environment::open({.directory = directory.path(),
                                          .access = store::Access::ReadWriteCreate,
                                          .size_bytes = std::uint64_t{1} << 26}));
    const auto database = std::make_shared<ReadableDatabase>(settings.database);
    const auto make_site = [&] {
        return std::make_unique<Site>(SiteOptions{.settings = settings,
                                                  .zones = {config::default_zone()},
                                                  .languages = *Languages::read(OSTRAKON_WEB_TEXTS),
                                                  .style = "",
                                                  .policy = "",
                                                  .diagnose = {},
                                                  .now = [] { return UnixTime{1'800'000'000}; },
                                                  .database = database});
    };
    http::Request request;
    request.path = kListedPage;
    auto before = make_site();
    EXPECT_EQ(before->answer(request).status, 200);
    const auto after = make_site();
    EXPECT_EQ(after->answer(request).status, 200);
    EXPECT_TRUE(is_locked(directory.path()));
    before.reset();
    EXPECT_TRUE(is_locked(directory.path()));
}

}  // namespace
}  // namespace ostrakon::web
