// Every answer that respond() gives, read by ldns and written again by it from the text of its
// records: the bytes have to be the same. And packets of any kind, which must bring neither a crash
// nor an answer to an answer.
#include "ostrakon/responder/respond.hpp"

#include "scenario/runner/in_process_host.hpp"
#include "support/answer_rules.hpp"
#include "support/campaign.hpp"
#include "support/crowded_site.hpp"
#include "support/packet_draw.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gtest/gtest.h>
#include <chrono>
#include <random>

namespace ostrakon::responder {
namespace {

using test::Bytes;
using test::OptSpec;

constexpr int kRandomQueries = 20'000;
constexpr std::uint64_t kPackets = 100'000;
constexpr std::uint64_t kPacketsOfCampaign = 5'000'000;

class Differential : public testing::Test {
protected:
    void SetUp() override {
        const auto done = host.set_up(test::crowded_site_files());
        ASSERT_TRUE(done) << message(done.error());
        for (const auto& command : test::crowded_site_commands()) {
            run(command);
        }
    }

    void run(const std::vector<std::string>& words) {
        std::string output;
        EXPECT_EQ(host.run({.words = words, .input = {}}, output), 0) << output;
    }

    Bytes answer(const Bytes& query, Transport transport = Transport::Udp) {
        return host.answer_to(query, {net::Ipv4{0x7F000001}, transport});
    }

    // Parsed without a mistake, and what ldns makes of the parsed answer is the answer.
    static void expect_as_ldns_writes(const Bytes& query, const Bytes& answer) {
        const auto message = test::read_by_ldns(answer);
        ASSERT_TRUE(message) << fmt::format("query {:02x}\nanswer {:02x}", fmt::join(query, " "),
                                            fmt::join(answer, " "));
        ASSERT_EQ(fmt::format("{:02x}", fmt::join(answer, " ")),
                  fmt::format("{:02x}", fmt::join(test::write_by_ldns(*message), " ")));
    }

    scenario::InProcessHost host;
};

TEST_F(Differential, WritesEveryKindOfAnswerAsLdnsWould) {
    const std::optional<OptSpec> opts[] = {
        std::nullopt, OptSpec{}, OptSpec{.payload_bytes = 512, .dnssec_ok = true},
        OptSpec{.payload_bytes = 4096, .options = {{3, ""}, {10, "12345678"}}},
        OptSpec{.version = 1}};
    for (const std::string_view origin : test::crowded_site_origins()) {
        for (const std::string_view name : test::crowded_site_names()) {
            for (const std::uint16_t type : test::crowded_site_types()) {
                for (const auto& opt : opts) {
                    const Bytes query = test::build_query(
                        {.name = test::joined(name, origin), .type = type, .opt = opt});
                    SCOPED_TRACE(fmt::format("{} type {}", test::joined(name, origin), type));
                    ASSERT_NO_FATAL_FAILURE(expect_as_ldns_writes(query, answer(query)));
                    ASSERT_NO_FATAL_FAILURE(
                        expect_as_ldns_writes(query, answer(query, Transport::Tcp)));
                }
            }
        }
    }
    for (const char* const name :
         {"version.bind", "version.server", "hostname.bind", "id.server"}) {
        const Bytes query =
            test::build_query({.name = name, .type = 16, .record_class = 3, .opt = OptSpec{}});
        ASSERT_NO_FATAL_FAILURE(expect_as_ldns_writes(query, answer(query)));
    }
    host.lose_snapshot();
    for (const std::string_view name : test::crowded_site_names()) {
        const Bytes query = test::build_query(
            {.name = test::joined(name, test::crowded_site_origins()[0]), .opt = OptSpec{}});
        ASSERT_NO_FATAL_FAILURE(expect_as_ldns_writes(query, answer(query)));
    }
}

TEST_F(Differential, WritesAnswersToRandomQueriesAsLdnsWould) {
    const unsigned seed = std::random_device{}();
    SCOPED_TRACE(fmt::format("seed {}", seed));
    test::PacketDraw draw{seed};
    for (int round = 0; round < kRandomQueries; ++round) {
        const auto spec = draw.query();
        SCOPED_TRACE(fmt::format("round {}: {} type {} class {}", round, spec.name, spec.type,
                                 spec.record_class));
        const Bytes query = test::build_query(spec);
        ASSERT_NO_FATAL_FAILURE(expect_as_ldns_writes(
            query, answer(query, draw.chance(30) ? Transport::Tcp : Transport::Udp)));
    }
}

// Whatever comes in, what goes out is a whole answer to it or nothing.
TEST_F(Differential, KeepsItsRulesWhateverComesIn) {
    const unsigned seed = std::random_device{}();
    const std::uint64_t packets = test::is_campaign() ? kPacketsOfCampaign : kPackets;
    test::PacketDraw draw{seed};
    const auto begun = std::chrono::steady_clock::now();
    for (std::uint64_t round = 0; round < packets; ++round) {
        const Bytes packet = draw.packet();
        const bool over_tcp = draw.chance(30);
        const std::string broken =
            test::broken_rule(packet, answer(packet, over_tcp ? Transport::Tcp : Transport::Udp),
                              {.over_tcp = over_tcp});
        ASSERT_EQ(broken, "") << fmt::format("seed {} round {}: {:02x}", seed, round,
                                             fmt::join(packet, " "));
    }
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begun;
    fmt::print("{} packets in {:.1f} s\n", packets, took.count());
}

}  // namespace
}  // namespace ostrakon::responder
