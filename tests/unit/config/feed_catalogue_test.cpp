// The catalogue of feeds, and what [[feed]] takes from it.
#include "ostrakon/config/feed_catalogue.hpp"

#include "unit/config/site.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

namespace ostrakon::config {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr std::string_view kCatalogue = R"([[feed]]
name = "alpha"
title = "Alpha"
homepage = "https://alpha.example.org"
url = "https://alpha.example.org/list.txt"
format = "iplist"
every = "6h"
every_least = "1h"
max_age = "7d"
max_width = "/12"
max_width_ipv6 = "/28"
min_entries = 0
terms = "free, with the source named"
terms_url = "https://alpha.example.org/terms"
attribution = "(c) Alpha"
redistribute = true
removal = "https://alpha.example.org/remove"
note = "slow"

[[feed]]
name = "beta"
title = "Beta"
homepage = "https://beta.example.org"
url = "https://beta.example.org/list?key={key}"
format = "domains"
state = "needs-key"
terms = "CC0"

[[feed]]
name = "gamma"
title = "Gamma"
homepage = "https://gamma.example.org"
format = "rbldnsd:ip4set"
state = "paid"
terms = "by contract"

[[feed]]
name = "delta"
title = "Delta"
format = "iplist"
state = "merged"
replaced_by = "alpha"
terms = "free"
note = "merged into alpha on 2024-04-10"

[[feed]]
name = "epsilon"
title = "Epsilon"
format = "iplist"
state = "ended"
terms = "free"
note = "ended on 2025-01-16"

[[feed]]
name = "zeta"
title = "Zeta"
url = "https://zeta.example.org/all.xml"
format = ""
terms = "free"
note = "convert it to CSV first"

[[feed]]
name = "eta"
title = "Eta"
format = "mmdb"
state = "needs-key"
terms = "by account"
)";

// A site with a catalogue of its own.
struct CatalogueSite : Site {
    explicit CatalogueSite(std::string_view settings, std::string_view catalogue = kCatalogue)
        : Site(settings) {
        file("feeds.toml", catalogue);
    }
};

std::string feed_of(std::string_view lines) {
    return fmt::format("[[feed]]\n{}\n", lines);
}

TEST(FeedCatalogueName, IsEnough) {
    const auto outcome = CatalogueSite(feed_of("name = \"alpha\"")).settings();
    ASSERT_TRUE(outcome.value) << outcome.mistakes.front();
    EXPECT_THAT(outcome.warnings, IsEmpty());
    const FeedSettings& read = outcome.value->feeds.front();
    EXPECT_EQ(read.title, "Alpha");
    EXPECT_EQ(read.url, "https://alpha.example.org/list.txt");
    EXPECT_EQ(read.format, "iplist");
    EXPECT_EQ(read.every, Duration{6 * 3600});
    EXPECT_EQ(read.every_least, Duration{3600});
    EXPECT_EQ(read.max_age, Duration{7 * 86400});
    EXPECT_EQ(read.max_width_ipv4, 12);
    EXPECT_EQ(read.max_width_ipv6, 28);
    EXPECT_EQ(read.min_entries, 0);
    EXPECT_EQ(read.terms, "free, with the source named");
    EXPECT_EQ(read.terms_url, "https://alpha.example.org/terms");
    EXPECT_EQ(read.attribution, "(c) Alpha");
    EXPECT_TRUE(read.may_be_redistributed);
    EXPECT_FALSE(forbids_redistribution(read));
    EXPECT_EQ(read.removal, "https://alpha.example.org/remove");
    EXPECT_EQ(read.homepage, "https://alpha.example.org");
    EXPECT_EQ(read.file.filename(), "ostrakon.toml");
}

TEST(FeedCatalogueName, IsEnoughAsThatOfAFile) {
    CatalogueSite made{""};
    made.file("feeds/alpha.toml", "");
    const auto outcome = made.settings();
    ASSERT_TRUE(outcome.value) << outcome.mistakes.front();
    EXPECT_EQ(outcome.value->feeds.front().url, "https://alpha.example.org/list.txt");
    EXPECT_EQ(outcome.value->feeds.front().file, made.path() / "feeds/alpha.toml");
}

