// What the configuration says of feeds goes into the database with every import.
#include "database.hpp"

namespace ostrakon::policy {
namespace {

class FeedSettings : public DatabaseTest {
protected:
    void configure(std::string listing_class = "upstream") {
        config::FeedSettings feed;
        feed.name = "drop";
        feed.listing_class = std::move(listing_class);
        settings_.feeds = {feed};
    }
    bool is_configured() {
        for (const FeedFigures& feed : figures().feeds) {
            if (feed.name == "drop") {
                return feed.is_configured;
            }
        }
        return false;
    }
};

TEST_F(FeedSettings, AreAdoptedByAnImportOfOwnListings) {
    configure();
    ASSERT_TRUE(import(import_of({"192.0.2.0/24"}, "drop")));
    EXPECT_TRUE(is_configured());
    settings_.feeds.clear();
    ASSERT_TRUE(import(import_of({"198.51.100.7"})));
    EXPECT_FALSE(is_configured());
}

TEST_F(FeedSettings, AreAdoptedByAnImportThatChangesNothingElse) {
    configure();
    ASSERT_TRUE(import(import_of({"192.0.2.0/24"}, "drop")));
    ASSERT_TRUE(import(import_of({"198.51.100.7"})));
    settings_.feeds.clear();
    const std::uint32_t serial = figures().serial;
    const auto again = import(import_of({"198.51.100.7"}));
    ASSERT_TRUE(again);
    EXPECT_EQ(again->unchanged, 1U);
    EXPECT_TRUE(again->change);
    EXPECT_FALSE(is_configured());
    EXPECT_GT(figures().serial, serial) << "what the feed listed is answered no longer";
}

TEST_F(FeedSettings, RaiseTheSerialWhereEntriesAnswerOtherwise) {
    configure();
    ASSERT_TRUE(import(import_of({"192.0.2.0/24"}, "drop")));
    std::uint32_t serial = figures().serial;
    ASSERT_TRUE(import(import_of({"192.0.2.0/24"}, "drop")));
    EXPECT_EQ(figures().serial, serial);
    configure("isp");
    ASSERT_TRUE(import(import_of({"192.0.2.0/24"}, "drop")));
    EXPECT_GT(figures().serial, serial);
}

TEST_F(FeedSettings, AreLeftAloneWhereThereIsNoConfiguration) {
    configure();
    ASSERT_TRUE(import(import_of({"192.0.2.0/24"}, "drop")));
    settings_.feeds.clear();
    settings_.file.clear();
    ASSERT_TRUE(import(import_of({"198.51.100.7"})));
    EXPECT_TRUE(is_configured());
}

}  // namespace
}  // namespace ostrakon::policy
