// Test points: what every zone always lists, and what none ever does, so that clients can tell
// whether a list works (RFC 5782 §5).
#pragma once

#include "ostrakon/net/address.hpp"
#include "ostrakon/zone/zone.hpp"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace ostrakon::zone {

inline constexpr net::Ipv4 kTestAddress{0x7F000002};         ///< Its mapped address, too.
inline constexpr net::Ipv4 kNeverListedAddress{0x7F000001};  ///< Its mapped address, too.
inline constexpr std::string_view kTestName = "test";        ///< Not the names below it.
inline constexpr std::string_view kNeverListedName = "invalid";

/// What one zone answers at the test points. It lasts as long as `ttl` of the zone says.
struct TestPoints {
    net::Ipv4 address_code;
    net::Ipv4 name_code;
    std::string text;
};

/// `site_classes`: [classes] of ostrakon.toml.
TestPoints test_points(const Zone& zone, const std::map<std::string, net::Ipv4>& site_classes);

/// All codes that a zone can answer with, ascending: those of its classes, and of feeds that it
/// names in [codes].
std::vector<net::Ipv4> served_codes(const Zone& zone,
                                    const std::map<std::string, net::Ipv4>& site_classes);

}  // namespace ostrakon::zone
