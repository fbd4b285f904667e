// Which records a zone becomes: wildcards, what is split around exceptions, what stands again.
#include "ostrakon/transfer/zone_records.hpp"

#include "support/authority_model.hpp"
#include "support/campaign.hpp"
#include "unit/policy/database.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <random>

namespace ostrakon::transfer {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::Not;
using testing::SizeIs;
using testing::UnorderedElementsAre;

constexpr std::string_view kTestPoints[] = {"2.0.0.127 A 127.0.0.2", "test A 127.0.1.2"};

std::string spelled(std::string_view owner) {
    std::string text;
    for (dns::Labels labels{owner}; !labels.empty();) {
        text += text.empty() ? "" : ".";
        text += labels.pop_front();
    }
    return text.empty() ? "@" : text;
}

std::string spelled(const Record& record) {
    const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(record.rdata[i]); };
    std::string data = "...";
    std::string type = std::to_string(static_cast<unsigned>(record.type));
    if (record.type == dns::RecordType::A) {
        type = "A";
        data = fmt::format("{}.{}.{}.{}", byte(0), byte(1), byte(2), byte(3));
    } else if (record.type == dns::RecordType::Txt) {
        type = "TXT";
        data = record.rdata.substr(1);
    } else if (record.type == dns::RecordType::Ns) {
        type = "NS";
    } else if (record.type == kPlaceholderType) {
        type = "HINFO";
    }
    return fmt::format("{} {} {}", spelled(record.owner), type, data);
}

std::string wire_of(std::uint32_t address) {
    std::string owner;
    for (int shift = 0; shift < 32; shift += 8) {
        const std::string octet = std::to_string(address >> shift & 255U);
        owner += static_cast<char>(octet.size()) + octet;
    }
    return owner;
}

class ZoneRecordsTest : public policy::DatabaseTest {
protected:
    ZoneRecordsTest() {
        zone_.name = "bl.example.org";
        zone_.origin = name("bl.example.org");
        zone_.ns = {name("ns1.example.org")};
        zone_.contact = name("hostmaster.example.org");
        zone_.sources = {{"own", false}, {"*", false}};
        zone_.classes = {"*"};
    }

    static dns::Name name(std::string_view text) { return *dns::parse_name(text); }
    static dns::Name name_below(const dns::Name& origin, std::vector<std::string> labels) {
        for (std::string& label : origin.labels()) {
            labels.push_back(std::move(label));
        }
        return *dns::Name::from_labels(labels);
    }
    void text(std::string_view text_template) {
        zone_.texts["*"] = *zone::TextTemplate::parse(text_template);
    }
    void ban_all(const std::vector<std::string_view>& subjects, std::string listing_class = "",
                 std::string reason = "spam") {
        policy::Ban ban;
        for (const std::string_view one : subjects) {
            ban.subjects.push_back(subject(one));
        }
        ban.listing_class = std::move(listing_class);
        ban.reason = std::move(reason);
        ban.confirmed = true;
        const auto done = policy::ban(*environment_, settings_, ban, author());
        ASSERT_TRUE(done) << message(done.error());
    }

    std::unique_ptr<Contents> contents() {
        auto rulebook = std::make_shared<verdict::Rulebook>();
        rulebook->zones = {zone_};
        rulebook->zones.insert(rulebook->zones.end(), inner_.begin(), inner_.end());
        rulebook->protect = settings_.protect;
        rulebook->web_url = web_url_;
        auto taken = Contents::take(*environment_, rulebook, {.zone = 0, .now = now_});
        EXPECT_TRUE(taken) << message(taken.error());
        return taken ? std::move(*taken) : nullptr;
    }
    template <class Visit>
    void for_each_record(Visit&& visit) {
        const auto from = contents();
        ZoneRecords records{*from};
        Record record;
        while (records.next(record)) {
            visit(record);
        }
        const auto sound = from->check();
        EXPECT_TRUE(sound) << message(sound.error());
    }
    /// Without the apex and the test points.
    std::vector<std::string> records() {
        std::vector<std::string> found;
        for_each_record([&](const Record& record) {
            const std::string line = spelled(record);
            const bool is_test = line.starts_with("2.0.0.0.0.0.f.7.f.f.f.f.") ||
                                 std::count(std::begin(kTestPoints), std::end(kTestPoints), line);
            if (!line.starts_with("@ ") && !is_test && line.find("test entry") == line.npos) {
                found.push_back(line);
            }
        });
        return found;
    }

