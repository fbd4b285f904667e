// The messages of a transfer hold its records, each once and in their order.
#include "ostrakon/transfer/message_stream.hpp"

#include "zone_database.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

namespace ostrakon::transfer {
namespace {

using testing::Each;
using testing::ElementsAre;
using testing::Le;
using testing::SizeIs;

using Message = std::vector<std::uint8_t>;

const std::string kOrigin{
    "\x02"
    "bl\x07"
    "example\x03"
    "org\0",
    16};

// Reads messages as RFC 1035 §4.1 says.
class MessageReader {
public:
    explicit MessageReader(const Message& message) : message_(message) {}

    unsigned number_16(std::size_t at) const {
        return static_cast<unsigned>(message_.at(at) << 8 | message_.at(at + 1));
    }
    std::vector<Record> records() {
        at_ = 12;
        EXPECT_EQ(name(), kOrigin);
        at_ += 4;
        std::vector<Record> found;
        for (unsigned left = number_16(6); left > 0; --left) {
            Record record;
            const std::string owner = name();
            EXPECT_TRUE(owner.ends_with(kOrigin));
            record.owner = owner.substr(0, owner.size() - kOrigin.size());
            record.type = static_cast<dns::RecordType>(number_16(at_));
            EXPECT_EQ(number_16(at_ + 2), 1U);
            record.ttl_s = number_16(at_ + 4) << 16 | number_16(at_ + 6);
            const unsigned size = number_16(at_ + 8);
            at_ += 10;
            record.rdata.assign(message_.begin() + static_cast<std::ptrdiff_t>(at_),
                                message_.begin() + static_cast<std::ptrdiff_t>(at_ + size));
            at_ += size;
            found.push_back(std::move(record));
        }
        EXPECT_EQ(at_, message_.size());
        return found;
    }

private:
    std::string name() {
        std::string wire;
        std::size_t at = at_;
        bool has_jumped = false;
        while (message_.at(at) != 0) {
            if (message_.at(at) >= 0xC0) {
                const std::size_t target = number_16(at) & 0x3FFFU;
                EXPECT_LT(target, at);
                at_ = has_jumped ? at_ : at + 2;
                has_jumped = true;
                at = target;
                continue;
            }
            wire.append(message_.begin() + static_cast<std::ptrdiff_t>(at),
                        message_.begin() + static_cast<std::ptrdiff_t>(at + message_.at(at) + 1));
            at += message_.at(at) + 1U;
        }
        at_ = has_jumped ? at_ : at + 1;
        return wire + '\0';
    }

    const Message& message_;
    std::size_t at_ = 0;
};

class MessageStreamTest : public ZoneDatabaseTest {
protected:
    // All records of an answer, and the sizes of its messages.
    std::vector<Record> read(RecordSource& source) {
        MessageStream stream{source, {0x1234, kOrigin, dns::RecordType::Axfr}};
        std::vector<Record> all;
        Message message;
        while (stream.next(message)) {
            MessageReader reader{message};
            EXPECT_EQ(reader.number_16(0), 0x1234U);
            EXPECT_EQ(reader.number_16(2), 0x8400U);
            for (Record& record : reader.records()) {
                all.push_back(std::move(record));
            }
            sizes_.push_back(message.size());
        }
        EXPECT_EQ(stream.record_count(), all.size());
        const auto sound = source.check();
        EXPECT_TRUE(sound);
        return all;
    }
    std::vector<std::size_t> sizes_;
};

TEST_F(MessageStreamTest, AWholeZoneStandsBetweenItsSoa) {
    ban_one("192.0.2.0/24");
    ban_one("192.0.2.7", "again");
    ban_one("example.com");
    WholeZone source{contents()};
    const std::vector<Record> all = read(source);
    ASSERT_GT(all.size(), 4U);
    EXPECT_EQ(all.front(), soa_record(*contents()));
    EXPECT_EQ(all.back(), all.front());
    const std::set<Record> inside{all.begin() + 1, all.end() - 1};
    EXPECT_EQ(inside, records());
    EXPECT_EQ(inside.size(), all.size() - 2);
    EXPECT_THAT(sizes_, SizeIs(1));
}

TEST_F(MessageStreamTest, ALargeZoneTakesSeveralMessagesOfBoundedSize) {
    for (int i = 0; i < 150; ++i) {
        ban_one(fmt::format("192.0.2.{}", i), std::string(200, 'x') + std::to_string(i));
    }
    WholeZone source{contents()};
    const std::vector<Record> all = read(source);
    const std::set<Record> inside{all.begin() + 1, all.end() - 1};
    EXPECT_EQ(inside, records());
    EXPECT_GT(sizes_.size(), 2U);
    EXPECT_THAT(sizes_, Each(Le(kTransferMessageSize)));
}

TEST_F(MessageStreamTest, ChangesAreFramedByTheSerialsTheyLeadFromAndTo) {
    const zone::Zone& zone = rulebook_->zones.front();
    const Record a{
        "\x01"
        "a",
        dns::RecordType::A, 60, "1234"};
    const Record b{
        "\x01"
        "b",
        dns::RecordType::A, 60, "5678"};
    const Record c{
        "\x01"
        "c",
        dns::RecordType::A, 60, "9abc"};
    const auto first = std::make_shared<const Difference>(Difference{7, 9, {a}, {b}});
    const auto second = std::make_shared<const Difference>(Difference{9, 12, {}, {c}});
    ChangesOfZone source{zone, 12, {first, second}};
    EXPECT_THAT(read(source),
                ElementsAre(soa_record(zone, 12), soa_record(zone, 7), a, soa_record(zone, 9), b,
                            soa_record(zone, 9), soa_record(zone, 12), c, soa_record(zone, 12)));
    ChangesOfZone nothing_newer{zone, 12, {}};
    EXPECT_THAT(read(nothing_newer), ElementsAre(soa_record(zone, 12)));
}

}  // namespace
}  // namespace ostrakon::transfer
