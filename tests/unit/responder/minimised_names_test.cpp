// Resolvers that minimise names ask for every end of a name before the name itself, and one
// NXDOMAIN on the way makes all below it unlisted (RFC 8020). So for random bans and exceptions:
// where a name is listed, none of its ends is denied; and where an end is denied, nothing below it
// is listed.
#include "scenario/runner/in_process_host.hpp"
#include "support/query_builder.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <random>

namespace ostrakon::responder {
namespace {

constexpr int kDecisions = 120;
constexpr int kQuestions = 4000;
constexpr std::string_view kOrigin = "bl.example.org";

/// Draws addresses and names that lie close to each other, most of them where octets and nibbles
/// look alike.
class Draw {
public:
    explicit Draw(unsigned seed) : random_(seed) {}
    unsigned below(unsigned bound) { return static_cast<unsigned>(random_() % bound); }

    net::Ipv4 ipv4() {
        net::Ipv4 address{(below(2) == 0 ? below(9) + 1 : 192 + below(2)) << 24};
        address.bits |= below(3) << 16 | below(3) << 8 | below(12);
        return address;
    }
    net::Ipv6 ipv6() {
        static constexpr std::array<std::uint32_t, 4> kStarts{0x20010DB8, 0x20010000, 0x24000000,
                                                              0x21000000};
        net::Ipv6 address{net::Uint128{kStarts[below(kStarts.size())]} << 96};
        address.bits |= net::Uint128{below(3)} << 92 | net::Uint128{below(3)} << 64 | below(4);
        return address;
    }
    std::string name() {
        static constexpr std::array<std::string_view, 4> kLabels{"example", "mail", "a", "net"};
        std::string name = below(2) == 0 ? "com" : "org";
        for (unsigned labels = below(4); labels > 0; --labels) {
            name = fmt::format("{}.{}", kLabels[below(kLabels.size())], name);
        }
        return name;
    }
    std::string address_or_name() {
        switch (below(3)) {
            case 0:
                return net::to_string(ipv4());
            case 1:
                return net::to_string(ipv6());
            default:
                return name();
        }
    }
    std::string subject() {
        switch (below(3)) {
            case 0:
                return net::to_string(net::prefix(ipv4(), 12 + static_cast<int>(below(21))));
            case 1:
                return net::to_string(net::prefix(ipv6(), 20 + static_cast<int>(below(109))));
            default:
                return std::array<std::string, 3>{"", "=", "*."}[below(3)] + name();
        }
    }

private:
    std::mt19937_64 random_;
};

class MinimisedNames : public testing::Test {
protected:
    enum Rcode : std::uint8_t { kNoError = 0, kNxDomain = 3 };
    struct Answer {
        int rcode = 0;
        bool has_records = false;
    };

    Answer ask(const std::string& name) {
        const auto bytes = host.answer_to(test::build_query({.name = name}),
                                          {net::Ipv4{0x7F000001}, Transport::Udp});
        EXPECT_GE(bytes.size(), 12U);
        return {bytes[3] & 0xF, bytes[7] != 0};
    }

    scenario::InProcessHost host;
};

TEST_F(MinimisedNames, AreNeverDeniedOnTheWayToWhatIsListed) {
    const unsigned seed = std::random_device{}();
    SCOPED_TRACE(fmt::format("seed {}", seed));
    Draw draw{seed};
    ASSERT_TRUE(
        host.set_up({{"zones/bl.toml", fmt::format("origin = \"{}\"\nns = [\"ns1.example.org\"]\n"
                                                   "contact = \"hostmaster@example.org\"\n",
                                                   kOrigin)}}));
    for (int i = 0; i < kDecisions; ++i) {
        std::string output;
        const std::string verb = draw.below(3) == 0 ? "allow" : "ban";
        const std::string subject = draw.subject();
        EXPECT_EQ(
            host.run({.words = {verb, subject, "--reason", "x", "--yes", "--exact"}, .input = {}},
                     output),
            0)
            << verb << ' ' << subject << ": " << output;
    }
    int listed = 0;
    int denied = 0;
    for (int i = 0; i < kQuestions; ++i) {
        std::string name = scenario::query_name(draw.address_or_name(), kOrigin);
        SCOPED_TRACE(name);
        const Answer whole = ask(name);
        listed += whole.has_records ? 1 : 0;
        bool is_denied = whole.rcode == kNxDomain;
        // From the name itself to the label next to the origin.
        while ((name = name.substr(name.find('.') + 1)) != kOrigin) {
            const Answer part = ask(name);
            ASSERT_TRUE(part.rcode == kNoError || part.rcode == kNxDomain);
            ASSERT_FALSE(part.rcode == kNxDomain && !is_denied)
                << name << " is denied, and what is below it is not";
            is_denied = part.rcode == kNxDomain;
            denied += is_denied ? 1 : 0;
        }
    }
    EXPECT_GT(listed, kQuestions / 20) << "too few are listed for this to show anything";
    EXPECT_GT(denied, kQuestions / 20) << "too few are denied for this to show anything";
}

}  // namespace
}  // namespace ostrakon::responder
