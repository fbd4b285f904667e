// Bringing the index up to date where a change meets the borders of its blocks.
#include "database.hpp"

#include <fmt/format.h>

namespace ostrakon::policy {
namespace {

constexpr int kPrefixes = 150;  // two blocks of the IPv6 index
constexpr int kChangesPerCheck = 10;

class Reindex : public DatabaseTest {
protected:
    // Neighbours of different classes, so that each begins a segment of its own.
    Reindex() {
        settings_.lifecycle.evidence_to_lift = false;
        Import import;
        for (const char* name : {"ip", "isp"}) {
            Statement statement;
            statement.listing_class = name;
            import.list.state(statement);
        }
        for (std::uint32_t i = 0; i < kPrefixes; ++i) {
            import.list.add(subject(prefix(static_cast<int>(i))), i % 2, i + 1);
        }
        EXPECT_TRUE(this->import(std::move(import)));
    }
    static std::string prefix(int i) { return fmt::format("2001:db8:0:{:x}::/64", i); }
};

TEST_F(Reindex, LeavesTheNextBlockAloneWhenWhatEndsBeforeItIsLifted) {
    for (int i = 0; i < kPrefixes; ++i) {
        ASSERT_TRUE(unban(prefix(i)));
        if (i % kChangesPerCheck == 0) {
            ASSERT_EQ(differences(), 0U) << "after lifting " << prefix(i);
        }
    }
    EXPECT_EQ(differences(), 0U);
    EXPECT_EQ(figures().index_ipv6_blocks, 0U);
}

TEST_F(Reindex, LeavesTheNextBlockAloneWhenWhatEndsBeforeItChanges) {
    for (int i = kPrefixes; i-- > 0;) {
        Ban wider = ban_of(prefix(i));
        wider.listing_class = "dynamic";
        ASSERT_TRUE(ban(wider));
        if (i % kChangesPerCheck == 0) {
            ASSERT_EQ(differences(), 0U) << "after banning " << prefix(i);
        }
    }
}

}  // namespace
}  // namespace ostrakon::policy
