// How often each network may do something: so many at once, and one more every so often.
#pragma once

#include "ostrakon/base/time.hpp"
#include "ostrakon/net/address.hpp"

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>

namespace ostrakon::web {

/// A client as it is counted: an IPv4 /24, an IPv6 /56; all of those without an address as one.
std::optional<net::Address> counted_network(const std::optional<net::Address>& client);

/// Any thread.
class Allowance {
public:
    struct Rate {
        std::int64_t at_once = 0;
        std::int64_t seconds_each = 1;  ///< Until one more is allowed.
    };
    explicit Allowance(Rate rate) : rate_(rate) {}

    /// Takes one of this client's network; false where it has none left.
    bool take(const std::optional<net::Address>& client, UnixTime now);
    /// Until it has one again.
    std::int64_t wait_seconds() const { return rate_.seconds_each; }

private:
    void forget_idle(UnixTime now);

    Rate rate_;
    std::mutex mutex_;
    // When each network will have all back. One that has is as if it had never come.
    std::map<std::optional<net::Address>, std::int64_t> full_at_;
    std::optional<UnixTime> swept_at_;
};

}  // namespace ostrakon::web
