// Tables of keys, and keys held against the zones that they are for.
#include "ostrakon/partner/key_table.hpp"
#include "ostrakon/partner/zone_keys.hpp"

#include "support/temporary_directory.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ostrakon::partner {
namespace {

using testing::HasSubstr;

std::string key_number(int number) {
    return fmt::format("k{:025}", number);
}

TEST(KeyTable, FindsEachOfThousandsAndNothingElse) {
    constexpr int kMany = 5000;
    std::vector<KeyEntry> entries;
    for (int i = 0; i < kMany; ++i) {
        entries.push_back({fmt::format("partner{}", i), key_number(i), i % 3 == 0});
    }
    UseCounters counters;
    const KeyTable table{"bl.example.org", entries, counters};
    EXPECT_EQ(table.size(), std::size_t{kMany});
    for (int i = 0; i < kMany; ++i) {
        const Partner* const partner = table.find(key_number(i));
        ASSERT_NE(partner, nullptr);
        EXPECT_EQ(partner->name, fmt::format("partner{}", i));
        EXPECT_EQ(partner->is_revoked, i % 3 == 0);
        EXPECT_EQ(table.find(key_number(i + kMany)), nullptr);
    }
    EXPECT_EQ(table.find(""), nullptr);
}

TEST(KeyTable, CountsForAPartnerThroughChanges) {
    UseCounters counters;
    const std::vector<KeyEntry> both{{"a", key_number(1), true}, {"a", key_number(2), false}};
    const KeyTable before{"bl.example.org", both, counters};
    before.find(key_number(1))->uses->refused += 2;
    before.find(key_number(2))->uses->answered += 3;
    const KeyTable after{"bl.example.org", std::span{both}.last(1), counters};
    EXPECT_EQ(after.find(key_number(1)), nullptr);
    EXPECT_EQ(after.find(key_number(2))->uses->refused, 2U);
    EXPECT_EQ(after.find(key_number(2))->uses->answered, 3U);
    const KeyTable other{"other.example.org", both, counters};
    EXPECT_EQ(other.find(key_number(2))->uses->answered, 0U);
    EXPECT_EQ(counters.all().size(), 2U);
}

zone::Zone zone_called(const std::string& origin) {
    zone::Zone zone;
    zone.name = origin;
    zone.origin = dns::parse_name(origin).value();
    return zone;
}

TEST(ZoneKeys, AreNoNamesOfTheZone) {
    const std::string taken = "abcdefghijklmnopqrstuvwxyz";
    zone::Zone zone = zone_called("bl.example.org");
    zone.keys_file = "keys";
    zone.addresses.push_back({dns::parse_name("x.www2www2www2www2www2.bl.example.org").value(),
                              {net::Ipv4{0xC0000201}},
                              {}});
    const std::vector<zone::Zone> zones{zone, zone_called("in." + taken + ".bl.example.org"),
                                        zone_called("other.example.org")};
    EXPECT_TRUE(check_keys({{"a", key_number(1), false, 1}}, zone, zones));
    const auto inner = check_keys({{"a", taken, false, 7}}, zone, zones);
    ASSERT_FALSE(inner);
    EXPECT_THAT(message(inner.error()),
                HasSubstr("keys:7: the key of a is on the way to the zone"));
    const auto own = check_keys({{"a", "www2www2www2www2www2", true, 8}}, zone, zones);
    ASSERT_FALSE(own);
    EXPECT_THAT(message(own.error()), HasSubstr("keys:8: the key of a is a name of [a], too"));
}

}  // namespace
}  // namespace ostrakon::partner
