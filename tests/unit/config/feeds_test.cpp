// [[feed]] and feeds/*.toml.
#include "unit/config/site.hpp"

#include <gmock/gmock.h>

namespace ostrakon::config {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

std::string feed(std::string_view lines) {
    return "[[feed]]\n" + std::string{lines} + "\n";
}

TEST(Feed, NeedsNothingButAName) {
    const auto outcome = Site{feed("name = \"partners\"")}.settings();
    ASSERT_TRUE(outcome.value) << outcome.mistakes.front();
    EXPECT_THAT(outcome.warnings, IsEmpty());
    ASSERT_THAT(outcome.value->feeds, SizeIs(1));
    const FeedSettings& read = outcome.value->feeds.front();
    EXPECT_EQ(read.name, "partners");
    EXPECT_EQ(read.listing_class, "upstream");
    EXPECT_FALSE(read.code);
    EXPECT_FALSE(read.max_age);
    EXPECT_EQ(read.max_shrink, 0.3);
    EXPECT_EQ(read.max_growth, 1.0);
    EXPECT_EQ(read.max_width_ipv4, 8);
    EXPECT_EQ(read.max_width_ipv6, 16);
    EXPECT_EQ(read.max_covered, 0.05);
    EXPECT_EQ(read.min_entries, 1);
    EXPECT_EQ(read.every, Duration{12 * 3600});
    EXPECT_EQ(read.size_max, std::uint64_t{256} << 20);
    EXPECT_FALSE(read.may_be_redistributed);
    EXPECT_THAT(read.terms, IsEmpty());
}

TEST(Feed, IsReadFromEveryKey) {
    const Site site{"[classes]\nphish = \"127.0.0.7\"\n" + feed(R"(name = "drop"
url = "https://example.org/drop.json"
format = "spamhaus-json"
every = "12h"
class = "phish"
code = "127.0.0.9"
max_age = "7d"
max_shrink = "12.5%"
max_growth = "250%"
max_width = "/10"
max_width_ipv6 = "/28"
max_covered = "2%"
min_entries = 0
max_size = "1MiB"
key_file = "keys/drop"
key_header = "Auth-Key"
ca_file = "keys/ca.pem"
terms = "free, but name the source"
attribution = "(c) Example"
redistribute = true
removal = "https://example.org/remove")")};
    const auto outcome = site.settings();
    ASSERT_TRUE(outcome.value) << outcome.mistakes.front();
    const FeedSettings& read = outcome.value->feeds.front();
    EXPECT_EQ(read.url, "https://example.org/drop.json");
    EXPECT_EQ(read.format, "spamhaus-json");
    EXPECT_FALSE(read.is_map);
    EXPECT_EQ(read.every, Duration{12 * 3600});
    EXPECT_EQ(read.listing_class, "phish");
    EXPECT_EQ(read.code, net::Ipv4{0x7F000009});
    EXPECT_EQ(read.max_age, Duration{7 * 86400});
    EXPECT_EQ(read.max_shrink, 0.125);
    EXPECT_EQ(read.max_growth, 2.5);
    EXPECT_EQ(read.max_width_ipv4, 10);
    EXPECT_EQ(read.max_width_ipv6, 28);
    EXPECT_EQ(read.max_covered, 0.02);
    EXPECT_EQ(read.min_entries, 0);
    EXPECT_EQ(read.size_max, 1 << 20);
    EXPECT_EQ(read.key_file, (site.path() / "keys/drop").string());
    EXPECT_EQ(read.key_header, "Auth-Key");
    EXPECT_EQ(read.ca_file, (site.path() / "keys/ca.pem").string());
    EXPECT_EQ(read.terms, "free, but name the source");
    EXPECT_EQ(read.attribution, "(c) Example");
    EXPECT_TRUE(read.may_be_redistributed);
    EXPECT_EQ(read.removal, "https://example.org/remove");
}

TEST(Feed, WithAUrlBecomesStaleAfterAWeek) {
    constexpr std::string_view kLines =
        "name = \"drop\"\nurl = \"https://example.org/\"\nformat = \"iplist\"\n";
    const auto max_age = [&](std::string_view more) {
        const auto outcome = Site{feed(std::string{kLines} + std::string{more})}.settings();
        EXPECT_TRUE(outcome.value) << more;
        return outcome.value->feeds.front().max_age;
    };
    EXPECT_EQ(max_age(""), Duration{7 * 86400});
    EXPECT_EQ(max_age("max_age = \"forever\""), std::nullopt);
    EXPECT_EQ(max_age("max_age = \"1d\""), Duration{86400});
}

TEST(Feed, TakesEmptyAndEndlessValues) {
    const auto outcome =
        Site{feed("name = \"drop\"\ncode = \"\"\nremoval = \"\"\nkey_file = \"\"\nmax_age = "
                  "\"forever\"\n"
                  "class = \"allow\"\nformat = \"rbldnsd:ip4trie\"\nmax_width = \"/0\"\n")}
            .settings();
    ASSERT_TRUE(outcome.value) << outcome.mistakes.front();
    const FeedSettings& read = outcome.value->feeds.front();
    EXPECT_FALSE(read.code);
    EXPECT_FALSE(read.max_age);
    EXPECT_EQ(read.listing_class, "allow");
    EXPECT_EQ(read.max_width_ipv4, 0);
}

TEST(Feed, IsTwiceAsNarrowInIpv6) {
    const auto outcome = Site{feed("name = \"drop\"\nmax_width = \"/10\"\n")}.settings();
    ASSERT_TRUE(outcome.value) << outcome.mistakes.front();
    EXPECT_EQ(outcome.value->feeds.front().max_width_ipv4, 10);
    EXPECT_EQ(outcome.value->feeds.front().max_width_ipv6, 20);
}

TEST(Feed, IsAMapByItsFormat) {
    for (const char* format : {"mmdb", "rir", "range-csv", "asn-tsv", "pfx2as", "geolite-csv"}) {
        const auto outcome =
            Site{feed(std::string{"name = \"m\"\nformat = \""} + format + "\"\n")}.settings();
        ASSERT_TRUE(outcome.value) << outcome.mistakes.front();
        EXPECT_TRUE(outcome.value->feeds.front().is_map) << format;
    }
}

TEST(Feed, SaysThatItsTermsForbidToPassItOn) {
    const auto outcome = Site{feed("name = \"a\"\nredistribute = false\n")}.settings();
    ASSERT_TRUE(outcome.value) << outcome.mistakes.front();
    EXPECT_EQ(outcome.value->feeds.front().terms, "not to be passed on");
}

TEST(FeedDirectory, NamesAContactForPublishers) {
    const auto outcome = Site{"[feeds]\ncontact = \"postmaster@example.org\"\n"}.settings();
    ASSERT_TRUE(outcome.value) << outcome.mistakes.front();
    EXPECT_EQ(outcome.value->feeds_contact, "postmaster@example.org");
    for (const char* contact : {"me (at) example.org", "a\\nB: c", "a@example.org)"}) {
        EXPECT_THAT(
            Site{std::string{"[feeds]\ncontact = \""} + contact + "\"\n"}.settings().mistakes,
            ElementsAre(HasSubstr("[feeds] contact: read ")))
            << contact;
    }
}

TEST(Feed, IsRefusedWithAReason) {
    struct Case {
        std::string_view lines, mistake;
    };
    constexpr auto kCases = std::to_array<Case>({
        {"class = \"ip\"", "ostrakon.toml:1:1: [[feed]] name is missing"},
        {"name = \"ip\"",
         "ostrakon.toml:2:8: [[feed]] name: read \"ip\", expected a name that is no class"},
        {"name = \"allow\"", "expected a name that is no class"},
        {"name = \"own\"", "expected a name that is no class"},
        {"name = \"dynamic-names\"", "expected a name that is no class"},
        {"name = \"phish\"", "expected a name that is no class of [classes]"},
        {"name = \"*\"", "expected a name of a-z"},
        {"name = \"A\"", "expected a name of a-z"},
        {"name = \"a/b\"", "expected a name of a-z"},
        {"name = \"a\"\nclass = \"spam\"",
         "read \"spam\", expected a built-in class or one of [classes]"},
        {"name = \"a\"\ncode = \"127.0.0.1\"", "expected a code in 127.0.0.0/8"},
        {"name = \"a\"\nurl = \"ftp://example.org/\"",
         "expected an address that begins with https://"},
        {"name = \"a\"\nurl = \"https://\"", "expected an address that begins with https://"},
        {"name = \"a\"\nurl = \"https://example.org/a b\"",
         "expected an address that begins with https://"},
        {"name = \"a\"\nformat = \"xml\"", "expected one of plain, csv"},
        {"name = \"a\"\nformat = \"rbldnsd:ip5\"", "expected one of plain, csv"},
        {"name = \"a\"\nevery = \"10s\"", "expected a duration from 1m"},
        {"name = \"a\"\nmax_age = \"0s\"", "expected a duration from 1s"},
        {"name = \"a\"\nmax_shrink = \"101%\"", "expected a percentage from 0% to 100%"},
        {"name = \"a\"\nmax_shrink = \"30\"", "expected a percentage"},
        {"name = \"a\"\nmax_growth = \"-1%\"", "expected a percentage"},
        {"name = \"a\"\nmax_growth = \"nan%\"", "expected a percentage"},
        {"name = \"a\"\nmax_width = \"8\"", "expected a prefix length of IPv4"},
        {"name = \"a\"\nmax_width = \"/33\"", "expected a prefix length of IPv4"},
        {"name = \"a\"\nmax_width = \"/\"", "expected a prefix length of IPv4"},
        {"name = \"a\"\nmax_width_ipv6 = \"/129\"", "expected a prefix length of IPv6"},
        {"name = \"a\"\nmax_covered = \"101%\"", "expected a percentage from 0% to 100%"},
        {"name = \"a\"\nmin_entries = -1", "expected a whole number from 0"},
        {"name = \"a\"\nmax_size = \"2GiB\"", "expected a size from 1KiB to 1GiB"},
        {"name = \"a\"\nmax_size = \"1B\"", "expected a size from 1KiB to 1GiB"},
        {"name = \"a\"\nkey_header = \"Key: x\"", "expected the name of an HTTP header"},
        {"name = \"a\"\nurl = \"https://example.org/a\"", "[[feed]] format is missing"},
        {"name = \"a\"\nremoval = \"mail us\"", "expected an address of the web"},
    });
    for (const auto& [lines, mistake] : kCases) {
        EXPECT_THAT(Site{feed(lines) + "[classes]\nphish = \"127.0.0.7\"\n"}.settings().mistakes,
                    ElementsAre(HasSubstr(mistake)))
            << lines;
    }
}

TEST(FeedDirectory, HoldsOneFeedAFile) {
    Site site{feed("name = \"one\"")};
    site.file("feeds/two.toml", "class = \"ip\"\n")
        .file("feeds/x.toml", "name = \"three\"\nkey_file = \"k\"\n");
    const auto outcome = site.settings();
    ASSERT_TRUE(outcome.value) << outcome.mistakes.front();
    const auto& feeds = outcome.value->feeds;
    ASSERT_THAT(feeds, SizeIs(3));
    EXPECT_EQ(feeds[0].name, "one");
    EXPECT_EQ(feeds[1].name, "two");
    EXPECT_EQ(feeds[1].listing_class, "ip");
    EXPECT_EQ(feeds[2].name, "three");
    EXPECT_EQ(feeds[2].key_file, (site.path() / "feeds/k").string());
}

TEST(FeedDirectory, TellsMistakesWithTheirFile) {
    Site site{feed("name = \"one\"") + feed("name = \"one\"")};
    site.file("feeds/one.toml", "")
        .file("feeds/ip.toml", "")
        .file("feeds/y.toml", "clas = 1\n")
        .file("feeds/z.toml", "[");
    const auto mistakes = site.settings().mistakes;
    EXPECT_THAT(mistakes, SizeIs(5));
    EXPECT_THAT(mistakes,
                Contains(HasSubstr("ostrakon.toml:4:8: name: read \"one\", expected another name: "
                                   "ostrakon.toml:2 has it already")));
    EXPECT_THAT(
        mistakes,
        Contains(HasSubstr("feeds/one.toml:1:1: name: read \"one\", expected another name")));
    EXPECT_THAT(mistakes,
                Contains(HasSubstr("feeds/ip.toml:1:1: the feed is called \"ip\" like its file")));
    EXPECT_THAT(mistakes,
                Contains("feeds/y.toml:1:1: unknown key \"clas\", did you mean \"class\"?"));
    EXPECT_THAT(mistakes, Contains(HasSubstr("feeds/z.toml:1:")));
}

TEST(FeedDirectory, MayLieElsewhere) {
    Site site{"[feeds]\ndirectory = \"lists\"\n"};
    site.file("lists/drop.toml", "").file("feeds/other.toml", "");
    const auto outcome = site.settings();
    ASSERT_TRUE(outcome.value) << outcome.mistakes.front();
    ASSERT_THAT(outcome.value->feeds, SizeIs(1));
    EXPECT_EQ(outcome.value->feeds.front().name, "drop");
    EXPECT_EQ(outcome.value->feeds_directory, site.path() / "lists");
}

}  // namespace
}  // namespace ostrakon::config
