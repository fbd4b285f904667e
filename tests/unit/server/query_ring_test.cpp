// The ring between a worker and the thread that writes the query log.
#include "ostrakon/server/query_ring.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cstring>
#include <thread>
#include <vector>

namespace ostrakon::server {
namespace {

// A record that says its number, of a size that depends on it.
std::vector<std::uint8_t> record_number(std::uint32_t number) {
    std::vector<std::uint8_t> record(sizeof number + number % 97, 0x55);
    std::memcpy(record.data(), &number, sizeof number);
    return record;
}

// The next record's number, if it is whole.
std::optional<std::uint32_t> take_number(QueryRing& ring) {
    std::array<std::uint8_t, QueryRing::kRecordSizeMax> buffer{};
    const std::size_t size = ring.take(buffer);
    std::uint32_t number = 0;
    if (size < sizeof number) {
        return std::nullopt;
    }
    std::memcpy(&number, buffer.data(), sizeof number);
    const auto expected = record_number(number);
    EXPECT_EQ(std::vector<std::uint8_t>(buffer.begin(), buffer.begin() + size), expected);
    return number;
}

TEST(QueryRing, GivesBackWhatWasPutInAcrossItsEnd) {
    QueryRing ring;
    EXPECT_EQ(take_number(ring), std::nullopt);
    std::uint32_t put = 0;
    for (std::uint32_t taken = 0; taken < 200000; ++taken) {  // more than twice around
        for (; put < taken + 1000; ++put) {
            ring.put(record_number(put));
        }
        ASSERT_EQ(take_number(ring), taken);
    }
    EXPECT_EQ(ring.lost(), 0U);
}

TEST(QueryRing, LosesWhatFindsNoRoomAndCountsIt) {
    QueryRing ring;
    const std::vector<std::uint8_t> record(1000, 1);
    const std::size_t fits = QueryRing::kSize / (record.size() + 2);
    for (std::size_t i = 0; i < fits + 3; ++i) {
        ring.put(record);
    }
    EXPECT_EQ(ring.lost(), 3U);
    std::array<std::uint8_t, QueryRing::kRecordSizeMax> buffer{};
    EXPECT_EQ(ring.take(buffer), record.size());
    ring.put(record);
    EXPECT_EQ(ring.lost(), 3U);
    ring.put(std::vector<std::uint8_t>(QueryRing::kRecordSizeMax + 1));
    EXPECT_EQ(ring.lost(), 4U);
    std::size_t left = 0;
    while (ring.take(buffer) != 0) {
        ++left;
    }
    EXPECT_EQ(left, fits);
}

TEST(QueryRing, IsForTwoThreads) {
    constexpr std::uint32_t kMany = 300000;
    QueryRing ring;
    std::thread putter([&ring] {
        for (std::uint32_t i = 0; i < kMany; ++i) {
            ring.put(record_number(i));
        }
    });
    std::uint64_t taken = 0;
    std::optional<std::uint32_t> last;
    const auto take_all = [&] {
        while (const auto number = take_number(ring)) {
            EXPECT_TRUE(!last || *last < *number);
            last = number;
            ++taken;
        }
    };
    while (taken + ring.lost() < kMany) {
        take_all();
    }
    putter.join();
    take_all();
    EXPECT_EQ(taken + ring.lost(), kMany);
}

}  // namespace
}  // namespace ostrakon::server