    zone::Zone zone_;
    std::vector<zone::Zone> inner_;
    std::string web_url_;
};

TEST_F(ZoneRecordsTest, HaveTheApexAndTheTestPoints) {
    std::vector<std::string> found;
    for_each_record([&](const Record& record) { found.push_back(spelled(record)); });
    EXPECT_THAT(found,
                ElementsAre("@ NS ...", "2.0.0.127 A 127.0.0.2",
                            "2.0.0.127 TXT This is a test entry, which bl.example.org "
                            "always lists (RFC 5782)",
                            "2.0.0.0.0.0.f.7.f.f.f.f.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0 "
                            "A 127.0.0.2",
                            testing::StartsWith("2.0.0.0.0.0.f.7"), "test A 127.0.1.2",
                            testing::StartsWith("test TXT")));
    zone_.kinds = {.ip = false, .name = false, .mail = true};
    EXPECT_THAT(records(), SizeIs(0));
}

TEST_F(ZoneRecordsTest, StandForTheLargestBlocks) {
    ban_all({"192.0.2.0/23", "198.51.0.0/16", "203.0.113.7", "2001:db8:4::/46"});
    EXPECT_THAT(records(), ElementsAre("*.2.0.192 A 127.0.0.2", "*.3.0.192 A 127.0.0.2",
                                       "*.51.198 A 127.0.0.2", "7.113.0.203 A 127.0.0.2",
                                       "*.4.0.0.0.8.b.d.0.1.0.0.2 A 127.0.0.2",
                                       "*.5.0.0.0.8.b.d.0.1.0.0.2 A 127.0.0.2",
                                       "*.6.0.0.0.8.b.d.0.1.0.0.2 A 127.0.0.2",
                                       "*.7.0.0.0.8.b.d.0.1.0.0.2 A 127.0.0.2"));
}

TEST_F(ZoneRecordsTest, AreSplitAroundWhatIsNotListed) {
    ban_all({"192.0.0.0/16"});
    ban_all({"192.0.2.7"}, "allow");
    const auto found = records();
    EXPECT_THAT(found, SizeIs(255 + 255));
    EXPECT_THAT(found, AllOf(Contains("*.1.0.192 A 127.0.0.2"), Contains("8.2.0.192 A 127.0.0.2")));
    EXPECT_THAT(found, Not(Contains("7.2.0.192 A 127.0.0.2")));
    EXPECT_THAT(found, Not(Contains("*.2.0.192 A 127.0.0.2")));
}

TEST_F(ZoneRecordsTest, StandAgainOnTheWayToSomethingFiner) {
    ban_all({"192.0.0.0/16"});
    ban_all({"192.0.2.7"}, "isp");
    EXPECT_THAT(records(), ElementsAre("*.0.192 A 127.0.0.2", "*.2.0.192 A 127.0.0.2",
                                       "7.2.0.192 A 127.0.0.2", "7.2.0.192 A 127.0.0.4"));
}

TEST_F(ZoneRecordsTest, StandAgainOnTheWayToNamesOfTheConfiguration) {
    zone_.addresses = {{name_below(zone_.origin, {"www", "7", "2", "0", "192"}), {{1}}, {}},
                       {name_below(zone_.origin, {"9", "3", "0", "192"}), {{1}}, {}}};
    ban_all({"192.0.0.0/16"});
    EXPECT_THAT(records(), UnorderedElementsAre("www.7.2.0.192 A 0.0.0.1", "9.3.0.192 A 0.0.0.1",
                                                "*.0.192 A 127.0.0.2", "*.2.0.192 A 127.0.0.2",
                                                "7.2.0.192 A 127.0.0.2", "*.3.0.192 A 127.0.0.2"));
}

