// Every answer that respond() gives, read by ldns and written again by it from the text of its
// records: the bytes have to be the same. And packets of any kind, which must bring neither a crash
// nor an answer to an answer.
#include "ostrakon/responder/respond.hpp"

#include "scenario/runner/in_process_host.hpp"
#include "support/query_builder.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gtest/gtest.h>
#include <random>

namespace ostrakon::responder {
namespace {

using test::Bytes;
using test::OptSpec;

constexpr int kRandomQueries = 20'000;
constexpr int kMutations = 50'000;
constexpr int kGarbage = 50'000;

constexpr std::string_view kZone = R"(
origin = "bl.example.org"
ns = ["ns1.bl.example.org", "ns2.example.org", "ns.other.example.net"]
contact = "host.master@bl.example.org"
[a]
"@" = ["192.0.2.80", "2001:db8::80"]
ns1 = ["192.0.2.53", "2001:db8::53"]
"www.web" = ["192.0.2.81", "192.0.2.82"]
)";
constexpr std::string_view kInnerZone = R"(
origin = "in.de.bl.example.org"
ns = ["ns1.bl.example.org"]
contact = "hostmaster@example.net"
classes = ["allow"]
)";
constexpr std::string_view kClosedZone = R"(
origin = "closed.example.org"
ns = ["ns1.example.org"]
contact = "hostmaster@example.org"
[access]
query = ["192.0.2.1"]
)";

// Below these names something is to be found, or nothing, in every way there is.
constexpr std::string_view kNames[] = {
    "",
    "7.2.0.192",
    "8.2.0.192",
    "2.0.192",
    "0.192",
    "192",
    "9.113.0.203",
    "1.0.0.2",
    "1.0.0.127",
    "2.0.0.127",
    "2",
    "8.b.d.0.1.0.0.2",
    "1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.B.d.0.1.0.0.2",
    "2.0.0.0.0.0.f.7.f.f.f.f.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0",
    "TEST",
    "invalid",
    "example.com",
    "a.b.Example.COM",
    "com",
    "example.net",
    "0123456789abcdef0123456789abcdef01234567",
    "www.web",
    "web",
    "ns1",
    "de",
    "a\\032b.example.com",
    "07.2.0.192",
    "300"};
constexpr std::string_view kOrigins[] = {"bl.example.org",
                                         "bL.eXample.ORG",
                                         "in.de.bl.example.org",
                                         "closed.example.org",
                                         "example.org",
                                         "other.example.net",
                                         ""};
constexpr std::uint16_t kTypes[] = {1, 2, 5, 6, 16, 28, 43, 46, 65, 251, 252, 255, 256, 65280};

