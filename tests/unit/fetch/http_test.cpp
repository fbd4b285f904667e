// Lists that a sound web server has, or has not: nginx.
#include "fetch_test_base.hpp"
#include "support/rude_web_server.hpp"
#include "support/web_server.hpp"

#include <fmt/format.h>
#include <cstdlib>

namespace ostrakon::fetch {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

constexpr const char* kKey = "s3cret/key+word";
constexpr const char* kEncodedKey = "s3cret%2Fkey%2Bword";

class Http : public FetchTest {
protected:
    void SetUp() override {
        if (!test::WebServer::is_installed()) {
            GTEST_SKIP() << "nginx or openssl is not installed";
        }
    }
};

TEST_F(Http, ListComesWholeWithItsValidators) {
    const test::WebServer server("");
    server.serve("list", "192.0.2.1\n");
    Request made = request(server.url("/list"));
    std::uint64_t last_done = 0;
    std::uint64_t last_total = 0;
    made.progress = [&](std::uint64_t done, std::uint64_t total) {
        last_done = done;
        last_total = total;
    };
    const auto fetched = fetch(made);
    ASSERT_TRUE(fetched) << message(fetched.error().error);
    EXPECT_FALSE(fetched->is_unchanged);
    EXPECT_EQ(body(), "192.0.2.1\n");
    EXPECT_EQ(fetched->size, 10U);
    EXPECT_EQ(last_done, 10U);
    EXPECT_EQ(last_total, 10U);
    EXPECT_THAT(fetched->validators.etag, StartsWith("\""));
    EXPECT_THAT(fetched->validators.last_modified, HasSubstr("GMT"));
    EXPECT_FALSE(fetched->fresh_until);
}

TEST_F(Http, EmptyListIsOne) {
    const test::WebServer server("");
    server.serve("list", "");
    const auto fetched = fetch(request(server.url("/list")));
    ASSERT_TRUE(fetched) << message(fetched.error().error);
    EXPECT_EQ(fetched->size, 0U);
    EXPECT_FALSE(is_clean());
}

TEST_F(Http, EitherValidatorAloneSavesTheTransfer) {
    const test::WebServer server("");
    server.serve("list", "192.0.2.1\n");
    const Validators both = fetch(request(server.url("/list")))->validators;
    for (const Validators& known :
         {both, Validators{both.etag, ""}, Validators{"", both.last_modified}}) {
        std::filesystem::remove_all(directory_.path() / "out");
        Request made = request(server.url("/list"));
        made.validators = known;
        const auto fetched = fetch(made);
        ASSERT_TRUE(fetched) << message(fetched.error().error);
        EXPECT_TRUE(fetched->is_unchanged) << known.etag << known.last_modified;
        EXPECT_EQ(fetched->validators, both);
        EXPECT_TRUE(is_clean());
    }
    Request made = request(server.url("/list"));
    made.validators = {"\"another\"", ""};
    EXPECT_FALSE(fetch(made)->is_unchanged);
    EXPECT_EQ(body(), "192.0.2.1\n");
}

TEST_F(Http, FreshnessIsBelievedForADay) {
    const test::WebServer server(R"(
location = /hour { add_header Cache-Control "public, max-age=3600"; return 200 "a"; }
location = /year { add_header Cache-Control max-age=31536000; return 200 "a"; }
location = /huge { add_header Cache-Control max-age=99999999999999999999; return 200 "a"; }
location = /expires { add_header Expires "Thu, 31 Dec 2099 23:59:59 GMT"; return 200 "a"; }
location = /no { add_header Cache-Control "no-cache, max-age=3600"; return 200 "a"; }
location = /zero { add_header Cache-Control "max-age=0"; return 200 "a"; }
location = /past { add_header Expires "Thu, 01 Jan 1970 00:00:00 GMT"; return 200 "a"; }
location = /odd { add_header Cache-Control max-age=soon; add_header Expires 0; return 200 "a"; }
)");
    struct Case {
        const char* path;
        std::int64_t seconds;  // 0: none
    };
    for (const auto& [path, seconds] :
         {Case{"/hour", 3600}, Case{"/year", 86400}, Case{"/huge", 86400}, Case{"/expires", 86400},
          Case{"/no", 0}, Case{"/zero", 0}, Case{"/past", 0}, Case{"/odd", 0}}) {
        SCOPED_TRACE(path);
        const std::int64_t before = now().seconds;
        const auto fetched = fetch(request(server.url(path)));
        const std::int64_t after = now().seconds;
        ASSERT_TRUE(fetched) << message(fetched.error().error);
        ASSERT_EQ(fetched->fresh_until.has_value(), seconds != 0);
        if (seconds != 0) {
            EXPECT_GE(fetched->fresh_until->seconds, before + seconds);
            EXPECT_LE(fetched->fresh_until->seconds, after + seconds);
        }
    }
}

TEST_F(Http, RefusalsAreToldApart) {
    const test::WebServer server(R"(
location = /429 { add_header Retry-After 120 always; return 429 "Slow down\n<b>now</b>\n"; }
location = /429-bare { return 429; }
location = /503 { add_header Retry-After "Thu, 31 Dec 2099 23:59:59 GMT" always; return 503 "later"; }
location = /503-past { add_header Retry-After "Thu, 01 Jan 1970 00:00:00 GMT" always; return 503 ""; }
location = /503-huge { add_header Retry-After 99999999999999999999 always; return 503 ""; }
location = /503-bare { return 503 "down"; }
location = /503-odd { add_header Retry-After tomorrow always; return 503 "down"; }
location = /500 { return 500 "<html><head><title>Some error</title></head></html>"; }
location = /401 { return 401 "who?"; }
location = /403 { return 403 "key unknown"; }
location = /410 { return 410 "ended"; }
location = /204 { return 204; }
location = /418 { return 418 "teapot"; }
)");
    using enum FailureKind;
    struct Case {
        const char* path;
        FailureKind kind;
        std::optional<Duration> wait;
        const char* text;
    };
    const std::vector<Case> cases{
        {"/429", TooOften, Duration{120}, "answered 429: Slow down"},
        {"/429-bare", TooOften, {}, "429"},
        {"/503", TooOften, Duration{86400}, "answered 503: later"},
        {"/503-past", TooOften, Duration{0}, "503"},
        {"/503-huge", TooOften, Duration{86400}, "503"},
        {"/503-bare", Temporary, {}, "503: down"},
        {"/503-odd", Temporary, {}, "503: down"},
        {"/500", Temporary, {}, "answered 500: Some error"},
        {"/401", Refused, {}, "who?"},
        {"/403", Refused, {}, "key unknown"},
        {"/404", Gone, {}, "404"},
        {"/410", FailureKind::Ended, {}, "ended"},
        {"/204", Temporary, {}, "204"},
        {"/418", Temporary, {}, "teapot"},
    };
    for (const auto& [path, kind, wait, text] : cases) {
        SCOPED_TRACE(path);
        const Refusal refused = refusal(request(server.url(path)));
        EXPECT_EQ(refused.kind, kind);
        EXPECT_EQ(refused.retry_after, wait);
        EXPECT_THAT(refused.text, HasSubstr(text));
        EXPECT_THAT(refused.text, HasSubstr(server.url(path)));
    }
}

TEST_F(Http, WebPageIsNoList) {
    const test::WebServer server(R"(
location = /page { default_type text/html; return 200 "<!doctype html>\n<p>Please log\x1bin</p>"; }
location = /xhtml { default_type "Application/XHTML+xml; charset=utf-8"; return 200 "<p/>"; }
)");
    const Refusal page = refusal(request(server.url("/page")));
    EXPECT_EQ(page.kind, FailureKind::NotAList);
    EXPECT_THAT(page.text, HasSubstr("answered 200: Please log\\x1bin"));
    EXPECT_EQ(refusal(request(server.url("/xhtml"))).kind, FailureKind::NotAList);
}

TEST_F(Http, LargerThanAllowedIsRefused) {
    const test::WebServer server("");
    server.serve("list", std::string(100'000, 'a'));
    Request made = request(server.url("/list"));
    made.limits.size_max = 99'999;
    EXPECT_EQ(refusal(made).kind, FailureKind::NotAList);
    made.limits.size_max = 100'000;
    EXPECT_TRUE(fetch(made));
}

TEST_F(Http, RedirectsAreFollowedThreeTimes) {
    const test::WebServer server(R"(
location = /1 { return 301 /2; }
location = /2 { return 302 /3; }
location = /3 { return 307 /list; }
location = /0 { return 308 /1; }
location = /loop { return 302 /loop; }
location = /nowhere { add_header Location "ftp://example.org/list" always; return 302; }
location = /odd { return 302 "http://[/"; }
)");
    server.serve("list", "192.0.2.1\n");
    const auto fetched = fetch(request(server.url("/1")));
    ASSERT_TRUE(fetched) << message(fetched.error().error);
    EXPECT_EQ(body(), "192.0.2.1\n");
    std::filesystem::remove_all(directory_.path() / "out");
    for (const char* const path : {"/0", "/loop"}) {
        const Refusal refused = refusal(request(server.url(path)));
        EXPECT_EQ(refused.kind, FailureKind::Temporary);
        EXPECT_THAT(refused.text, HasSubstr("more than 3 times"));
    }
    for (const char* const path : {"/nowhere", "/odd"}) {
        EXPECT_THAT(refusal(request(server.url(path))).text, HasSubstr("redirected to nothing"));
    }
}

TEST_F(Http, StrangersSendNobodyToAnAddressOfThisSite) {
    // The list of 127.0.0.1 may come from there: its URL says so. Another host is another matter.
    const test::RudeWebServer inner([](const test::RudeWebServer::Client& client) {
        client.send("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nsecret");
    });
    const std::string port = inner.url("").substr(inner.url("").rfind(':') + 1);
    const test::WebServer server(fmt::format(R"(
location = /name {{ return 302 http://localhost:{0}/inner; }}
location = /address {{ return 302 http://127.0.0.2:{0}/inner; }}
location = /mapped {{ return 302 http://[::ffff:127.0.0.1]:{0}/inner; }}
location = /below {{ return 302 http://inner.localhost:{0}/inner; }}
location = /number {{ return 302 http://2130706434:{0}/inner; }}
location = /same {{ return 302 http://127.0.0.1:{0}/inner; }}
)",
                                             port));
    for (const char* const path : {"/name", "/address", "/mapped", "/number", "/below"}) {
        const Refusal refused = refusal(request(server.url(path)));
        EXPECT_EQ(refused.kind, FailureKind::Temporary) << path;
        EXPECT_THAT(refused.text, HasSubstr("address of this site")) << path;
    }
    EXPECT_TRUE(inner.requests().empty());
    EXPECT_TRUE(fetch(request(server.url("/same"))));
}

// Whatever goes wrong, and whoever words it.
TEST_F(Http, KeyIsInNoError) {
    const test::WebServer server(R"(
location = /echo { return 403 "no such key: $arg_k $http_auth_key $http_authorization"; }
location = /page { default_type text/html; return 200 "<p>$arg_k</p>"; }
location = /redirect { return 302 ftp://example.org/$arg_k; }
location = /site { return 302 http://localhost/$arg_k; }
location = /loop { return 302 /loop?k=$arg_k; }
location = /large { return 200 "aaaaaaaaaaa"; }
)");
    for (const char* const path :
         {"/echo", "/page", "/redirect", "/site", "/loop", "/large", "/404"}) {
        Request made = request(server.url(path) + "?k={key}");
        made.key = kKey;
        made.limits.size_max = 10;
        const Refusal refused = refusal(made);
        EXPECT_THAT(refused.text, Not(HasSubstr(kKey))) << path;
        EXPECT_THAT(refused.text, Not(HasSubstr(kEncodedKey))) << path;
        made.url = server.url(path) + "?k=" + kEncodedKey;
        made.key_header = "Auth-Key";
        EXPECT_THAT(refusal(made).text, Not(HasSubstr("s3cret"))) << path;
    }
    Request bearer = request(server.url("/echo"));
    bearer.key = "Bearer s3cretword";
    bearer.key_header = "Authorization";
    EXPECT_THAT(refusal(bearer).text, Not(HasSubstr("s3cretword")));
    Request user = request(server.url("/echo").insert(7, "user%2Fname:pass%2Fw0rd@"));
    EXPECT_THAT(refusal(user).text, Not(HasSubstr("w0rd")));
    // libcurl names the host that it cannot reach.
    Request host = request("http://{key}:1/");
    host.key = "127.0.0.9";
    EXPECT_THAT(refusal(host).text, Not(HasSubstr(host.key)));
}

TEST_F(Http, KeyGoesWhereItBelongs) {
    const test::WebServer server(
        "location = /list { return 200 "
        "\"$arg_k|$http_auth_key|$http_authorization|$http_user_agent\"; }"
        "location = /moved { return 302 /list; }");
    Request made = request(server.url("/list?k={key}"));
    made.key = kKey;
    ASSERT_TRUE(fetch(made));
    EXPECT_EQ(body(), fmt::format("{}|||{}", kEncodedKey, made.user_agent));
    made.url = server.url("/moved");
    made.key_header = "Auth-Key";
    ASSERT_TRUE(fetch(made));
    EXPECT_EQ(body(), fmt::format("|{}||{}", kKey, made.user_agent));
    made.key = "Bearer abc";
    made.key_header = "Authorization";
    ASSERT_TRUE(fetch(made));
    EXPECT_EQ(body(), fmt::format("||Bearer abc|{}", made.user_agent));
    ASSERT_TRUE(fetch(request(server.url("/list").insert(7, "user:pass@"))));
    EXPECT_EQ(body(), fmt::format("||Basic dXNlcjpwYXNz|{}", made.user_agent));
}

TEST_F(Http, KeyIsNotHandedOn) {
    const test::RudeWebServer other([](const test::RudeWebServer::Client& client) {
        client.send("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\na");
    });
    const test::WebServer server("location = /moved { return 302 " + other.url("/list") + "; }");
    Request made = request(server.url("/moved").insert(7, "user:pass@"));
    made.key = kKey;
    made.key_header = "Auth-Key";
    ASSERT_TRUE(fetch(made));
    ASSERT_EQ(other.requests().size(), 1U);
    EXPECT_THAT(other.requests().front(), HasSubstr("GET /list"));
    EXPECT_THAT(other.requests().front(), Not(HasSubstr("Auth")));
}

TEST_F(Http, WrongRequestsAreNotSent) {
    Request made = request("http://127.0.0.1:1/list?k={key}");
    EXPECT_EQ(refusal(made).kind, FailureKind::BadRequest);  // no key
    made.url = "http://127.0.0.1:1/list";
    made.key = "key";
    EXPECT_EQ(refusal(made).kind, FailureKind::BadRequest);  // no place for it
    made.key_header = "Auth-Key";
    made.key = "key\r\nHost: example.org";
    EXPECT_EQ(refusal(made).kind, FailureKind::BadRequest);
    made.key = "key";
    for (const char* const url : {"http://", "https://[::1/", "http://host:99999999/"}) {
        made.url = url;
        EXPECT_EQ(refusal(made).kind, FailureKind::BadRequest) << url;
    }
    made.url = "http://127.0.0.1:1/list";
    EXPECT_EQ(refusal(made).kind, FailureKind::Temporary);  // nobody there
}

TEST_F(Http, ProxyOfTheEnvironmentIsAsked) {
    // It says what it was asked for, and sends on from one host to another, or into this site.
    const test::WebServer proxy(R"(
location = /list { return 200 "$host"; }
location = /moved { return 302 http://other.example.org/list; }
location = /inner { return 302 http://127.0.0.1/list; }
)");
    ::setenv("http_proxy", proxy.url("").c_str(), 1);
    ::setenv("no_proxy", "other.example.org", 1);
    EXPECT_TRUE(fetch(request("http://list.example.org/list")));
    EXPECT_EQ(body(), "list.example.org");
    EXPECT_TRUE(fetch(request("http://list.example.org/moved")));
    EXPECT_EQ(body(), "other.example.org");
    std::filesystem::remove_all(directory_.path() / "out");
    EXPECT_THAT(refusal(request("http://list.example.org/inner")).text,
                HasSubstr("address of this site"));
    ::unsetenv("http_proxy");
    ::unsetenv("no_proxy");
}

class Https : public Http {
protected:
    test::Certificate certificate(const std::string& name, bool is_expired = false) const {
        return test::make_certificate(directory_.path() / name.substr(0, 3), name, is_expired);
    }
};

TEST_F(Https, OnlyTrustedCertificatesAreBelieved) {
    const test::Certificate good = certificate("IP:127.0.0.1");
    const test::WebServer server("location / { return 200 a; }", &good);
    Request made = request(server.url("/list"));
    const Refusal refused = refusal(made);
    EXPECT_EQ(refused.kind, FailureKind::Temporary);
    EXPECT_THAT(refused.text, HasSubstr("certificate"));
    made.ca_file = good.file;
    const auto fetched = fetch(made);
    ASSERT_TRUE(fetched) << message(fetched.error().error);
    EXPECT_EQ(body(), "a");
    std::filesystem::remove_all(directory_.path() / "out");
    made = request(server.url("/list"));
    made.ca_file = directory_.path() / "absent";
    EXPECT_EQ(refusal(made).kind, FailureKind::BadRequest);
}

TEST_F(Https, CertificateIsForItsHostAlone) {
    const test::Certificate other = certificate("DNS:other.example.org");
    const test::WebServer server("location / { return 200 a; }", &other);
    Request made = request(server.url("/list"));
    made.ca_file = other.file;
    EXPECT_THAT(refusal(made).text, HasSubstr("certificate"));
}

TEST_F(Https, CertificateEnds) {
    const test::Certificate old = certificate("IP:127.0.0.1", true);
    const test::WebServer server("location / { return 200 a; }", &old);
    Request made = request(server.url("/list"));
    made.ca_file = old.file;
    EXPECT_THAT(refusal(made).text, HasSubstr("expired"));
}

TEST_F(Https, OldTlsIsNotSpoken) {
    // Not even where the system would allow it; OpenSSL reads this when it is first used.
    const auto lax = directory_.write("openssl.cnf",
                                      "openssl_conf = all\n[all]\nssl_conf = ssl\n[ssl]\n"
                                      "system_default = lax\n[lax]\nMinProtocol = TLSv1\n"
                                      "CipherString = ALL:@SECLEVEL=0\n");
    ::setenv("OPENSSL_CONF", lax.c_str(), 1);
    const test::Certificate good = certificate("IP:127.0.0.1");
    const test::WebServer server(
        "ssl_protocols TLSv1.1; ssl_ciphers ALL:@SECLEVEL=0; location / { return 200 a; }", &good);
    Request made = request(server.url("/list"));
    made.ca_file = good.file;
    EXPECT_EQ(refusal(made).kind, FailureKind::Temporary);
    ::unsetenv("OPENSSL_CONF");
}

TEST_F(Https, StaysHttps) {
    const test::Certificate good = certificate("IP:127.0.0.1");
    const test::WebServer plain("location / { return 200 a; }");
    const test::WebServer server(
        "location / { return 302 " + plain.url("/list?token=s3cret") + "; }", &good);
    Request made = request(server.url("/list"));
    made.ca_file = good.file;
    const Refusal refused = refusal(made);
    EXPECT_THAT(refused.text, HasSubstr("from https to http"));
    EXPECT_THAT(refused.text, Not(HasSubstr("s3cret")));
    // The other way is an improvement.
    const test::WebServer end("location / { return 200 a; }", &good);
    const test::WebServer start("location / { return 301 " + end.url("/list") + "; }");
    made.url = start.url("/list");
    EXPECT_TRUE(fetch(made));
}

}  // namespace
}  // namespace ostrakon::fetch
