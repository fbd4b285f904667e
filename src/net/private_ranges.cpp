#include "ostrakon/net/private_ranges.hpp"

#include <algorithm>

namespace ostrakon::net {
namespace {

constexpr Ipv6Range kTranslatedIpv4 =
    prefix(Ipv6{(Uint128{0x0064'ff9b} << 96)}, Ipv6::kWidth - Ipv4::kWidth);

}  // namespace

bool is_private(const Address& address) {
    if (const auto* ipv6 = std::get_if<Ipv6>(&address);
        ipv6 != nullptr && (kMappedIpv4.contains(*ipv6) || kTranslatedIpv4.contains(*ipv6))) {
        return is_private(Ipv4{static_cast<std::uint32_t>(ipv6->bits)});
    }
    return std::any_of(kPrivateRanges.begin(), kPrivateRanges.end(), [&](std::string_view text) {
        const AddressRange range = *parse_range(text);
        if (const auto* ipv4 = std::get_if<Ipv4>(&address)) {
            const auto* block = std::get_if<Ipv4Range>(&range);
            return block != nullptr && block->contains(*ipv4);
        }
        const auto* block = std::get_if<Ipv6Range>(&range);
        return block != nullptr && block->contains(std::get<Ipv6>(address));
    });
}

}  // namespace ostrakon::net