class Differential : public testing::Test {
protected:
    void SetUp() override {
        const auto done =
            host.set_up({{"ostrakon.toml", "[server]\nversion = \"ostrakon\"\nnsid = \"ns1\"\n"},
                         {"zones/bl.toml", std::string{kZone}},
                         {"zones/in.toml", std::string{kInnerZone}},
                         {"zones/closed.toml", std::string{kClosedZone}}});
        ASSERT_TRUE(done) << message(done.error());
        run({"ban", "192.0.2.7", "--reason", "a reason with \"quotes\", a \\ and \xC3\xBC"});
        run({"ban", "192.0.2.0/24", "--class", "isp", "--reason", "provider"});
        run({"ban", "2001:db8::/48", "--reason", "spam"});
        run({"ban", "example.com", "--reason", std::string(700, 'x')});
        run({"ban", "a.b.example.com", "--reason", "spam"});
        run({"allow", "198.51.100.0/24", "--reason", "partner"});
        for (int i = 0; i < 30; ++i) {
            run({"ban", fmt::format("203.0.113.0-203.0.113.{}", 100 + i), "--code",
                 fmt::format("127.0.1.{}", i + 1), "--reason",
                 std::string(300, static_cast<char>('a' + i % 26))});
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

std::string joined(std::string_view name, std::string_view origin) {
    return fmt::format("{}{}{}", name, name.empty() || origin.empty() ? "" : ".", origin);
}

TEST_F(Differential, WritesEveryKindOfAnswerAsLdnsWould) {
    const std::optional<OptSpec> opts[] = {
        std::nullopt, OptSpec{}, OptSpec{.payload_bytes = 512, .dnssec_ok = true},
        OptSpec{.payload_bytes = 4096, .options = {{3, ""}, {10, "12345678"}}},
        OptSpec{.version = 1}};
    for (const std::string_view origin : kOrigins) {
        for (const std::string_view name : kNames) {
            for (const std::uint16_t type : kTypes) {
                for (const auto& opt : opts) {
                    const Bytes query =
                        test::build_query({.name = joined(name, origin), .type = type, .opt = opt});
                    SCOPED_TRACE(fmt::format("{} type {}", joined(name, origin), type));
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
    for (const std::string_view name : kNames) {
        const Bytes query =
            test::build_query({.name = joined(name, kOrigins[0]), .opt = OptSpec{}});
        ASSERT_NO_FATAL_FAILURE(expect_as_ldns_writes(query, answer(query)));
    }
}

/// Draws queries; the same seed draws the same ones.
class Draw {
public:
    explicit Draw(unsigned seed) : random_(seed) {}
    unsigned below(std::size_t bound) { return static_cast<unsigned>(random_() % bound); }
    bool chance(unsigned percent) { return below(100) < percent; }
    std::uint8_t byte() { return static_cast<std::uint8_t>(random_()); }

    std::string bytes(std::size_t size_max) {
        std::string text(below(size_max + 1), '\0');
        for (char& c : text) {
            c = static_cast<char>(byte());
        }
        return text;
    }

    std::string labels() {
        static constexpr std::string_view kPlain = "abcdefghijklmnopqrstuvwxyzABCDEF0123456789-_";
        std::string name;
        for (unsigned count = below(6); count > 0; --count) {
            name += name.empty() ? "" : ".";
            const unsigned kind = below(4);
            for (unsigned size = kind == 0 ? 1 : below(8) + 1; size > 0; --size) {
                name.push_back(kPlain[kind == 1 ? 32 + below(10) : below(kPlain.size())]);
            }
        }
        return name;
    }

    test::QuerySpec query() {
        test::QuerySpec spec;
        const std::string name =
            chance(50) ? std::string{kNames[below(std::size(kNames))]} : labels();
        spec.name = joined(name, kOrigins[chance(70) ? 0 : below(std::size(kOrigins))]);
        spec.type = chance(80) ? kTypes[below(std::size(kTypes))]
                               : static_cast<std::uint16_t>(below(600) + 1);
        spec.record_class = chance(95) ? 1 : static_cast<std::uint16_t>(below(6) + 1);
        spec.id = static_cast<std::uint16_t>(random_());
        spec.flags = static_cast<std::uint16_t>(random_() & 0x07FF);  // QR and opcode 0
        if (chance(60)) {
            OptSpec opt{.payload_bytes = static_cast<std::uint16_t>(random_()),
                        .version = static_cast<std::uint8_t>(chance(5) ? byte() : 0),
                        .dnssec_ok = chance(50)};
            for (unsigned options = below(4); options > 0; --options) {
                opt.options.emplace_back(static_cast<std::uint16_t>(below(20)), bytes(20));
            }
            spec.opt = opt;
        }
        return spec;
    }

private:
    std::mt19937_64 random_;
};

TEST_F(Differential, WritesAnswersToRandomQueriesAsLdnsWould) {
    const unsigned seed = std::random_device{}();
    SCOPED_TRACE(fmt::format("seed {}", seed));
    Draw draw{seed};
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
void expect_answer_or_nothing(const Bytes& packet, const Bytes& answer) {
    const bool gets_none = packet.size() < 12 || (packet[2] & 0x80) != 0;
    ASSERT_EQ(answer.empty(), gets_none);
    if (gets_none) {
        return;
    }
    const auto message = test::read_by_ldns(answer);
    ASSERT_TRUE(message) << fmt::format("{:02x}", fmt::join(packet, " "));
    EXPECT_EQ(message->id, packet[0] << 8 | packet[1]);
    EXPECT_LE(answer.size(), kUdpAnswerSizeMax);
}

TEST_F(Differential, SurvivesMutatedQueries) {
    const unsigned seed = std::random_device{}();
    SCOPED_TRACE(fmt::format("seed {}", seed));
    Draw draw{seed};
    for (int round = 0; round < kMutations; ++round) {
        Bytes packet = test::build_query(draw.query());
        for (unsigned changes = draw.below(4) + 1; changes > 0; --changes) {
            packet[draw.below(packet.size())] = draw.byte();
        }
        packet.resize(draw.chance(80) ? packet.size() : draw.below(packet.size() + 20));
        ASSERT_NO_FATAL_FAILURE(expect_answer_or_nothing(packet, answer(packet)))
            << "round " << round;
    }
}

TEST_F(Differential, SurvivesGarbage) {
    const unsigned seed = std::random_device{}();
    SCOPED_TRACE(fmt::format("seed {}", seed));
    Draw draw{seed};
    for (int round = 0; round < kGarbage; ++round) {
        const std::string text = draw.bytes(draw.chance(90) ? 60 : 600);
        Bytes packet{text.begin(), text.end()};
        if (packet.size() > 5 && draw.chance(70)) {  // so that it gets further than the header
            packet[2] &= 0x07;
            packet[4] = 0;
            packet[5] = 1;
        }
        ASSERT_NO_FATAL_FAILURE(expect_answer_or_nothing(packet, answer(packet)))
            << "round " << round;
    }
}

}  // namespace
}  // namespace ostrakon::responder
