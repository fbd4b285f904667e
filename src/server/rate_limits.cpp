#include "ostrakon/server/rate_limits.hpp"

namespace ostrakon::server {
namespace {

template <class A>
A mask_of(int prefix) {
    using Bits = typename A::Bits;
    return net::prefix(A{static_cast<Bits>(~Bits{0})}, prefix).first;
}

template <class A>
void add_tops(const net::Range<A>& range, std::bitset<256>& tops) {
    constexpr int kBelowTop = A::kWidth - 8;
    for (auto top = static_cast<std::size_t>(range.first.bits >> kBelowTop);
         top <= static_cast<std::size_t>(range.last.bits >> kBelowTop); ++top) {
        tops.set(top);
    }
}

}  // namespace

RateLimits::RateLimits(const config::LimitSettings& settings)
    : responses_per_second_(settings.responses_per_second),
      slip_(settings.slip),
      dry_run_(settings.dry_run),
      ipv4_prefix_(settings.ipv4_prefix),
      ipv6_prefix_(settings.ipv6_prefix),
      ipv4_mask_(mask_of<net::Ipv4>(settings.ipv4_prefix)),
      ipv6_mask_(mask_of<net::Ipv6>(settings.ipv6_prefix)),
      exempt_(zone::QueryAccess{.any = false, .prefixes = settings.exempt}) {
    for (const net::AddressRange& range : settings.exempt) {
        if (const auto* const ipv4 = std::get_if<net::Ipv4Range>(&range)) {
            add_tops(*ipv4, exempt_ipv4_tops_);
        } else {
            add_tops(std::get<net::Ipv6Range>(range), exempt_ipv6_tops_);
        }
    }
}

net::AddressRange RateLimits::range_of(const ClientNetwork& network) const noexcept {
    if ((network.high & kIpv4) == kIpv4) {
        return net::prefix(net::Ipv4{static_cast<std::uint32_t>(network.high)}, ipv4_prefix_);
    }
    return net::prefix(net::Ipv6{net::Uint128{network.high} << 64 | network.low}, ipv6_prefix_);
}

Treatment RateLimits::treatment_above(std::uint32_t count) const noexcept {
    const bool slips = slip_ != 0 && (count - responses_per_second_) % slip_ == 0;
    return slips ? Treatment::InBrief : Treatment::None;
}

std::shared_ptr<const RateLimits> rate_limits(const config::LimitSettings& settings) {
    return settings.responses_per_second == 0 ? nullptr
                                              : std::make_shared<const RateLimits>(settings);
}

}  // namespace ostrakon::server
