// The ring between a worker and the thread that counts what is asked for and listed.
#include "ostrakon/server/hit_ring.hpp"

#include "support/allocation_counter.hpp"
#include "support/query_builder.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstring>
#include <memory>
#include <string>
#include <thread>

namespace ostrakon::server {
namespace {

using responder::ToldOwn;

// Two zones; the second has number 1.
const responder::Site& site() {
    static const auto kSite = [] {
        auto rulebook = std::make_shared<verdict::Rulebook>();
        for (const char* const origin : {"al.example.org", "bl.example.org"}) {
            zone::Zone zone;
            zone.name = origin;
            zone.origin = *dns::parse_name(origin);
            zone.ns = {*dns::parse_name("ns1.example.org")};
            zone.contact = *dns::parse_name("hostmaster.example.org");
            rulebook->zones.push_back(std::move(zone));
        }
        return std::make_unique<responder::Site>(std::move(rulebook),
                                                 responder::ResponderSettings{});
    }();
    return *kSite;
}

// A question as it is when it has been answered with something listed.
class Asked {
public:
    Asked(const std::string& name, ToldOwn as)
        : packet_(test::build_query({.name = name + ".bl.example.org"})) {
        responder::read_query(packet_, site().prepared(), query);
        query.told_own = as;
    }
    responder::PendingQuery query;

private:
    test::Bytes packet_;
};

std::string name_of_size(std::size_t number) {
    return fmt::format("{}.{}", std::string(1 + number % 60, 'a'),
                       std::string(1 + number % 47, 'b'));
}

std::string wire_of(std::size_t number) {
    const std::size_t first = 1 + number % 60;
    const std::size_t second = 1 + number % 47;
    return static_cast<char>(first) + std::string(first, 'a') + static_cast<char>(second) +
           std::string(second, 'b');
}

TEST(HitRing, KeepsAddresses) {
    HitRing ring;
    const Asked ipv4{"7.2.0.192", ToldOwn::Address};
    ring.put(ipv4.query, 9);
    ring.put(
        Asked{"7.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2", ToldOwn::Address}
            .query,
        9);
    Hit hit;
    ASSERT_TRUE(ring.take(hit));
    EXPECT_EQ(hit.subject, Hit::Subject::Ipv4);
    EXPECT_EQ(hit.zone, 1U);
    EXPECT_EQ(hit.generation, 9);
    net::Ipv4 address;
    ASSERT_EQ(hit.size, sizeof address.bits);
    std::memcpy(&address.bits, hit.bytes.data(), hit.size);
    EXPECT_EQ(net::to_string(address), "192.0.2.7");
    ASSERT_TRUE(ring.take(hit));
    EXPECT_EQ(hit.subject, Hit::Subject::Ipv6);
    net::Ipv6 wide;
    ASSERT_EQ(hit.size, sizeof wide.bits);
    std::memcpy(&wide.bits, hit.bytes.data(), hit.size);
    EXPECT_EQ(net::to_string(wide), "2001:db8::7");
    EXPECT_FALSE(ring.take(hit));
}

TEST(HitRing, GivesBackNamesOfEverySizeAcrossItsEnd) {
    HitRing ring;
    Hit hit;
    std::size_t put = 0;
    for (std::size_t taken = 0; taken < 60000; ++taken) {  // several times around
        for (; put < taken + 40; ++put) {
            ring.put(Asked{name_of_size(put), ToldOwn::Name}.query, 0);
        }
        ASSERT_TRUE(ring.take(hit));
        ASSERT_EQ(hit.subject, Hit::Subject::Name);
        ASSERT_EQ(hit.view(), wire_of(taken));
    }
    EXPECT_EQ(ring.lost(), 0U);
}

TEST(HitRing, LosesWhatFindsNoRoomAndCountsIt) {
    HitRing ring;
    const Asked address{"7.2.0.192", ToldOwn::Address};
    for (std::size_t i = 0; i < HitRing::kSlots + 3; ++i) {
        ring.put(address.query, 0);
    }
    EXPECT_EQ(ring.lost(), 3U);
    Hit hit;
    ASSERT_TRUE(ring.take(hit));
    ring.put(Asked{name_of_size(59), ToldOwn::Name}.query, 0);  // of several slots
    EXPECT_EQ(ring.lost(), 4U);
    ring.put(address.query, 0);
    EXPECT_EQ(ring.lost(), 4U);
}

TEST(HitRing, AllocatesNothing) {
    HitRing ring;
    const Asked name{name_of_size(30), ToldOwn::Name};
    Hit hit;
    const auto before = test::allocation_count();
    ring.put(name.query, 0);
    EXPECT_TRUE(ring.take(hit));
    EXPECT_EQ(test::allocation_count(), before);
}

TEST(HitRing, HandsWholeHitsFromOneThreadToAnother) {
    constexpr std::size_t kHits = 100000;
    HitRing ring;
    std::uint64_t torn = 0;
    std::uint64_t taken = 0;
    std::atomic<bool> is_over = false;
    std::thread reader([&] {
        Hit hit;
        for (bool was_over = false; !was_over;) {
            was_over = is_over.load();
            while (ring.take(hit)) {
                const std::size_t size = hit.bytes[0];
                torn +=
                    hit.size == size + 1 && hit.view().substr(1) == std::string(size, 'a') ? 0 : 1;
                ++taken;
            }
        }
    });
    for (std::size_t i = 0; i < kHits; i += 50) {
        for (std::size_t size = 1; size <= 50; ++size) {
            static const auto kAsked = [] {
                std::vector<std::unique_ptr<Asked>> asked;
                for (std::size_t of = 1; of <= 50; ++of) {
                    asked.push_back(std::make_unique<Asked>(std::string(of, 'a'), ToldOwn::Name));
                }
                return asked;
            }();
            ring.put(kAsked[size - 1]->query, 0);
        }
    }
    is_over = true;
    reader.join();
    EXPECT_EQ(torn, 0U);
    EXPECT_EQ(taken + ring.lost(), kHits);
}

}  // namespace
}  // namespace ostrakon::server
