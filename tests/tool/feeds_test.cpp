// ostrakon feeds catalogue, add and remove.
#include "tool/site.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <fstream>
#include <sstream>

namespace ostrakon::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

// A site with a small catalogue of its own.
class FeedsTest : public testing::Test {
protected:
    FeedsTest() {
        site_.write("feeds.toml", R"([[feed]]
name = "alpha"
title = "Alpha: bad networks"
homepage = "https://alpha.example.org"
url = "https://alpha.example.org/list.txt"
format = "iplist"
every = "6h"
every_least = "1h"
max_age = "7d"
max_width = "/12"
max_width_ipv6 = "/28"
terms = "CC BY 4.0"
attribution = "(c) Alpha"
redistribute = true
note = "Once a day is enough."

[[feed]]
name = "beta"
title = "Beta"
homepage = "https://beta.example.org"
url = "https://beta.example.org/list"
format = "domains"
state = "needs-key"
key_header = "Auth-Key"
terms = "fair use"

[[feed]]
name = "gamma"
title = "Gamma"
homepage = "https://gamma.example.org"
format = "rbldnsd:ip4set"
state = "paid"
terms = "by contract; not to be passed on"

[[feed]]
name = "delta"
title = "Delta"
format = "iplist"
state = "merged"
replaced_by = "alpha"
terms = "free"
note = "merged into alpha on 2024-04-10"

[[feed]]
name = "monthly"
title = "Monthly"
format = "range-csv"
terms = "free"
redistribute = true
)");
    }
    std::string content(const std::string& relative) const {
        std::ifstream stream{site_.path() / relative};
        std::ostringstream text;
        text << stream.rdbuf();
        return text.str();
    }
    bool is_there(const std::string& relative) const {
        return std::filesystem::exists(site_.path() / relative);
    }

    Site site_;
};

TEST_F(FeedsTest, CatalogueShowsAllOrOne) {
    const auto all = site_({"feeds", "catalogue"});
    EXPECT_EQ(all.status, 0) << all.errors;
    EXPECT_THAT(all.output, AllOf(StartsWith("NAME"), HasSubstr("alpha"), HasSubstr("needs-key"),
                                  HasSubstr("paid"), HasSubstr("merged")));
    const auto one = site_({"feeds", "catalogue", "alpha"});
    EXPECT_EQ(one.status, 0);
    EXPECT_THAT(one.output,
                AllOf(StartsWith("alpha: Alpha: bad networks\n"),
                      HasSubstr("https://alpha.example.org/list.txt"), HasSubstr("CC BY 4.0"),
                      HasSubstr("May be passed on, with these words: (c) Alpha"),
                      HasSubstr("6h, not more often than 1h"), HasSubstr("Once a day is enough.")));
    EXPECT_THAT(site_({"feeds", "catalogue", "gamma"}).output, HasSubstr("\"!gamma\""));
    const auto json = site_({"feeds", "catalogue", "--json"}).json();
    ASSERT_EQ(json.size(), 5U);
    EXPECT_EQ(json[0]["name"], "alpha");
    EXPECT_EQ(json[0]["redistribute"], true);
    EXPECT_EQ(json[0]["configured"], false);
    EXPECT_EQ(json[3]["replaced_by"], "alpha");
    const auto paid = site_({"feeds", "catalogue", "--state", "paid", "--json"}).json();
    ASSERT_EQ(paid.size(), 1U);
    EXPECT_EQ(paid[0]["name"], "gamma");
}

TEST_F(FeedsTest, CatalogueRefusesWhatItDoesNotKnow) {
    const auto name = site_({"feeds", "catalogue", "alhpa"});
    EXPECT_EQ(name.status, 2);
    EXPECT_EQ(name.output, "");
    EXPECT_THAT(name.errors, HasSubstr("did you mean \"alpha\"?"));
    EXPECT_EQ(site_({"feeds", "catalogue", "--state", "gone"}).status, 2);
    EXPECT_EQ(site_({"feeds", "catalogue", "alpha", "--state", "paid"}).status, 2);
}

TEST_F(FeedsTest, CatalogueThatIsShippedIsShown) {
    const Site plain;
    const auto json = plain({"feeds", "catalogue", "--json"}).json();
    ASSERT_TRUE(json.is_array());
    EXPECT_GT(json.size(), 80U);
    EXPECT_EQ(plain({"feeds", "catalogue"}).status, 0);
}

