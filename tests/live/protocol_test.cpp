// The running server as dig and kdig see it: EDNS, cookies, TCP, the class CH.
#include "support/free_port.hpp"
#include "support/live_site.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>

#include <filesystem>

namespace ostrakon::test {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr const char* kListed = "7.2.0.192.bl.example.org";

class Protocol : public testing::Test {
protected:
    // What a program of the kind of dig prints.
    std::string ask(const std::string& program, const std::vector<std::string>& words) {
        std::vector<std::string> arguments{program};
        if (program == "dig") {
            arguments.insert(arguments.end(),
                             {"+norecurse", "+tries=1", fmt::format("+time={}", kSeconds)});
        } else {
            arguments.insert(arguments.end(), {"+retry=0", fmt::format("+time={}", kSeconds)});
        }
        const ServerAddress address = server_->address();
        arguments.insert(arguments.end(),
                         {"-p", std::to_string(address.port), "@" + address.address});
        arguments.insert(arguments.end(), words.begin(), words.end());
        const ProcessResult result = run(arguments);
        EXPECT_EQ(result.status, 0) << result.output << result.errors;
        return result.output;
    }

    void start(const std::string& server = {}) {
        site_ = std::make_unique<LiveSite>(SiteOptions{.server = server});
        site_->ban("192.0.2.7");
        server_ = std::make_unique<LiveServer>(*site_);
    }

    static constexpr int kSeconds = 10;
    std::unique_ptr<LiveSite> site_;
    std::unique_ptr<LiveServer> server_;
};

TEST_F(Protocol, Rfc7873CookiesAreGoodForDigAndKdig) {
    start();
    // dig compares the client's part of what comes back.
    EXPECT_THAT(ask("dig", {kListed, "+cookie"}), HasSubstr("(good)"));
    EXPECT_THAT(ask("dig", {kListed, "+cookie", "+tcp"}), HasSubstr("(good)"));
    EXPECT_THAT(ask("kdig", {kListed, "+cookie"}), HasSubstr("COOKIE: "));
}

TEST_F(Protocol, Rfc6891OldAndOddQuestionsGetTheirAnswers) {
    start();
    EXPECT_THAT(ask("dig", {kListed, "+noedns"}), Not(HasSubstr("OPT PSEUDOSECTION")));
    EXPECT_THAT(ask("dig", {kListed, "+edns=1", "+noednsnegotiation"}), HasSubstr("BADVERS"));
    EXPECT_THAT(ask("dig", {kListed, "+ednsflags=0x7fff"}), HasSubstr("flags:; udp: 1232"));
    EXPECT_THAT(ask("dig", {kListed, "+dnssec"}), HasSubstr("flags: do; udp: 1232"));
    EXPECT_THAT(ask("dig", {kListed, "+subnet=192.0.2.0/24"}), Not(HasSubstr("CLIENT-SUBNET")));
    EXPECT_THAT(ask("dig", {kListed, "+ednsopt=65001:00"}), HasSubstr("status: NOERROR"));
    EXPECT_THAT(ask("dig", {kListed, "+opcode=UPDATE"}), HasSubstr("status: NOTIMP"));
    EXPECT_THAT(ask("dig", {"+header-only", "+nocookie"}), HasSubstr("status: FORMERR"));
}

// The cookie alone (RFC 7873 §5.4), which dig asks for without a question.
TEST_F(Protocol, Rfc7873Section5_4ACookieWithoutAQuestion) {
    start();
    const std::string answer = ask("dig", {"+header-only", "+cookie"});
    EXPECT_THAT(answer, HasSubstr("status: NOERROR"));
    EXPECT_THAT(answer, HasSubstr("(good)"));
}

TEST_F(Protocol, Rfc7828TheIdleTimeIsTold) {
    start("tcp_idle = \"30s\"");
    EXPECT_THAT(ask("dig", {kListed, "+tcp", "+keepalive"}), HasSubstr("TCP KEEPALIVE: 30.0 secs"));
    EXPECT_THAT(ask("dig", {kListed, "+notcp", "+keepalive"}), Not(HasSubstr("KEEPALIVE")));
    EXPECT_THAT(ask("dig", {kListed, "+tcp"}), Not(HasSubstr("KEEPALIVE")));
}

TEST_F(Protocol, Rfc4892AndRfc5001TheServerHasAName) {
    start("nsid = \"ns1.example.org\"\nversion = \"9\"");
    EXPECT_THAT(ask("dig", {"CH", "TXT", "id.server", "+short"}), HasSubstr("\"ns1.example.org\""));
    EXPECT_THAT(ask("dig", {"CH", "TXT", "hostname.bind"}), HasSubstr("\"ns1.example.org\""));
    EXPECT_THAT(ask("dig", {"CH", "TXT", "version.bind"}), HasSubstr("\"9\""));
    EXPECT_THAT(ask("dig", {kListed, "+nsid"}), HasSubstr("(\"ns1.example.org\")"));
    site_->configure({});
    server_->reload();
    EXPECT_THAT(ask("dig", {"CH", "TXT", "id.server"}), HasSubstr("status: REFUSED"));
    EXPECT_THAT(ask("dig", {"CH", "TXT", "version.server"}), HasSubstr("status: REFUSED"));
    EXPECT_THAT(ask("dig", {kListed, "+nsid"}), Not(HasSubstr("NSID")));
}

TEST_F(Protocol, Rfc8914ARefusalSaysWhy) {
    start();
    EXPECT_THAT(ask("dig", {"www.example.com"}), HasSubstr("EDE: 20 (Not Authoritative)"));
    EXPECT_THAT(ask("dig", {kListed, "-t", "TYPE253"}), HasSubstr("EDE: 21 (Not Supported)"));
    site_->write_zone("closed.example.org", "[access]\nquery = [\"192.0.2.0/24\"]\n");
    server_->reload();
    EXPECT_THAT(ask("dig", {"7.2.0.192.closed.example.org"}), HasSubstr("EDE: 18 (Prohibited)"));
}

TEST_F(Protocol, Rfc8482AnyIsOneAnswer) {
    start();
    EXPECT_THAT(ask("dig", {kListed, "ANY", "+notcp"}), HasSubstr("ANSWER: 1"));
    EXPECT_THAT(ask("dig", {kListed, "ANY", "+tcp"}), HasSubstr("ANSWER: 1"));
}

class SharedCookies : public Protocol {
protected:
    static constexpr const char* kSecret = "445536bcd2513298075a5d379663c962\n";
    static constexpr const char* kOtherSecret = "dd3bdf9344b678b185a6f5cb60fca715\n";

