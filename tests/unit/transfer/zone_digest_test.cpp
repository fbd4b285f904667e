// RFC 8976, appendix A, and that the digest goes along with a zone and its changes.
#include "ostrakon/transfer/zone_digest.hpp"

#include "ostrakon/transfer/zone_history.hpp"
#include "zone_database.hpp"

#include <fmt/format.h>

namespace ostrakon::transfer {
namespace {

std::string hexadecimal(std::string_view bytes) {
    std::string text;
    for (const char c : bytes) {
        text += fmt::format("{:02x}", static_cast<unsigned char>(c));
    }
    return text;
}

std::string label(std::string_view text) {
    return static_cast<char>(text.size()) + std::string{text};
}

zone::Zone example() {
    zone::Zone zone;
    zone.name = "example";
    zone.origin = *dns::parse_name("example");
    zone.ns = {*dns::parse_name("ns1.example")};
    zone.contact = *dns::parse_name("admin.example");
    zone.ns_ttl_s = 86400;
    zone.soa = {1800, 900, 604800};
    zone.negative_ttl_s = 86400;
    return zone;
}

std::vector<Record> records_of_example() {
    const std::string zone{
        "\x07"
        "example\0",
        9};
    return {{"", dns::RecordType::Ns, 86400, label("ns2") + zone},
            {label("ns2"), dns::RecordType::Aaaa, 3600,
             std::string{"\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\x63", 16}},
            {label("ns1"), dns::RecordType::A, 3600, std::string{"\xcb\0\x71\x3f", 4}},
            {"", dns::RecordType::Ns, 86400, label("ns1") + zone}};
}

TEST(ZoneDigest, IsThatOfAppendixA1) {
    const Record digest = digest_record(example(), 2018031900, records_of_example());
    EXPECT_EQ(digest.owner, "");
    EXPECT_EQ(digest.ttl_s, 86400U);
    EXPECT_EQ(hexadecimal(digest.rdata),
              "7848b91c"
              "01"
              "01"
              "c68090d90a7aed716bc459f9340e3d7c1370d4d24b7e2fc3a1ddc0b9a87153b9"
              "a9713b3c9ae5cc27777f98b8e730044c");
}

TEST(ZoneDigest, CountsEqualRecordsOnce) {
    std::vector<Record> records = records_of_example();
    const Record once = digest_record(example(), 1, records);
    records.push_back(records.front());
    EXPECT_EQ(digest_record(example(), 1, records), once);
    records.back().ttl_s = 1;
    EXPECT_NE(digest_record(example(), 1, records), once);
}

class ZoneWithDigest : public ZoneDatabaseTest {
protected:
    ZoneWithDigest() { rulebook_->zones.front().secondaries.has_digest = true; }
};

TEST_F(ZoneWithDigest, HasItInTransfersOfBothKinds) {
    ban_one("192.0.2.7");
    ZoneHistory history{rulebook_, {0}};
    ASSERT_TRUE(history.follow(*environment_));
    const std::uint32_t first = *history.serial();
    const Record before = digest_record(*contents());
    ban_one("example.com");
    ASSERT_TRUE(history.follow(*environment_));
    const Record after = digest_record(*contents());
    EXPECT_NE(before, after);

    WholeZone whole{contents()};
    std::size_t seen = 0;
    for (Record record; whole.next(record);) {
        seen += record == after ? 1U : 0U;
    }
    EXPECT_EQ(seen, 1U);

    const auto differences = history.since(0, first);
    ASSERT_TRUE(differences);
    ASSERT_EQ(differences->size(), 1U);
    EXPECT_EQ(differences->front()->removed, std::vector{before});
    EXPECT_EQ(differences->front()->added.back(), after);
}

}  // namespace
}  // namespace ostrakon::transfer