TEST_F(FeedsTest, AddWritesAFileThatConfiguresIt) {
    const auto added = site_({"feeds", "add", "alpha"});
    EXPECT_EQ(added.status, 0) << added.errors;
    EXPECT_EQ(added.output, "made  " + (site_.path() / "feeds/alpha.toml").string() + "\n");
    const std::string text = content("feeds/alpha.toml");
    EXPECT_THAT(text, AllOf(StartsWith("# Alpha: bad networks\n# https://alpha.example.org\n"),
                            HasSubstr("\n# Terms: CC BY 4.0\n"), HasSubstr("(c) Alpha"),
                            HasSubstr("\nname = \"alpha\"\n"), HasSubstr("# every = \"6h\""),
                            HasSubstr("at least 1h"), HasSubstr("# max_age = \"1w\"")));
    EXPECT_EQ(site_({"zone", "check"}).status, 0);
    const auto json = site_({"feeds", "catalogue", "alpha", "--json"}).json();
    EXPECT_EQ(json[0]["configured"], true);
}

TEST_F(FeedsTest, AddedFilesHoldWithEverySuggestionTaken) {
    ASSERT_EQ(site_({"feeds", "add", "alpha"}).status, 0);
    ASSERT_EQ(site_({"feeds", "add", "monthly"}).status, 0);
    for (const char* file : {"feeds/alpha.toml", "feeds/monthly.toml"}) {
        std::istringstream lines{content(file)};
        std::string taken;
        for (std::string line; std::getline(lines, line);) {
            const bool is_key = line.starts_with("# ") && line.find(" = ") != std::string::npos &&
                                line.find("url") == std::string::npos;
            taken += (is_key ? line.substr(2) : line) + "\n";
        }
        site_.write(file, taken);
    }
    const auto checked = site_({"zone", "check"});
    EXPECT_EQ(checked.status, 0) << checked.errors;
}

TEST_F(FeedsTest, AddIsDoneOnce) {
    ASSERT_EQ(site_({"feeds", "add", "alpha"}).status, 0);
    site_.write("feeds/alpha.toml", "# mine\nname = \"alpha\"\nevery = \"2h\"\n");
    const auto again = site_({"feeds", "add", "alpha"});
    EXPECT_EQ(again.status, 0);
    EXPECT_THAT(again.output, StartsWith("kept  "));
    EXPECT_THAT(content("feeds/alpha.toml"), StartsWith("# mine"));
    site_.write("feeds/gamma.toml", "name = \"other\"\nclass = \"ip\"\n");
    EXPECT_EQ(site_({"feeds", "add", "gamma", "--url", "rsync://example.org/g"}).status, 3);
    EXPECT_THAT(content("feeds/gamma.toml"), StartsWith("name = \"other\""));
}

TEST_F(FeedsTest, AddRefusesWhatCannotBeHad) {
    const auto merged = site_({"feeds", "add", "delta"});
    EXPECT_EQ(merged.status, 3);
    EXPECT_EQ(merged.output, "");
    EXPECT_THAT(merged.errors, AllOf(HasSubstr("2024-04-10"), HasSubstr("use \"alpha\"")));
    const auto unknown = site_({"feeds", "add", "alhpa"});
    EXPECT_EQ(unknown.status, 2);
    EXPECT_THAT(unknown.errors, HasSubstr("did you mean \"alpha\"?"));
    EXPECT_EQ(site_({"feeds", "add", "../zones/x"}).status, 2);
    const auto paid = site_({"feeds", "add", "gamma"});
    EXPECT_EQ(paid.status, 2);
    EXPECT_THAT(paid.errors, AllOf(HasSubstr("--url"), HasSubstr("https://gamma.example.org")));
    const auto key = site_({"feeds", "add", "beta"});
    EXPECT_EQ(key.status, 2);
    EXPECT_THAT(key.errors, AllOf(HasSubstr("--key-file"), HasSubstr("https://beta.example.org")));
    const auto url = site_({"feeds", "add", "gamma", "--url", "nonsense"});
    EXPECT_EQ(url.status, 2);
    for (const char* name : {"alpha", "beta", "gamma", "delta"}) {
        EXPECT_FALSE(is_there(std::string{"feeds/"} + name + ".toml")) << name;
    }
}

TEST_F(FeedsTest, AddTakesKeyAndAddress) {
    site_.write("beta.key", "secret");
    const auto beta =
        site_({"feeds", "add", "beta", "--key-file", (site_.path() / "beta.key").string()});
    EXPECT_EQ(beta.status, 0) << beta.errors;
    EXPECT_THAT(content("feeds/beta.toml"),
                AllOf(HasSubstr("key_file = \"" + (site_.path() / "beta.key").string() + "\"\n"),
                      Not(HasSubstr("secret"))));
    EXPECT_EQ(site_({"feeds", "add", "gamma", "--url", "rsync://example.org/a\"b"}).status, 0);
    EXPECT_THAT(content("feeds/gamma.toml"), HasSubstr("url = \"rsync://example.org/a\\\"b\"\n"));
    const auto monthly = site_({"feeds", "add", "monthly"});
    EXPECT_EQ(monthly.status, 0);
    EXPECT_THAT(monthly.errors, HasSubstr("has no address that stays"));
    EXPECT_EQ(site_({"zone", "check"}).status, 0);
}