TEST_F(ZoneRecordsTest, EndWhereAnotherZoneBegins) {
    zone::Zone inner = zone_;
    inner.origin = name_below(zone_.origin, {"b", "com"});
    inner.name = dns::to_string(inner.origin);
    inner.ns = {name_below(inner.origin, {"ns"})};
    inner.addresses = {{inner.ns.front(), {{1}}, {}}};
    inner_ = {inner};
    ban_all({"com", "a.b.com", "x.com"});
    EXPECT_THAT(records(), UnorderedElementsAre("b.com NS ...", "ns.b.com A 0.0.0.1",
                                                "com A 127.0.1.2", "*.com A 127.0.1.2"));
}

TEST_F(ZoneRecordsTest, SpellNamesAndWhatLiesBelow) {
    ban_all({"example.com", "=one.example.net", "*.below.example.net"});
    EXPECT_THAT(records(), UnorderedElementsAre(
                               "example.com A 127.0.1.2", "*.example.com A 127.0.1.2",
                               "one.example.net A 127.0.1.2", "*.below.example.net A 127.0.1.2"));
}

TEST_F(ZoneRecordsTest, NameWhatIsNotListedBelowAListedName) {
    ban_all({"example.com"});
    ban_all({"good.b.a.example.com"}, "allow");
    EXPECT_THAT(records(),
                UnorderedElementsAre("example.com A 127.0.1.2", "*.example.com A 127.0.1.2",
                                     "a.example.com A 127.0.1.2", "*.a.example.com A 127.0.1.2",
                                     "b.a.example.com A 127.0.1.2", "*.b.a.example.com A 127.0.1.2",
                                     "good.b.a.example.com HINFO ..."));
}

TEST_F(ZoneRecordsTest, SayNothingTwiceWhereNamesDoNotDiffer) {
    zone_.sources = {{"own", false}};
    ban_all({"example.com"});
    policy::Import import;
    import.source = "alpha";
    import.list = list_of({"a.example.com", "b.a.example.com"});
    ASSERT_TRUE(policy::import(*environment_, settings_, std::move(import), author()));
    EXPECT_THAT(records(), SizeIs(2));
}

TEST_F(ZoneRecordsTest, SpellMailAddressesAsHashes) {
    ban_all({"user@example.com"});
    EXPECT_THAT(records(), ElementsAre("63a710569261a24b3766275b7000ce8d7b32e2f7 A 127.0.3.2"));
    zone_.kinds.mail = false;
    EXPECT_THAT(records(), SizeIs(0));
}

TEST_F(ZoneRecordsTest, HaveTheTextsOfTheListingThatAnswers) {
    text("{subject} {reason}[ {url}]");
    web_url_ = "https://bl.example.org";
    ban_all({"192.0.2.0/24"}, "", "one");
    ban_all({"192.0.3.0/24"}, "", "two");
    ban_all({"198.51.100.7"}, "", "three");
    EXPECT_THAT(records(), ElementsAre("*.2.0.192 A 127.0.0.2", "*.2.0.192 TXT 192.0.2.0/24 one",
                                       "*.3.0.192 A 127.0.0.2", "*.3.0.192 TXT 192.0.3.0/24 two",
                                       "7.100.51.198 A 127.0.0.2",
                                       "7.100.51.198 TXT 198.51.100.7 three "
                                       "https://bl.example.org/why/198.51.100.7"));
}

TEST_F(ZoneRecordsTest, NeverHoldWhatIsProtected) {
    settings_.protect.never_ipv4 = {net::prefix(net::Ipv4{0xC0000280}, 25)};
    settings_.protect.never_names = {name("good.example.com")};
    ban_all({"192.0.2.0/24", "example.com"});
    const auto found = records();
    EXPECT_THAT(found, SizeIs(128 + 3));
    EXPECT_THAT(found, Contains("good.example.com HINFO ..."));
}

