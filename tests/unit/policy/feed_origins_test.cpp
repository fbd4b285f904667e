// AS and countries in feeds: what maps make of them, which entry counts, and their way out.
#include "map_import.hpp"
#include "ostrakon/policy/undo.hpp"

namespace ostrakon::policy {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class FeedOriginsTest : public MapImportTest {
protected:
    Result<ImportReport> feed(const std::vector<std::string_view>& texts, bool is_exception = false,
                              bool replace = false) {
        Import made = import_of(texts, "list");
        made.list.statements[0].is_exception = is_exception;
        made.replace = replace;
        made.confirmed = true;
        return import(std::move(made));
    }
    std::vector<std::string> shown() {
        std::vector<std::string> subjects;
        ListFilter filter;
        filter.source = "list";
        filter.at = now_;
        EXPECT_TRUE(list(*environment_, filter, [&](const ListedRow& row) {
            subjects.push_back(row.listing.subject);
            return true;
        }));
        return subjects;
    }
};

TEST_F(FeedOriginsTest, HoldByTheMap) {
    const auto early = feed({"AS64500", "country:DE"});
    ASSERT_TRUE(early);
    EXPECT_EQ(early->added, 2U);
    EXPECT_EQ(early->rejected, 0U);
    EXPECT_THAT(early->notes,
                ElementsAre(HasSubstr("no map of AS numbers"), HasSubstr("no map of countries")));
    EXPECT_FALSE(is_listed("192.0.2.7"));
    const auto taken = take({{"192.0.2.0/24", "AS64500"},
                             {"2001:db8::/48", "AS64500"},
                             {"198.51.100.0/24", "country:DE"}});
    ASSERT_TRUE(taken);
    EXPECT_EQ(taken->steps.size(), 2U);
    for (const char* const address : {"192.0.2.7", "2001:db8::7", "198.51.100.7"}) {
        EXPECT_TRUE(is_listed(address)) << address;
    }
    EXPECT_FALSE(is_listed("203.0.113.7"));
    EXPECT_EQ(differences(), 0U);
    const Explanation explained = why("192.0.2.7");
    ASSERT_EQ(explained.matches.size(), 1U);
    EXPECT_EQ(explained.matches[0].source, "list");
    EXPECT_EQ(explained.matches[0].subject, "AS64500");
    EXPECT_EQ(explained.matches[0].map, "map");
    EXPECT_THAT(shown(), ElementsAre("AS64500", "country:DE"));
    // A new map moves them, and another version of the feed takes them out.
    ASSERT_TRUE(take({{"203.0.113.0/24", "AS64500"}}));
    EXPECT_FALSE(is_listed("192.0.2.7"));
    EXPECT_TRUE(is_listed("203.0.113.7"));
    ASSERT_TRUE(feed({"country:DE"}, false, true));
    EXPECT_FALSE(is_listed("203.0.113.7"));
    EXPECT_EQ(differences(), 0U);
}

TEST_F(FeedOriginsTest, CountBehindAddresses) {
    ASSERT_TRUE(take({{"192.0.2.0/24", "AS64500"}, {"192.0.2.0/23", "country:DE"}}));
    ASSERT_TRUE(feed({"country:DE"}));
    ASSERT_TRUE(feed({"AS64500"}, true));  // an exception, more specific than the country
    EXPECT_FALSE(is_listed("192.0.2.7"));
    EXPECT_TRUE(is_listed("192.0.3.7"));
    ASSERT_TRUE(feed({"192.0.2.0/25"}));
    EXPECT_TRUE(is_listed("192.0.2.7"));
    EXPECT_FALSE(is_listed("192.0.2.200"));
    ASSERT_TRUE(feed({"192.0.3.7"}, true));
    EXPECT_FALSE(is_listed("192.0.3.7"));
    EXPECT_EQ(differences(), 0U);
}

TEST_F(FeedOriginsTest, AreTakenBack) {
    ASSERT_TRUE(take({{"192.0.2.0/24", "AS64500"}}));
    const auto made = feed({"AS64500", "www.example.org"});
    ASSERT_TRUE(made);
    EXPECT_TRUE(is_listed("192.0.2.7"));
    const Undo undo{.change = *made->change,
                    .reason = "",
                    .override_age = false,
                    .confirmed = false,
                    .dry_run = false};
    const auto undone = policy::undo(*environment_, settings_, undo, author());
    ASSERT_TRUE(undone);
    EXPECT_EQ(undone->coverage.addresses, 256U);
    EXPECT_FALSE(is_listed("192.0.2.7"));
    EXPECT_THAT(shown(), IsEmpty());
    EXPECT_EQ(differences(), 0U);
}

TEST_F(FeedOriginsTest, HeedCanaries) {
    settings_.protect.canaries = {"192.0.2.25"};
    ASSERT_TRUE(take({{"192.0.2.0/24", "AS64500"}}));
    Import made = import_of({"AS64500"}, "list");
    const auto held = import(std::move(made));
    ASSERT_FALSE(held);
    EXPECT_THAT(held.error().why, HasSubstr("192.0.2.25 of [protect] canaries"));
    ASSERT_TRUE(feed({"AS64501"}));
    const auto map = take({{"192.0.2.0/24", "AS64501"}});
    ASSERT_FALSE(map);
    EXPECT_THAT(message(map.error()), HasSubstr("192.0.2.25 of [protect] canaries"));
}

TEST_F(FeedOriginsTest, EndWithTheirValues) {
    ASSERT_TRUE(take({{"192.0.2.0/24", "AS64500"}}));
    Import made = import_of({"AS64500"}, "list");
    made.expiry = {true, after(100)};
    ASSERT_TRUE(import(std::move(made)));
    EXPECT_TRUE(is_listed("192.0.2.7"));
    at(100);
    ASSERT_TRUE(expire());
    EXPECT_THAT(shown(), IsEmpty());
    EXPECT_EQ(differences(), 0U);
}

}  // namespace
}  // namespace ostrakon::policy
