// The catalog as records (RFC 9432).
#include "ostrakon/transfer/catalog_zone.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <set>

namespace ostrakon::transfer {
namespace {

using testing::SizeIs;

constexpr std::uint16_t kPtrType = 12;

zone::Zone zone_named(const char* origin) {
    zone::Zone zone;
    zone.origin = *dns::parse_name(origin);
    zone.ns = {*dns::parse_name("invalid")};
    zone.contact = zone.ns.front();
    return zone;
}

std::vector<Record> records_of(const std::vector<zone::Zone>& zones) {
    const zone::Zone catalog = zone_named("catalog.example.org");
    CatalogZone source{catalog, zones, 7};
    std::vector<Record> records;
    for (Record record; source.next(record);) {
        records.push_back(record);
    }
    EXPECT_TRUE(source.check());
    return records;
}

std::set<std::string> member_owners(const std::vector<Record>& records) {
    std::set<std::string> owners;
    for (const Record& record : records) {
        if (static_cast<std::uint16_t>(record.type) == kPtrType) {
            owners.insert(record.owner);
        }
    }
    return owners;
}

TEST(CatalogZoneTest, BeginsAndEndsWithItsSoaAndSaysItsVersion) {
    const auto records = records_of({});
    ASSERT_THAT(records, SizeIs(4));
    EXPECT_EQ(records.front().type, dns::RecordType::Soa);
    EXPECT_EQ(records.front(), records.back());
    EXPECT_EQ(records[1].type, dns::RecordType::Ns);
    EXPECT_EQ(records[2].owner, (std::string{"\7version", 8}));
    EXPECT_EQ(records[2].rdata, (std::string{"\1\x32", 2}));
}

TEST(CatalogZoneTest, HasEachZoneUnderALabelOfItsOwnThatStays) {
    const std::vector<zone::Zone> two{zone_named("bl.example.org"), zone_named("dbl.example.org")};
    const std::vector<zone::Zone> one{two[1]};
    const auto owners_of_two = member_owners(records_of(two));
    const auto owners_of_one = member_owners(records_of(one));
    EXPECT_THAT(owners_of_two, SizeIs(2));
    ASSERT_THAT(owners_of_one, SizeIs(1));
    EXPECT_TRUE(owners_of_two.contains(*owners_of_one.begin()));
    EXPECT_TRUE(owners_of_one.begin()->ends_with("\5zones"));
    EXPECT_EQ(records_of(one)[3].rdata, one.front().origin.wire());
}

}  // namespace
}  // namespace ostrakon::transfer
