#include "allowance.hpp"

#include <algorithm>

namespace ostrakon::web {
namespace {

constexpr std::size_t kNetworksMax = 100'000;
constexpr int kIpv4Length = 24;
constexpr int kIpv6Length = 56;

}  // namespace

std::optional<net::Address> counted_network(const std::optional<net::Address>& client) {
    if (!client) {
        return std::nullopt;
    }
    if (const auto* ipv4 = std::get_if<net::Ipv4>(&*client)) {
        return net::prefix(*ipv4, kIpv4Length).first;
    }
    return net::prefix(std::get<net::Ipv6>(*client), kIpv6Length).first;
}

bool Allowance::take(const std::optional<net::Address>& client, UnixTime now) {
    const auto network = counted_network(client);
    const std::scoped_lock lock(mutex_);
    if (full_at_.size() >= kNetworksMax && !full_at_.contains(network)) {
        if (now != swept_at_) {  // once a second: it looks at all of them
            forget_idle(now);
        }
        if (full_at_.size() >= kNetworksMax) {
            return false;
        }
    }
    std::int64_t& full_at = full_at_[network];
    const std::int64_t all = rate_.at_once * rate_.seconds_each;
    // Later than after taking all: the clock has been set back.
    const std::int64_t begin =
        full_at > now.seconds + all ? now.seconds : std::max(full_at, now.seconds);
    const std::int64_t after = begin + rate_.seconds_each;
    if (after - now.seconds > all) {
        return false;
    }
    full_at = after;
    return true;
}

void Allowance::forget_idle(UnixTime now) {
    swept_at_ = now;
    std::erase_if(full_at_, [now](const auto& entry) { return entry.second <= now.seconds; });
}

}  // namespace ostrakon::web
