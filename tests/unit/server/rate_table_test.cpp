// How many answers a network has had in a second, also when very many networks ask.
#include "ostrakon/server/rate_table.hpp"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace ostrakon::server {
namespace {

constexpr std::int64_t kSecond = 1'767'225'600;
constexpr ClientNetwork kNetwork{~std::uint64_t{0}, 0xC0000200};

ClientNetwork network(std::uint64_t number) {
    return {0x20010DB800000000 + number, 0};
}

TEST(RateTable, CountsEachNetworkByItself) {
    RateTable table;
    for (std::uint32_t i = 1; i <= 100; ++i) {
        EXPECT_EQ(table.count(kNetwork, kSecond), i);
        EXPECT_EQ(table.count(network(1), kSecond), i);
        EXPECT_EQ(table.count({1, 0x20010DB800000000}, kSecond), i);
    }
}

TEST(RateTable, BeginsAnewWithEachSecond) {
    RateTable table;
    for (std::int64_t second = kSecond; second < kSecond + 10'000; ++second) {
        ASSERT_EQ(table.count(kNetwork, second), 1U);
        ASSERT_EQ(table.count(kNetwork, second), 2U);
    }
    // A clock that is put back does not matter either.
    EXPECT_EQ(table.count(kNetwork, kSecond), 1U);
}

TEST(RateTable, CountsNoFurtherThanItCan) {
    RateTable table;
    for (std::uint32_t i = 1; i < RateTable::kCountMax; ++i) {
        table.count(kNetwork, kSecond);
    }
    for (int i = 0; i < 1000; ++i) {
        ASSERT_EQ(table.count(kNetwork, kSecond), RateTable::kCountMax);
    }
    EXPECT_EQ(table.count(kNetwork, kSecond + 1), 1U);
}

// As many networks as there is room for on an average; the fullest sets have too many.
TEST(RateTable, KnowsNearlyAllOfAsManyAsItHasRoomFor) {
    constexpr std::uint64_t kNetworks = RateTable::kSetsDefault * 8 / 2;
    RateTable table;
    for (std::uint64_t i = 0; i < kNetworks; ++i) {
        table.count(network(i), kSecond);
    }
    std::uint64_t known = 0;
    for (std::uint64_t i = 0; i < kNetworks; ++i) {
        known += table.count(network(i), kSecond) == 2 ? 1 : 0;
    }
    EXPECT_GT(known, kNetworks * 9 / 10);
}

// An attacker makes up as many networks as he likes; whom he attacks stays limited.
TEST(RateTable, ForgetsNobodyWhoGetsManyAnswersForTheSakeOfMadeUpNetworks) {
    RateTable table{2};  // all of them want the same places
    for (std::uint32_t i = 1; i <= 10; ++i) {
        ASSERT_EQ(table.count(kNetwork, kSecond), i);
    }
    for (std::uint64_t i = 0; i < 100'000; ++i) {
        table.count(network(i), kSecond);
        if (i % 1000 == 0) {
            ASSERT_EQ(table.count(kNetwork, kSecond), 11 + i / 1000);
        }
    }
}

TEST(RateTable, HoldsItsPlacesForOtherNetworksEachTime) {
    // Two tables disagree about which networks displace each other: nobody can know beforehand.
    const auto displaced = [] {
        RateTable table{2};
        for (std::uint64_t i = 0; i < 24; ++i) {
            table.count(network(i), kSecond);
        }
        std::uint64_t known = 0;
        for (std::uint64_t i = 24; i-- > 0;) {
            known = known << 1 | (table.count(network(i), kSecond) == 2 ? 1 : 0);
        }
        return known;
    };
    const std::uint64_t first = displaced();
    bool differs = false;
    for (int i = 0; i < 20; ++i) {
        differs = differs || displaced() != first;
    }
    EXPECT_TRUE(differs);
}

TEST(RateTable, IsSharedByThreads) {
    constexpr int kThreads = 4;
    constexpr std::uint32_t kEach = 50'000;
    RateTable table;
    table.count(kNetwork, kSecond);
    std::vector<std::thread> threads;
    for (int i = 0; i < kThreads; ++i) {
        threads.emplace_back([&] {
            for (std::uint32_t n = 0; n < kEach; ++n) {
                table.count(kNetwork, kSecond);
            }
        });
    }
    for (std::thread& thread : threads) {
        thread.join();
    }
    EXPECT_EQ(table.count(kNetwork, kSecond), kThreads * kEach + 2);
}

}  // namespace
}  // namespace ostrakon::server
