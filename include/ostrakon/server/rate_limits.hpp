// Response rate limiting as one generation of the configuration has it: who is counted as what, and
// what becomes of an answer that is one too many.
//
// Counting is rate_table.hpp's.
#pragma once

#include "ostrakon/config/settings.hpp"
#include "ostrakon/net/address.hpp"
#include "ostrakon/responder/prepared.hpp"
#include "ostrakon/server/rate_table.hpp"

#include <bitset>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <variant>

namespace ostrakon::server {

/// What becomes of an answer over UDP.
enum class Treatment : std::uint8_t {
    Whole,
    InBrief,  ///< Too small to be worth a forged question, and enough for a real client.
    None,
};

/// Immutable, shared by all workers.
class RateLimits {
public:
    explicit RateLimits(const config::LimitSettings& settings);

    bool is_dry_run() const noexcept { return dry_run_; }
    /// Whether answers to this client are not counted.
    bool is_exempt(const net::Address& client) const noexcept {
        return may_be_exempt(client) && exempt_.admits(client);
    }
    ClientNetwork network_of(const net::Address& client) const noexcept {
        if (const auto* const ipv4 = std::get_if<net::Ipv4>(&client)) {
            return {kIpv4 | std::uint64_t{ipv4->bits & ipv4_mask_.bits}, 0};
        }
        const net::Uint128 bits = std::get_if<net::Ipv6>(&client)->bits & ipv6_mask_.bits;
        return {static_cast<std::uint64_t>(bits >> 64), static_cast<std::uint64_t>(bits)};
    }
    /// The same for people: 192.0.2.0/24.
    net::AddressRange range_of(const ClientNetwork& network) const noexcept;

    /// What becomes of answer number `count` of this second to one network.
    Treatment treatment(std::uint32_t count) const noexcept {
        return count <= responses_per_second_ ? Treatment::Whole : treatment_above(count);
    }

private:
    /// Before the bits of an IPv4 network: what no IPv6 client has in their place (multicast).
    static constexpr std::uint64_t kIpv4 = 0xFFFFFFFF00000000;

    /// A quick look at the first byte, which for nearly all clients says that they are not.
    bool may_be_exempt(const net::Address& client) const noexcept {
        if (const auto* const ipv4 = std::get_if<net::Ipv4>(&client)) {
            return exempt_ipv4_tops_[ipv4->bits >> 24];
        }
        return exempt_ipv6_tops_[static_cast<std::size_t>(std::get_if<net::Ipv6>(&client)->bits >>
                                                          120)];
    }

    Treatment treatment_above(std::uint32_t count) const noexcept;

    std::uint32_t responses_per_second_;
    std::uint32_t slip_;
    bool dry_run_;
    int ipv4_prefix_;
    int ipv6_prefix_;
    net::Ipv4 ipv4_mask_;
    net::Ipv6 ipv6_mask_;
    responder::QueryFilter exempt_;
    std::bitset<256> exempt_ipv4_tops_;  // first bytes of exempt addresses
    std::bitset<256> exempt_ipv6_tops_;
};

/// Null where [limits] responses_per_second is 0.
std::shared_ptr<const RateLimits> rate_limits(const config::LimitSettings& settings);

}  // namespace ostrakon::server
