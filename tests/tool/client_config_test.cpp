// client-config: the settings it prints, word by word.
//
// The texts lie in tests/tool/client-config, a file for each site and client. Where a change of
// them is meant, OSTRAKON_RECORD=1 writes them anew. That the programs take them is tested by
// tests/mail.
#include "site.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <cstdlib>
#include <fstream>

namespace ostrakon::test {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr auto kClients = {"postfix", "exim", "spamassassin", "rspamd",
                           "unbound", "bind", "powerdns",     "dnsmasq"};

void expect_recorded(const Site& site, const std::string& name) {
    const bool records = std::getenv("OSTRAKON_RECORD") != nullptr;
    for (const std::string client : kClients) {
        const Answer answer = site({"client-config", client});
        EXPECT_EQ(answer.status, 0) << client << ": " << answer.errors;
        const std::filesystem::path file =
            std::filesystem::path{OSTRAKON_CLIENT_CONFIGS} / (name + "-" + client + ".txt");
        if (records) {
            std::ofstream{file} << answer.output;
        }
        EXPECT_EQ(answer.output, read_file(file)) << file;
    }
}

TEST(ClientConfig, OfAFirstSite) {
    const Site site{"[server]\nlisten = [\"127.0.0.1:5353\", \"[::1]:5353\"]\n"};
    site.write_zone("wl.example.org", "classes = [\"allow\"]\n");
    ASSERT_EQ(site({"ban", "192.0.2.7", "--reason", "x"}).status, 0);
    expect_recorded(site, "first");
}

// Codes of its own, feeds with and without some, no mail, names that are never NXDOMAIN; one server
// on every address.
TEST(ClientConfig, OfASiteWithItsOwnCodes) {
    const Site site{
        "[server]\nlisten = [\"0.0.0.0:53\", \"192.0.2.53:53\"]\n[classes]\nphish = "
        "\"127.0.0.1\"\n"};
    EXPECT_EQ(site({"client-config", "postfix"}).status, 2);  // that is no code
    const Site sound{
        "[server]\nlisten = [\"0.0.0.0:53\", \"192.0.2.53:53\"]\n[classes]\nphish = "
        "\"127.0.1.1\"\n[[feed]]\nname = \"drop\"\nurl = "
        "\"https://lists.example.com/drop\"\nformat = "
        "\"plain\"\ncode = \"127.0.0.9\"\n"};
    sound.write_zone(
        "bl.example.org",
        "ttl = \"1h\"\nkinds = [\"ip\", \"name\"]\nsources = [\"own\", \"*\", "
        "\"dynamic-names\"]\nclasses = [\"ip\", \"phish\", \"upstream\"]\n[codes]\nip = "
        "\"127.0.0.53\"\n");
    sound.write("list", ":127.0.0.44:listed\n192.0.2.0/24\n");
    ASSERT_EQ(sound({"import", sound.path() / "list", "--format", "rbldnsd:ip4trie", "--source",
                     "others"})
                  .status,
              0);
    expect_recorded(sound, "own-codes");
}

TEST(ClientConfig, IsOfOneZoneWhereThatIsNamed) {
    const Site site;
    site.write_zone("wl.example.org", "classes = [\"allow\"]\n");
    const Answer answer = site({"client-config", "postfix", "--zone", "WL.example.org."});
    EXPECT_EQ(answer.status, 0) << answer.errors;
    EXPECT_THAT(answer.output, HasSubstr("permit_dnswl_client wl.example.org=127.0.4.2"));
    EXPECT_THAT(answer.output, Not(HasSubstr("bl.example.org")));
    EXPECT_EQ(site({"client-config", "postfix", "--zone", "example.net"}).status, 2);
    const Json json = site({"client-config", "bind", "--json"}).json();
    EXPECT_EQ(json["client"], "bind");
    EXPECT_THAT(json["text"].get<std::string>(), HasSubstr("type forward;"));
}

TEST(ClientConfig, HasTheCodesOfSingleListings) {
    const Site site;
    ASSERT_EQ(
        site({"ban", "192.0.2.7", "192.0.2.8", "--reason", "x", "--code", "127.0.0.77"}).status, 0);
    EXPECT_THAT(site({"client-config", "postfix"}).output, HasSubstr("[2..6;10;77]"));
    ASSERT_EQ(site({"unban", "192.0.2.7", "192.0.2.8", "--reason", "x"}).status, 0);
}

TEST(ClientConfig, TurnsTheMonitorOffWhereNamesAreNotDenied) {
    const Site site;
    EXPECT_THAT(site({"client-config", "rspamd"}).output, Not(HasSubstr("disable_monitoring")));
    ASSERT_EQ(site({"ban", "rdns:*.adsl.example.net", "--reason", "x"}).status, 0);
    EXPECT_THAT(site({"client-config", "rspamd"}).output, Not(HasSubstr("disable_monitoring")));
    ASSERT_EQ(site({"--yes", "ban", "rdns:/^dial[0-9]/", "--reason", "x"}).status, 0);
    EXPECT_THAT(site({"client-config", "rspamd"}).output, HasSubstr("disable_monitoring = true"));
    for (const char* source : {"dynamic-names", "unknown-tld"}) {
        const Site other;
        other.write_zone("bl.example.org",
                         std::string{"sources = [\"own\", \""} + source + "\"]\n");
        EXPECT_THAT(other({"client-config", "rspamd"}).output,
                    HasSubstr("disable_monitoring = true"))
            << source;
    }
}

TEST(ClientConfig, SaysWhatItDoesNotKnow) {
    const Site site;
    std::filesystem::remove_all(site.database());
    const Answer answer = site({"client-config", "unbound"});
    EXPECT_EQ(answer.status, 0) << answer.errors;
    EXPECT_THAT(answer.output, HasSubstr("# Note: the database cannot be read"));
    const Answer mistyped = site({"client-config", "postfx"});
    EXPECT_EQ(mistyped.status, 2);
    EXPECT_THAT(mistyped.errors, HasSubstr("did you mean postfix?"));
    site.write_zone("bl.example.org", "retired = \"2026-01-01\"\n");
    EXPECT_THAT(site({"client-config", "unbound"}).output,
                HasSubstr("bl.example.org is retired from 2026-01-01T00:00:00Z on: left out"));
}

}  // namespace
}  // namespace ostrakon::test