TEST_F(ZoneRecordsTest, LeaveMappedAddressesOut) {
    ban_all({"::/0"});
    test::AuthorityModel secondary;
    for_each_record([&](const Record& record) {
        secondary.add(record.owner, static_cast<std::uint16_t>(record.type), record.rdata);
    });
    const auto ask = [&](std::string_view text) {
        std::string owner;
        for (net::Uint128 bits = net::parse_ipv6(text)->bits, i = 0; i < 32; ++i, bits >>= 4) {
            owner += fmt::format("\x01{:x}", static_cast<unsigned>(bits) & 15U);
        }
        return secondary.ask(owner, 1).kind;
    };
    using Kind = test::ModelAnswer::Kind;
    EXPECT_EQ(ask("::ffff:192.0.2.7"), Kind::NxDomain);
    EXPECT_EQ(ask("::ffff:127.0.0.1"), Kind::NxDomain);
    EXPECT_EQ(ask("::ffff:127.0.0.2"), Kind::Data);
    EXPECT_EQ(ask("::fffe:ffff:ffff"), Kind::Data);
    EXPECT_EQ(ask("::1:0:0:0"), Kind::Data);
    EXPECT_EQ(ask("2001:db8::7"), Kind::Data);
}

// *.0.0.2 would list 2.0.0.7, and *.2 every address of 2.0.0.0/8.
TEST_F(ZoneRecordsTest, OfWideIpv6BlocksListNoIpv4Address) {
    ban_all({"2000::/11", "3000::/4"});
    test::AuthorityModel secondary;
    for_each_record([&](const Record& record) {
        secondary.add(record.owner, static_cast<std::uint16_t>(record.type), record.rdata);
    });
    for (const std::uint32_t address : {0x02000007U, 0x02010007U, 0x03070707U, 0x03FFFFFFU}) {
        EXPECT_NE(secondary.ask(wire_of(address), 1).kind, test::ModelAnswer::Kind::Data);
    }
}

TEST_F(ZoneRecordsTest, SayHowManyPatternsAreLeftOut) {
    zone_.sources.push_back({"dynamic-names", false});
    ban_all({"rdns:*.adsl.example.net", "rdns:/^dyn/"});
    EXPECT_THAT(records(), SizeIs(0));
    const LeftOut left = contents()->left_out();
    EXPECT_EQ(left.patterns, 2U);
    EXPECT_THAT(left.built_in, ElementsAre("dynamic-names"));
}

// *.2 would be a wildcard over 2000::/4, and *.0.0.2 over 2000::/16.
TEST_F(ZoneRecordsTest, OfSmallIpv4BlocksListNoIpv6Address) {
    std::mt19937 random{20260202};
    std::vector<std::string> blocks;
    for (int a = 1; a <= 9; ++a) {
        blocks.push_back(fmt::format("{}.0.0.0/8", a));
        for (int b = 0; b < 256; b += test::is_campaign() || b < 11 ? 1 : 61) {
            blocks.push_back(fmt::format("{}.{}.0.0/16", a, b));
        }
    }
    for (const std::string& block : blocks) {
        ban_all({block});
        test::AuthorityModel secondary;
        for_each_record([&](const Record& record) {
            secondary.add(record.owner, static_cast<std::uint16_t>(record.type), record.rdata);
        });
        const auto first = std::get<net::Ipv4Range>(subject(block)).first;
        for (int i = 0; i < 300; ++i) {
            std::string owner;
            for (int digit = 28 + static_cast<int>(random() % 4); digit-- > 0;) {
                owner += fmt::format("\x01{:x}", random() % 16);
            }
            const auto octet = [&](int n) {
                const unsigned value = first.bits >> (24 - 8 * n) & 255U;
                return n == 0 || (n == 1 && value < 10 && random() % 2 == 0)
                           ? value
                           : static_cast<unsigned>(random() % 16);
            };
            std::string end;
            for (int n = 0; end.size() + owner.size() < 64; ++n) {
                end.insert(0, fmt::format("\x01{:x}", octet(n)));
            }
            ASSERT_NE(secondary.ask(owner + end, 1).kind, test::ModelAnswer::Kind::Data)
                << block << " lists " << spelled(owner + end);
        }
        const std::string inside = wire_of(first.bits | 0x00000707U);
        ASSERT_EQ(secondary.ask(inside, 1).kind, test::ModelAnswer::Kind::Data) << block;
        policy::Lift lift;
        lift.subjects = {subject(block)};
        lift.reason = "next";
        lift.override_lifecycle = true;
        lift.confirmed = true;
        ASSERT_TRUE(unban(lift));
    }
}

}  // namespace
}  // namespace ostrakon::transfer
