// A batch answers as respond() does, whatever else is in it and whatever was in it before.
#include "ostrakon/responder/query_batch.hpp"

#include "ostrakon/policy/decide.hpp"
#include "ostrakon/store/environment.hpp"
#include "support/query_builder.hpp"
#include "support/temporary_directory.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <memory>
#include <random>

namespace ostrakon::responder {
namespace {

constexpr UnixTime kNow{1'800'000'000};
constexpr Client kClient{net::Ipv4{0xC0000235}, Transport::Udp};
constexpr int kBatches = 400;
constexpr std::string_view kLoopback6 =
    "2.0.0.0.0.0.f.7.f.f.f.f.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0";
constexpr std::string_view kListed6 =
    "1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2";

class QueryBatchTest : public testing::Test {
protected:
    QueryBatchTest()
        : environment_(*store::Environment::open({.directory = directory_.path(),
                                                  .access = store::Access::ReadWriteCreate,
                                                  .size_bytes = 1UL << 28})) {
        policy::Ban ban;
        for (const char* subject : {"192.0.2.0/25", "198.51.100.7", "2001:db8::/64", "example.com",
                                    "=mail.example.net"}) {
            ban.subjects.push_back(*policy::parse_subject(subject));
        }
        ban.reason = "spam";
        EXPECT_TRUE(policy::ban(environment_, {}, ban, {"test", "ban", kNow}));
        auto rulebook = std::make_shared<verdict::Rulebook>();
        for (const char* origin : {"bl.example.org", "in.bl.example.org"}) {
            zone::Zone zone;
            zone.name = origin;
            zone.origin = *dns::parse_name(origin);
            zone.ns = {*dns::parse_name("ns1.example.org")};
            zone.contact = *dns::parse_name("hostmaster.example.org");
            zone.sources = {{"own", false}};
            zone.classes = {"*"};
            zone.texts.emplace("*", *zone::TextTemplate::parse("{query} is blocked"));
            rulebook->zones.push_back(std::move(zone));
        }
        site_ = std::make_unique<Site>(rulebook, ResponderSettings{});
        judge_ = std::make_unique<verdict::Judge>(environment_, rulebook);
    }

    test::Bytes draw_packet() {
        static constexpr auto kNames = std::to_array<std::string_view>({"7.2.0.192",
                                                                        "200.2.0.192",
                                                                        "7.100.51.198",
                                                                        "2.0.0.127",
                                                                        kListed6,
                                                                        kLoopback6,
                                                                        kListed6.substr(40),
                                                                        "example.com",
                                                                        "a.b.EXAMPLE.com",
                                                                        "com",
                                                                        "net",
                                                                        "mail.example.net",
                                                                        "www.mail.example.net",
                                                                        "test",
                                                                        "1.0.0.2",
                                                                        "192",
                                                                        "",
                                                                        "in",
                                                                        "x.in",
                                                                        "256.1.1.1"});
        static constexpr auto kTypes = std::to_array<std::uint16_t>({1, 16, 28, 255, 6, 43, 252});
        test::QuerySpec spec;
        const std::string_view name = kNames[random_() % kNames.size()];
        spec.name = fmt::format("{}{}{}", name, name.empty() ? "" : ".",
                                random_() % 8 == 0 ? "example.net" : "bl.example.org");
        spec.type = kTypes[random_() % kTypes.size()];
        if (random_() % 3 == 0) {
            spec.opt = test::OptSpec{.payload_bytes = 1232};
        }
        test::Bytes packet = test::build_query(spec);
        if (random_() % 8 == 0) {
            packet.resize(random_() % packet.size());  // cut off
        } else if (random_() % 8 == 0) {
            packet[random_() % packet.size()] ^= static_cast<std::uint8_t>(1U << random_() % 8);
        }
        return packet;
    }

    void compare(QueryBatch& batch, bool has_snapshot) {
        std::vector<test::Bytes> packets(random_() % QueryBatch::kQueriesMax + 1);
        std::vector<std::span<const std::uint8_t>> views;
        for (test::Bytes& packet : packets) {
            packet = draw_packet();
            views.emplace_back(packet);
        }
        batch.read(views, *site_, *judge_, has_snapshot, kNow);
        std::array<std::uint8_t, kUdpAnswerSizeMax> alone{};
        std::array<std::uint8_t, kUdpAnswerSizeMax> together{};
        for (std::size_t i = 0; i < packets.size(); ++i) {
            const std::size_t size = batch.answer(i, kClient, together);
            ASSERT_EQ(size,
                      respond(packets[i], kClient, *site_, *judge_, has_snapshot, kNow, alone));
            ASSERT_TRUE(std::equal(alone.begin(), alone.begin() + size, together.begin()));
            answered_ += size > 0 ? 1 : 0;
        }
    }

    test::TemporaryDirectory directory_;
    store::Environment environment_;
    std::unique_ptr<Site> site_;
    std::unique_ptr<verdict::Judge> judge_;
    std::size_t answered_ = 0;
    const unsigned seed_ = std::random_device{}();
    std::mt19937_64 random_{seed_};
};

TEST_F(QueryBatchTest, AnswersAsRespondDoes) {
    SCOPED_TRACE(fmt::format("seed {}", seed_));
    const auto batch = std::make_unique<QueryBatch>();
    for (int i = 0; i < kBatches && !HasFatalFailure(); ++i) {
        const bool has_snapshot = i % 7 != 0 && judge_->renew();
        compare(*batch, has_snapshot);
        if (has_snapshot) {
            judge_->reset();
        }
    }
    EXPECT_GT(answered_, static_cast<std::size_t>(kBatches));
}

}  // namespace
}  // namespace ostrakon::responder