    void write_secrets(const std::string& secrets) {
        site_->write("secret", secrets);
        std::filesystem::permissions(site_->directory() / "secret",
                                     std::filesystem::perms::owner_read);
    }
    void start_with(const std::string& secrets) {
        site_ =
            std::make_unique<LiveSite>(SiteOptions{.server = "cookie_secret_file = \"secret\""});
        write_secrets(secrets);
        server_ = std::make_unique<LiveServer>(*site_);
    }
    void reload_with(const std::string& secrets) {
        std::filesystem::remove(site_->directory() / "secret");
        write_secrets(secrets);
        server_->reload();
    }

    // The cookie that the server answers `cookie` with, as hexadecimal digits.
    std::string cookie_for(const std::string& cookie) {
        const std::string text = ask("dig", {kListed, "+cookie=" + cookie});
        constexpr std::string_view kWord = "; COOKIE: ";
        const auto at = text.find(kWord);
        if (at == std::string::npos) {
            ADD_FAILURE() << text;
            return {};
        }
        return text.substr(at + kWord.size(), 48);
    }
};

TEST_F(SharedCookies, Rfc9018Section5AreRolledOverWithoutLosingAClient) {
    constexpr const char* kClient = "2464c4abcf10c957";
    start_with(kOtherSecret);
    const std::string old_cookie = cookie_for(kClient);
    EXPECT_EQ(cookie_for(old_cookie), old_cookie);
    // The second secret is believed, and makes none.
    reload_with(std::string{kOtherSecret} + kSecret);
    EXPECT_EQ(cookie_for(old_cookie), old_cookie);
    reload_with(std::string{kSecret} + kOtherSecret);
    const std::string new_cookie = cookie_for(old_cookie);
    EXPECT_NE(new_cookie, old_cookie);
    EXPECT_EQ(cookie_for(new_cookie), new_cookie);
    reload_with(kSecret);
    EXPECT_EQ(cookie_for(new_cookie), new_cookie);
    EXPECT_NE(cookie_for(old_cookie), old_cookie);
}

TEST_F(SharedCookies, Rfc9018Section3AreKnownByEveryServerWithTheSecret) {
    start_with(kSecret);
    const std::string cookie = cookie_for("2464c4abcf10c957");
    const auto first_site = std::move(site_);
    const auto first_server = std::move(server_);
    start_with(kSecret);
    EXPECT_EQ(cookie_for(cookie), cookie);
    start_with(kOtherSecret);
    EXPECT_NE(cookie_for(cookie), cookie);
}

// BIND believes ours, and we believe BIND's: in one anycast fleet either may have made a cookie.
TEST_F(SharedCookies, Rfc9018Section3AreSharedWithBind) {
    start_with(kSecret);
    const std::uint16_t port = free_port(SOCK_DGRAM);
    site_->write("named/named.conf", fmt::format(R"(
options {{
    directory "{0}";
    pid-file none;
    listen-on port {1} {{ 127.0.0.1; }};
    listen-on-v6 {{ none; }};
    recursion no;
    cookie-algorithm siphash24;
    cookie-secret "{2}";
    require-server-cookie yes;
}};
controls {{ }};
zone "bl.example.org" {{ type primary; file "zone"; }};
)",
                                                 (site_->directory() / "named").string(), port,
                                                 std::string{kSecret}.substr(0, 32)));
    site_->write("named/zone",
                 "@ 60 IN SOA ns.example.org. hostmaster.example.org. 1 1 1 1 1\n"
                 "@ 60 IN NS ns.example.org.\n");
    Process named({.arguments = {"/usr/sbin/named", "-g", "-n", "1", "-c",
                                 (site_->directory() / "named/named.conf").string()}});
    ASSERT_TRUE(named.wait_for_errors("all zones loaded")) << named.errors();
    const auto ask_bind = [&](const std::string& cookie) {
        return run({"dig", "@127.0.0.1", "-p", std::to_string(port), "+norecurse", "+nobadcookie",
                    "bl.example.org", "SOA", "+cookie=" + cookie})
            .output;
    };
    constexpr const char* kClient = "2464c4abcf10c957";
    const std::string first = ask_bind(kClient);
    EXPECT_THAT(first, HasSubstr("status: BADCOOKIE"));
    EXPECT_THAT(ask_bind(cookie_for(kClient)), HasSubstr("status: NOERROR"));
    const auto at = first.find("COOKIE: ");
    ASSERT_NE(at, std::string::npos) << first;
    const std::string of_bind = first.substr(at + 8, 48);
    EXPECT_EQ(cookie_for(of_bind), of_bind);
}

