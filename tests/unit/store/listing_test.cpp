// Records of own listings: read back whole, and never trusted where they are damaged.
#include "ostrakon/store/listing.hpp"

#include <gtest/gtest.h>

#include <random>

namespace ostrakon::store {
namespace {

Listing full() {
    Listing listing;
    listing.id = 7;
    listing.subject = "192.0.2.0/24";
    listing.listing_class = "isp";
    listing.code = net::Ipv4{0x7F000009};
    listing.reason = "spam";
    listing.evidence = std::string("mail\0with a zero", 16);
    listing.by = "anna";
    listing.since = UnixTime{1'800'000'000};
    listing.until = UnixTime{1'800'000'600};
    listing.earliest_lift = UnixTime{1'900'000'000};
    listing.strikes = 3;
    listing.state = ListingState::Lifted;
    listing.overrides_never = true;
    listing.change = 12;
    listing.ended = UnixTime{1'800'000'300};
    listing.ended_by = "ben";
    listing.ended_reason = "a mistake";
    listing.was_warning = true;
    listing.term = 4;
    listing.decided = 13;
    listing.touched = {12, 13};
    listing.diagnosed = Diagnosed{"mail.example.com", std::nullopt, UnixTime{1'800'000'200}};
    return listing;
}

void expect_same(const Listing& a, const Listing& b) {
    EXPECT_EQ(encode(a), encode(b));
    EXPECT_EQ(a.subject, b.subject);
    EXPECT_EQ(a.listing_class, b.listing_class);
    EXPECT_EQ(a.code, b.code);
    EXPECT_EQ(a.reason, b.reason);
    EXPECT_EQ(a.evidence, b.evidence);
    EXPECT_EQ(a.by, b.by);
    EXPECT_EQ(a.since, b.since);
    EXPECT_EQ(a.until, b.until);
    EXPECT_EQ(a.earliest_lift, b.earliest_lift);
    EXPECT_EQ(a.strikes, b.strikes);
    EXPECT_EQ(a.state, b.state);
    EXPECT_EQ(a.overrides_never, b.overrides_never);
    EXPECT_EQ(a.change, b.change);
    EXPECT_EQ(a.ended, b.ended);
    EXPECT_EQ(a.ended_by, b.ended_by);
    EXPECT_EQ(a.ended_reason, b.ended_reason);
    EXPECT_EQ(a.was_warning, b.was_warning);
    EXPECT_EQ(a.term, b.term);
    EXPECT_EQ(a.decided, b.decided);
    EXPECT_EQ(a.touched, b.touched);
    ASSERT_EQ(a.diagnosed.has_value(), b.diagnosed.has_value());
    if (a.diagnosed) {
        EXPECT_EQ(a.diagnosed->helo, b.diagnosed->helo);
        EXPECT_EQ(a.diagnosed->sender, b.diagnosed->sender);
        EXPECT_EQ(a.diagnosed->checked, b.diagnosed->checked);
    }
}

TEST(ListingRecord, KeepsEveryField) {
    for (const Listing& listing : {full(), Listing{}}) {
        const auto read = decode_listing(listing.id, encode(listing));
        ASSERT_TRUE(read);
        EXPECT_EQ(read->id, listing.id);
        expect_same(*read, listing);
    }
}

TEST(ListingRecord, ShowsAnswersWhatTheyNeed) {
    const Listing listing = full();
    const std::string bytes = encode(listing);
    const auto view = view_listing(bytes);
    ASSERT_TRUE(view);
    EXPECT_EQ(view->subject, listing.subject);
    EXPECT_EQ(view->listing_class, listing.listing_class);
    EXPECT_EQ(view->reason, listing.reason);
    EXPECT_EQ(view->code, *listing.code);
    EXPECT_EQ(view->since, listing.since);
    EXPECT_EQ(view->until_seconds, listing.until->seconds);
    EXPECT_EQ(view->state, listing.state);
    EXPECT_TRUE(view->overrides_never);
}

TEST(ListingRecord, IsNotReadPastItsEnd) {
    const std::string bytes = encode(full());
    for (std::size_t size = 0; size < bytes.size(); ++size) {
        const std::vector<char> cut(bytes.begin(), bytes.begin() + static_cast<long>(size));
        const auto read = decode_listing(7, {cut.data(), cut.size()});
        const auto view = view_listing({cut.data(), cut.size()});
        EXPECT_TRUE(!read || read->subject.empty() || read->subject == full().subject);
        EXPECT_TRUE(!view || view->subject.empty() || view->subject == full().subject);
    }
}

TEST(ListingRecord, IsReadOrRefusedWhateverItsBytesAre) {
    std::mt19937 random{1};
    const std::string bytes = encode(full());
    for (int i = 0; i < 20'000; ++i) {
        std::string damaged = bytes;
        for (int flips = 1 + static_cast<int>(random() % 4); flips > 0; --flips) {
            damaged[random() % damaged.size()] = static_cast<char>(random());
        }
        if (const auto read = decode_listing(7, damaged)) {
            EXPECT_LE(read->state, ListingState::Corrected);
            EXPECT_LE(read->reason.size(), damaged.size());
        }
        if (const auto view = view_listing(damaged)) {
            EXPECT_LE(view->state, ListingState::Corrected);
        }
    }
}

}  // namespace
}  // namespace ostrakon::store
