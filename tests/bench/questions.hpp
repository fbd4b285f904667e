// Draws questions about listings: three in ten about something listed.
#pragma once

#include "bench/listings.hpp"

#include <array>
#include <string>
#include <string_view>

namespace ostrakon::bench {

enum class Kind { A, Txt, Ipv6, Name };
/// What files and benchmarks call each kind.
inline constexpr std::array<std::string_view, 4> kKindNames{"a", "txt", "ipv6", "names"};

struct Question {
    std::string name;  ///< Below kOrigin.
    std::string_view type;
};

class Questions {
public:
    /// Borrows both.
    Questions(const Listings& listings, Random& random) : listings_(listings), random_(random) {}

    Question draw(Kind kind);
    /// Seven in ten A of IPv4, one TXT, one A of IPv6, one A of a name.
    Question draw_mixed();

    net::Ipv4 draw_address();
    net::Ipv6 draw_ipv6();
    std::string draw_name();

private:
    bool draw_listed() { return random_.below(100) < kListedPercent; }
    static constexpr std::uint64_t kListedPercent = 30;

    const Listings& listings_;
    Random& random_;
};

}  // namespace ostrakon::bench
