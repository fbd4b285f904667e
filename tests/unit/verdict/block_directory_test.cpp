// Places of IPv6 blocks: collected a few at a time, right when all are there, and forgotten when
// the table changes.
#include "block_directory.hpp"

#include "ostrakon/store/environment.hpp"
#include "ostrakon/verdict/judge.hpp"
#include "support/temporary_directory.hpp"

#include <gtest/gtest.h>
#include <memory>
#include <vector>

namespace ostrakon::verdict {
namespace {

constexpr std::uint32_t kBlocks = 300;

net::Ipv6 start_of(std::uint32_t block) {
    return {net::Uint128{0x20010DB8} << 96 | net::Uint128{block} << 64};
}

class BlockDirectoryTest : public testing::Test {
protected:
    BlockDirectoryTest()
        : environment_(*store::Environment::open({.directory = directory_.path(),
                                                  .access = store::Access::ReadWriteCreate,
                                                  .size_bytes = 1UL << 28})) {}

    void SetUp() override {
        write(kBlocks);
        renew();
    }

    void write(std::uint32_t count) {
        auto transaction = store::WriteTransaction::begin(environment_);
        ASSERT_TRUE(transaction);
        transaction->clear(store::Table::IndexIpv6);
        for (std::uint32_t block = 0; block < count; ++block) {
            const std::vector<store::Ipv6Segment> segments{{start_of(block), block + 1},
                                                           {{start_of(block).bits + 1}, 0}};
            transaction->put(store::Table::IndexIpv6, store::ipv6_key(start_of(block)),
                             store::encode_block(segments));
        }
        ASSERT_TRUE(transaction->commit());
    }

    int grow_to_the_end() {
        int steps = 0;
        while (!directory_of_blocks_.is_complete() && steps < 1000) {
            directory_of_blocks_.grow(snapshot_, cursor_);
            ++steps;
        }
        return steps;
    }

    void renew() {
        snapshot_.reset();
        ASSERT_TRUE(snapshot_.renew());
        cursor_.renew();
    }

    test::TemporaryDirectory directory_;
    store::Environment environment_;
    store::Snapshot snapshot_{*store::Snapshot::begin(environment_)};
    store::Cursor cursor_{snapshot_, store::Table::IndexIpv6};
    BlockDirectory directory_of_blocks_;
};

TEST_F(BlockDirectoryTest, FindsTheBlockThatMayHoldAnAddress) {
    EXPECT_FALSE(directory_of_blocks_.is_complete());
    EXPECT_GT(grow_to_the_end(), 2) << "a few blocks at a time";
    for (std::uint32_t block = 0; block < kBlocks; ++block) {
        for (const net::Ipv6 address : {start_of(block), net::Ipv6{start_of(block + 1).bits - 1}}) {
            const char* const bytes = directory_of_blocks_.find(address);
            ASSERT_NE(bytes, nullptr);
            EXPECT_EQ(store::Ipv6Block{bytes}.start(0), start_of(block));
        }
    }
    EXPECT_EQ(directory_of_blocks_.find({start_of(0).bits - 1}), nullptr);
}

TEST_F(BlockDirectoryTest, ForgetsWhenTheTableChanges) {
    grow_to_the_end();
    write(1);
    renew();
    directory_of_blocks_.follow(17);
    EXPECT_FALSE(directory_of_blocks_.is_complete());
    grow_to_the_end();
    EXPECT_EQ(store::Ipv6Block{directory_of_blocks_.find(start_of(kBlocks))}.start(0), start_of(0));
    directory_of_blocks_.follow(17);
    EXPECT_TRUE(directory_of_blocks_.is_complete()) << "the same state is no change";
}

TEST_F(BlockDirectoryTest, GrowsAtEachRenewalWhileNothingChanges) {
    Judge judge{environment_, std::make_shared<Rulebook>()};
    for (std::uint32_t i = 0; i < kBlocks; ++i) {
        ASSERT_TRUE(judge.renew());
    }
    // Without its snapshot a judge cannot search the tree, but still knows places.
    judge.reset();
    EXPECT_EQ(judge.locate(start_of(kBlocks - 1), {}).set, kBlocks);
    EXPECT_TRUE(judge.is_sound());
}

TEST_F(BlockDirectoryTest, OfAnEmptyTableFindsNothing) {
    write(0);
    renew();
    grow_to_the_end();
    EXPECT_EQ(directory_of_blocks_.find(start_of(0)), nullptr);
}

}  // namespace
}  // namespace ostrakon::verdict