TEST_F(FeedsTest, AddedFeedThatPartnersMayNotHaveIsWarnedOf) {
    ASSERT_EQ(site_({"feeds", "add", "gamma", "--url", "rsync://example.org/g"}).status, 0);
    site_.write_zone("bl.example.org", "[access]\ntransfer = [\"192.0.2.53\"]\n");
    const auto checked = site_({"zone", "check"});
    EXPECT_EQ(checked.status, 0);
    EXPECT_THAT(checked.output, AllOf(HasSubstr("feed \"gamma\""), HasSubstr("\"!gamma\""),
                                      HasSubstr("by contract; not to be passed on")));
}

TEST_F(FeedsTest, RemoveTakesFileEntriesAndVersions) {
    ASSERT_EQ(site_({"feeds", "add", "alpha"}).status, 0);
    site_.write("list.txt", "192.0.2.0/24\n198.51.100.0/24\n");
    ASSERT_EQ(site_({"import", (site_.path() / "list.txt").string(), "--source", "alpha"}).status,
              0);
    site_.write("db/pulled/alpha/1", "192.0.2.0/24\n");
    site_.write("db/pulled/other/1", "x\n");
    ASSERT_EQ(site_({"why", "192.0.2.7"}).status, 0);
    const auto removed = site_({"feeds", "remove", "alpha"});
    EXPECT_EQ(removed.status, 0) << removed.errors;
    EXPECT_THAT(removed.output,
                AllOf(HasSubstr("feeds/alpha.toml\n"), HasSubstr("2 entries of feed alpha\n"),
                      HasSubstr("change ")));
    EXPECT_FALSE(is_there("feeds/alpha.toml"));
    EXPECT_FALSE(is_there("feeds/alpha.toml.removed"));
    EXPECT_FALSE(is_there("db/pulled/alpha"));
    EXPECT_TRUE(is_there("db/pulled/other/1"));
    EXPECT_EQ(site_({"why", "192.0.2.7"}).status, 1);
    EXPECT_EQ(site_({"list", "--source", "alpha", "--json"}).json().size(), 0U);
    EXPECT_EQ(site_({"feeds", "--json"}).json().size(), 0U);
    const auto again = site_({"feeds", "remove", "alpha"});
    EXPECT_EQ(again.status, 0);
    EXPECT_EQ(again.output, "");
    EXPECT_THAT(again.errors, HasSubstr("nothing is called alpha"));
}

TEST_F(FeedsTest, RemoveIsTakenBackByUndo) {
    site_.write("list.txt", "192.0.2.0/24\n");
    ASSERT_EQ(site_({"import", (site_.path() / "list.txt").string(), "--source", "mine"}).status,
              0);
    const auto removed = site_({"feeds", "remove", "mine", "--json"}).json();
    ASSERT_TRUE(removed.is_object());
    EXPECT_EQ(removed["entries"], 1);
    EXPECT_TRUE(removed["file"].is_null());
    EXPECT_EQ(site_({"why", "192.0.2.7"}).status, 1);
    EXPECT_EQ(site_({"undo", std::to_string(removed["change"].get<int>())}).status, 0);
    EXPECT_EQ(site_({"why", "192.0.2.7"}).status, 0);
}

TEST_F(FeedsTest, RemoveLeavesWhatStandsInTheConfigurationItself) {
    site_.write("more.toml", "");
    std::ofstream{site_.config_file(), std::ios::app} << "[[feed]]\nname = \"alpha\"\n";
    site_.write("list.txt", "192.0.2.0/24\n");
    ASSERT_EQ(site_({"import", (site_.path() / "list.txt").string(), "--source", "alpha"}).status,
              0);
    const auto refused = site_({"feeds", "remove", "alpha"});
    EXPECT_EQ(refused.status, 3);
    EXPECT_EQ(refused.output, "");
    EXPECT_THAT(refused.errors, HasSubstr("ostrakon.toml itself"));
    EXPECT_EQ(site_({"why", "192.0.2.7"}).status, 0);
}

TEST_F(FeedsTest, RemoveThatFailsLeavesTheFile) {
    ASSERT_EQ(site_({"feeds", "add", "alpha"}).status, 0);
    site_.write("db/data.mdb", "no database");
    const auto failed = site_({"feeds", "remove", "alpha"});
    EXPECT_EQ(failed.status, 4);
    EXPECT_EQ(failed.output, "");
    EXPECT_TRUE(is_there("feeds/alpha.toml"));
    EXPECT_FALSE(is_there("feeds/alpha.toml.removed"));
}

}  // namespace
}  // namespace ostrakon::test