TEST_F(SharedCookies, StayAsTheyAreWhereTheFileIsBad) {
    start_with(kSecret);
    const std::string cookie = cookie_for("2464c4abcf10c957");
    std::filesystem::remove(site_->directory() / "secret");
    write_secrets("no secret");
    EXPECT_THAT(server_->reload(), HasSubstr("line 1 is no secret of 32 hexadecimal digits"));
    EXPECT_EQ(cookie_for(cookie), cookie);
    const ProcessResult check = run(
        {program("ostrakond").string(), "--check", "--config", site_->configuration().string()});
    EXPECT_EQ(check.status, 1);
    EXPECT_THAT(check.errors, HasSubstr("line 1 is no secret of 32 hexadecimal digits"));
}

TEST_F(Protocol, CookiesOfAServerWithoutAFileOutliveAReload) {
    start();
    const auto cookie = [&](const std::string& sent) {
        const std::string text = ask("dig", {kListed, "+cookie=" + sent});
        const auto at = text.find("COOKIE: ");
        return at == std::string::npos ? text : text.substr(at + 8, 48);
    };
    const std::string first = cookie("2464c4abcf10c957");
    EXPECT_EQ(first.substr(0, 16), "2464c4abcf10c957");
    server_->reload();
    EXPECT_EQ(cookie(first), first);
}

}  // namespace
}  // namespace ostrakon::test
