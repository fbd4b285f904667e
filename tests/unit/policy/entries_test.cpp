// Entries as they are packed into blocks: what was put in is found again, whatever was taken out.
#include "ostrakon/policy/entries.hpp"

#include "ostrakon/store/environment.hpp"
#include "support/temporary_directory.hpp"

#include <gtest/gtest.h>
#include <algorithm>
#include <iterator>
#include <random>
#include <set>

namespace ostrakon::policy {
namespace {

constexpr LayerId kLayer = 3;
constexpr int kRounds = 60;

class Entries : public testing::Test {
protected:
    Entries()
        : environment_(*store::Environment::open({.directory = directory_.path(),
                                                  .access = store::Access::ReadWriteCreate,
                                                  .size_bytes = std::uint64_t{1} << 28})) {}

    void edit(const EntryList& removed, const EntryList& added) {
        auto transaction = store::WriteTransaction::begin(environment_);
        ASSERT_TRUE(transaction);
        edit_entries(*transaction, kLayer, removed, added);
        ASSERT_TRUE(transaction->commit());
    }
    EntryList loaded() {
        const auto snapshot = store::Snapshot::begin(environment_);
        return load_entries(*snapshot, kLayer);
    }
    std::vector<Ipv4Entry> covering(net::Ipv4 address) {
        const auto snapshot = store::Snapshot::begin(environment_);
        std::vector<Ipv4Entry> found;
        for_each_covering(*snapshot, kLayer, address,
                          [&](const Ipv4Entry& entry) { found.push_back(entry); });
        std::sort(found.begin(), found.end());
        return found;
    }
    std::uint64_t blocks() {
        return store::Snapshot::begin(environment_)->count(store::Table::EntriesIpv4);
    }

    // Narrow, wide and equal ranges, crowded so that they meet.
    Ipv4Entry some_entry() {
        const auto value = static_cast<std::uint32_t>(1 + random_() % 3);
        const net::Ipv4 first{static_cast<std::uint32_t>(0xC0000000 + random_() % 0x40000)};
        switch (random_() % 4) {
            case 0:
                return {{first, {first.bits + static_cast<std::uint32_t>(random_() % 0x30000)}},
                        value};
            case 1:
                return {{first, {first.bits + static_cast<std::uint32_t>(random_() % 64)}}, value};
            default:
                return {{first, first}, value};
        }
    }

    test::TemporaryDirectory directory_;
    store::Environment environment_;
    std::mt19937_64 random_{std::random_device{}()};
};

TEST_F(Entries, AreWhatWasPutInAndNotTakenOut) {
    const auto seed = std::random_device{}();
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    random_.seed(seed);
    std::set<Ipv4Entry> expected;
    for (int round = 0; round < kRounds; ++round) {
        EntryList removed;
        EntryList added;
        std::copy_if(expected.begin(), expected.end(), std::back_inserter(removed.ipv4),
                     [&](const Ipv4Entry&) { return random_() % 3 == 0; });
        for (const Ipv4Entry& entry : removed.ipv4) {
            expected.erase(entry);
        }
        for (int i = 0; i < 20; ++i) {
            const Ipv4Entry entry = some_entry();
            if (expected.insert(entry).second) {
                added.ipv4.push_back(entry);
            }
        }
        added.sort();
        edit(removed, added);
        ASSERT_EQ(loaded().ipv4, std::vector<Ipv4Entry>(expected.begin(), expected.end()));
        for (int i = 0; i < 20; ++i) {
            const net::Ipv4 address = some_entry().range.first;
            std::vector<Ipv4Entry> found;
            std::copy_if(expected.begin(), expected.end(), std::back_inserter(found),
                         [&](const Ipv4Entry& entry) { return entry.range.contains(address); });
            ASSERT_EQ(covering(address), found) << net::to_string(address);
        }
    }
    EntryList all;
    all.ipv4.assign(expected.begin(), expected.end());
    edit(all, {});
    EXPECT_EQ(blocks(), 0U);
}

TEST_F(Entries, FillAWholeBlock) {
    EntryList all;
    for (std::uint32_t lower = 0; lower < 65536; ++lower) {
        all.ipv4.push_back({{{0xC0000000 | lower}, {0xC0000000 | lower}}, 7});
    }
    edit({}, all);
    EXPECT_EQ(loaded().ipv4, all.ipv4);
    for (const std::uint32_t lower : {0U, 1U, 32767U, 65534U, 65535U}) {
        EXPECT_EQ(covering({0xC0000000 | lower}).size(), 1U) << lower;
    }
}

TEST_F(Entries, OfDamagedBlocksAreReadNoFurtherThanTheyGo) {
    EntryList all;
    for (std::uint32_t lower = 0; lower < 40; ++lower) {
        all.ipv4.push_back({{{0xC0000000 | lower}, {0xC0000000 | lower * 2}}, 1});
    }
    edit({}, all);
    const net::Ipv4 block{0xC0000000};
    const BlockKey<net::Ipv4> key{kLayer, 16, block};
    const auto snapshot = store::Snapshot::begin(environment_);
    const std::string whole{*snapshot->get(store::Table::EntriesIpv4, key.view())};
    for (std::size_t size = 0; size <= whole.size(); ++size) {
        const std::string cut = whole.substr(0, size);
        std::size_t count = 0;
        for_each_in_block(cut, 16, block, [&](const Ipv4Entry&) { ++count; });
        for_each_covering_in_block(cut, 16, block, block, [&](const Ipv4Entry&) {});
        EXPECT_EQ(count == all.ipv4.size(), size == whole.size());
        EXPECT_EQ(is_packed_block(cut, 16, block), size == whole.size());
    }
}

}  // namespace
}  // namespace ostrakon::policy