TEST(FeedCatalogueName, IsOverriddenByEveryKey) {
    const auto outcome = CatalogueSite(feed_of(R"(name = "alpha"
url = "file:///srv/alpha.csv"
format = "range-csv"
every = "2h"
max_age = "forever"
max_width = "/10"
min_entries = 5
removal = ""
terms = "ours"
attribution = ""
redistribute = false)"))
                             .settings();
    ASSERT_TRUE(outcome.value) << outcome.mistakes.front();
    const FeedSettings& read = outcome.value->feeds.front();
    EXPECT_EQ(read.url, "file:///srv/alpha.csv");
    EXPECT_EQ(read.format, "range-csv");
    EXPECT_TRUE(read.is_map);
    EXPECT_EQ(read.every, Duration{2 * 3600});
    EXPECT_FALSE(read.max_age);
    EXPECT_EQ(read.max_width_ipv4, 10);
    EXPECT_EQ(read.max_width_ipv6, 20);
    EXPECT_EQ(read.min_entries, 5);
    EXPECT_EQ(read.removal, "");
    EXPECT_EQ(read.terms, "ours");
    EXPECT_EQ(read.attribution, "");
    EXPECT_TRUE(forbids_redistribution(read));
}

TEST(FeedCatalogueName, HasAFloorThatThePublisherAloneCanLower) {
    EXPECT_THAT(
        CatalogueSite(feed_of("name = \"alpha\"\nevery = \"5m\"")).settings().mistakes,
        ElementsAre(HasSubstr("ostrakon.toml:3:9: [[feed]] every: read \"5m\", expected at least "
                              "1h, which the publisher of \"alpha\" asks for")));
    const auto agreed =
        CatalogueSite(feed_of("name = \"alpha\"\nevery = \"5m\"\npublisher_agreed = true"))
            .settings();
    ASSERT_TRUE(agreed.value) << agreed.mistakes.front();
    EXPECT_EQ(agreed.value->feeds.front().every, Duration{300});
    EXPECT_EQ(agreed.value->feeds.front().every_least, Duration{300});
    EXPECT_TRUE(CatalogueSite(feed_of("name = \"alpha\"\nevery = \"1h\"")).settings().value);
}

TEST(FeedCatalogueName, OfAFeedThatHasEndedIsToldAndNotPulled) {
    struct Case {
        std::string_view lines, warning;
    };
    constexpr auto kCases = std::to_array<Case>({
        {"name = \"delta\"",
         "ostrakon.toml:2: feed \"delta\" is no longer there: merged into alpha on 2024-04-10; "
         "use \"alpha\" in its place; it is not pulled"},
        {"name = \"epsilon\"", "feed \"epsilon\" is no longer there: ended on 2025-01-16"},
        {"name = \"epsilon\"\nurl = \"https://example.org/\"", "it is not pulled"},
    });
    for (const auto& [lines, warning] : kCases) {
        const auto read = CatalogueSite(feed_of(lines)).settings();
        ASSERT_TRUE(read.value) << lines;
        EXPECT_THAT(read.value->warnings, Contains(HasSubstr(warning))) << lines;
        EXPECT_EQ(read.value->feeds.front().url, "") << lines;
    }
}

TEST(FeedCatalogueName, IsRefusedWhereItCannotBecomeAFeed) {
    struct Case {
        std::string_view lines, mistake;
    };
    constexpr auto kCases = std::to_array<Case>({
        {"name = \"beta\"",
         "feed \"beta\" needs a key: expected key_file, the name of a file that holds it, see "
         "https://beta.example.org"},
        {"name = \"beta\"\nurl = \"https://example.org/{key}\"", "needs a key"},
        {"name = \"eta\"\nurl = \"https://example.org/\"\nkey_header = \"Key\"", "needs a key"},
        {"name = \"gamma\"",
         "feed \"gamma\" has no address of its own: expected url, which its publisher gives, see "
         "https://gamma.example.org"},
        {"name = \"zeta\"",
         "feed \"zeta\" cannot be read by this program: convert it to CSV first"},
        {"name = \"local\"\nurl = \"https://example.org/{key}\"\nformat = \"iplist\"",
         "needs a key"},
    });
    for (const auto& [lines, mistake] : kCases) {
        EXPECT_THAT(CatalogueSite(feed_of(lines)).settings().mistakes,
                    ElementsAre(HasSubstr(mistake)))
            << lines;
    }
}

TEST(FeedCatalogueName, IsTakenWithWhatIsMissing) {
    for (const char* lines : {
             "name = \"beta\"\nkey_file = \"beta.key\"",
             "name = \"beta\"\nurl = \"https://mirror.example.org/\"",
             "name = \"gamma\"\nurl = \"rsync://example.org/gamma\"",
             "name = \"zeta\"\nformat = \"csv:1\"",
             "name = \"eta\"",  // without an address it is filled by import
             "name = \"eta\"\nurl = \"file:///var/lib/GeoIP/a.mmdb\"",
             "name = \"unheard-of\"",
         }) {
        const auto outcome = CatalogueSite(feed_of(lines)).settings();
        EXPECT_TRUE(outcome.value) << lines << ": " << outcome.mistakes.front();
    }
}

TEST(FeedCatalogue, IsReadInItsOrder) {
    const CatalogueSite made{""};
    const auto own = read_feed_catalogue(*made.settings().value);
    ASSERT_TRUE(own) << message(own.error());
    ASSERT_EQ(own->feeds().size(), 7U);
    EXPECT_EQ(own->feeds()[1].name, "beta");
    EXPECT_EQ(own->feeds()[1].state, FeedState::NeedsKey);
    EXPECT_EQ(own->find("delta")->replaced_by, "alpha");
    EXPECT_EQ(own->find("nobody"), nullptr);
}

TEST(FeedCatalogue, TellsEveryMistakeWithItsPlace) {
    constexpr std::string_view kGood =
        "name = \"a\"\ntitle = \"A\"\nformat = \"iplist\"\nterms = "
        "\"free\"\n";
    struct Case {
        std::string_view lines, mistake;
    };
    constexpr auto kCases = std::to_array<Case>({
        {"every = \"1h\"\nevery_least = \"2h\"",
         "feeds.toml:6:9: [[feed]] every: read \"1h\", expected at least every_least, 2h"},
        {"colour = \"red\"", "feeds.toml:6:1: unknown key \"colour\""},
        {"key_file = \"a\"", "unknown key \"key_file\""},
        {"state = \"gone\"", "expected one of active, ended, merged, needs-key, paid"},
        {"state = \"ended\"", "note is missing"},
        {"state = \"merged\"\nnote = \"x\"", "replaced_by is missing"},
        {"replaced_by = \"b\"", "expected a feed that is here and to be had"},
        {"replaced_by = \"a\"\nstate = \"ended\"\nnote = \"x\"",
         "expected a feed that is here and to be had"},
        {"state = \"paid\"\nurl = \"https://example.org/\"",
         "expected none of a feed that is paid"},
        {"url = \"https://example.org/{key}\"", "expected \"needs-key\""},
        {"key_header = \"Key\"", "expected \"needs-key\""},
        {"class = \"phish\"", "expected a built-in class"},
        {"note = \"a\\nb\"", "expected a text of one line"},
        {"attribution = \"\\u001B[2J\"", "expected a text of one line"},
        {"homepage = \"example.org\"", "expected an address of the web"},
        {"[[feed]]\nname = \"a\"\ntitle = \"B\"\nformat = \"iplist\"\nterms = \"free\"",
         "feeds.toml:7:8: [[feed]] name: read \"a\", expected another name: line 1 has it already"},
        {"[[feed]]\nname = \"b\"\ntitle = \"B\"\nformat = \"\"\nterms = \"free\"",
         "[[feed]] note is missing"},
        {"[[feed]]\nname = \"b\"\ntitle = \"B\"\nterms = \"free\"", "[[feed]] format is missing"},
        {"[feeds]\n", "unknown key \"feeds\", did you mean \"feed\"?"},
    });
    for (const auto& [lines, mistake] : kCases) {
        const CatalogueSite made{feed_of("name = \"x\""),
                                 fmt::format("[[feed]]\n{}{}\n", kGood, lines)};
        EXPECT_THAT(made.settings().mistakes, ElementsAre(HasSubstr(mistake))) << lines;
    }
}

TEST(FeedCatalogue, IsNotReadWithoutAFeed) {
    EXPECT_TRUE(CatalogueSite("", "[[[").settings().value);
    EXPECT_FALSE(CatalogueSite(feed_of("name = \"x\""), "[[[").settings().value);
}

TEST(FeedCatalogue, CanBeMissingWhereNoFeedNeedsIt) {
    // A link that leads nowhere stands for a file that was not installed.
    const auto mistakes_of = [](std::string_view lines) {
        Site made{feed_of(lines)};
        std::filesystem::create_symlink("nowhere", made.path() / "feeds.toml");
        return made.settings().mistakes;
    };
    EXPECT_THAT(mistakes_of("name = \"x\"\nurl = \"https://example.org/\"\nformat = \"iplist\""),
                IsEmpty());
    EXPECT_THAT(
        mistakes_of("name = \"x\"\nformat = \"iplist\""),
        ElementsAre(HasSubstr("ostrakon.toml:2:8: the feed leaves out url or format, and the "
                              "catalogue of feeds that may have them is not there: "
                              "feeds.toml")));
}

}  // namespace
}  // namespace ostrakon::config
