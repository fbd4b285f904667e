// The filter of names as bytes: hashes that never change, buckets that hold what was put in.
#include "ostrakon/store/name_filter.hpp"

#include "ostrakon/dns/name.hpp"
#include "support/name_filter_model.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <algorithm>
#include <random>

namespace ostrakon::store {
namespace {

std::string key(std::string_view name) {
    return dns::reversed_key(*dns::parse_name(name));
}

std::uint64_t hash(std::string_view name) {
    const NameHashes hashes = hashes_of(key(name));
    EXPECT_TRUE(hashes.is_whole);
    return hashes.of[hashes.count - 1];
}

TEST(NameHashes, AreThoseThatDatabasesHold) {
    // Labels of every length modulo a word. Other numbers here are another schema.
    EXPECT_EQ(hash("example"), 0xA65B452DEA4262B0);
    EXPECT_EQ(hash("com"), 0x631689D4C24B4455);
    EXPECT_EQ(hash("example.com"), 0x2E762DC87711699E);
    EXPECT_EQ(hash("m.example.com"), 0x862406AB1EB7A578);
    EXPECT_EQ(hash("a-label-of-24-characters.example.com"), 0x9227147AECDC4D26);
    EXPECT_EQ(hash(std::string(63, 'x') + ".example.com"), 0x1379F9EEA537EC45);
}

TEST(NameHashes, AreOfTheNameAndAllAboveIt) {
    const NameHashes hashes = hashes_of(key("a.mail.example.com"));
    ASSERT_EQ(hashes.count, 4U);
    EXPECT_TRUE(hashes.is_whole);
    EXPECT_EQ(hashes.of[0], hash("com"));
    EXPECT_EQ(hashes.of[1], hash("example.com"));
    EXPECT_EQ(hashes.of[2], hash("mail.example.com"));
}

TEST(NameHashes, EndWhereTheirNumberDoes) {
    EXPECT_TRUE(hashes_of(key("1.2.3.4.5.6.example.com")).is_whole);
    const NameHashes hashes = hashes_of(key("1.2.3.4.5.6.7.example.com"));
    EXPECT_FALSE(hashes.is_whole);
    ASSERT_EQ(hashes.count, kFilterLabelsMax);
    EXPECT_EQ(hashes.of[7], hash("2.3.4.5.6.7.example.com"));
}

TEST(NameHashes, EndWhereAKeyIsDamaged) {
    using std::string_view_literals::operator""sv;
    EXPECT_TRUE(hashes_of("").is_whole);
    EXPECT_EQ(hashes_of("").count, 0U);
    for (const std::string_view bytes :
         {"\3com\10example"sv, "\3com\377"sv, "\3com\0"sv, "\3com\7"sv}) {
        const NameHashes hashes = hashes_of(bytes);
        EXPECT_FALSE(hashes.is_whole);
        ASSERT_EQ(hashes.count, 1U);
        EXPECT_EQ(hashes.of[0], hash("com"));
    }
    EXPECT_EQ(hashes_of("x").count, 0U);
}

TEST(NameHashes, AreSpreadEvenly) {
    // Names that differ in little, as bad ones do.
    constexpr int kNames = 200'000;
    test::NameKeys nodes;
    for (int i = 0; i < kNames; ++i) {
        nodes.insert(key(fmt::format("host{}.example.com", i)));
    }
    const test::FilterContent content = test::filter_of(nodes);
    EXPECT_GT(content.size(), 61'000U);  // by chance 62,400 of 65,536 have some
    std::size_t largest = 0;
    int mistaken = 0;
    for (const auto& [bucket, entries] : content) {
        largest = std::max(largest, entries.size());
    }
    for (int i = 0; i < kNames; ++i) {
        const std::uint64_t other = hash(fmt::format("host{}.example.net", i));
        const auto found = content.find(filter_bucket(other));
        if (found != content.end()) {
            const std::string bytes = encode_filter_bucket(found->second);
            mistaken += FilterBucket{bytes.data()}.may_have_any(other) ? 1 : 0;
        }
    }
    EXPECT_LT(largest, 20U);
    EXPECT_LT(mistaken, 60);  // by chance 3 / 32,768 of them: 19
}

TEST(FilterBucket, HoldsWhatWasPutIn) {
    const unsigned seed = std::random_device{}();
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::mt19937 random{seed};
    for (std::size_t size = 1; size < 60; ++size) {
        std::vector<std::uint16_t> entries(size);
        for (std::uint16_t& entry : entries) {
            entry = static_cast<std::uint16_t>(random() % 256);  // so that some are there twice
        }
        std::sort(entries.begin(), entries.end());
        const std::string bytes = encode_filter_bucket(entries);
        EXPECT_EQ(decode_filter_bucket(bytes), entries);
        const FilterBucket bucket{bytes.data()};
        const auto has = [&](std::uint64_t entry) {
            return std::binary_search(entries.begin(), entries.end(), entry);
        };
        for (std::uint64_t entry = 0; entry < 260; entry += 2) {
            const std::uint64_t hash = entry << 32 | 0xFFFF'0001'FFFF'FFFF;
            ASSERT_EQ(filter_entry(hash, NameFact::Node), entry);
            ASSERT_EQ(filter_entry(hash, NameFact::Below), entry + 1);
            EXPECT_EQ(bucket.may_have_node(hash), has(entry)) << entry;
            EXPECT_EQ(bucket.may_have_any(hash), has(entry) || has(entry + 1)) << entry;
        }
    }
}

TEST(FilterBucket, IsReadNoFurtherThanItsBytes) {
    const std::string bytes = encode_filter_bucket(std::vector<std::uint16_t>{1, 1, 7});
    for (std::size_t size = 0; size < bytes.size(); ++size) {
        const auto entries = decode_filter_bucket(std::string_view{bytes}.substr(0, size));
        EXPECT_EQ(entries.size(), size < 4 ? 0 : (size - 4) / 2);
    }
}

}  // namespace
}  // namespace ostrakon::store
