// A map as a format has read it: ranges of addresses and where they come from, in the order of its
// lines.
#pragma once

#include "ostrakon/base/time.hpp"
#include "ostrakon/net/address.hpp"
#include "ostrakon/net/origin.hpp"
#include "ostrakon/policy/import.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace ostrakon::policy {

/// A range all of whose addresses come from one AS or country.
template <class A>
struct MapRange {
    net::Range<A> range;
    std::uint32_t number = 0;  ///< Of a net::Origin.
    friend constexpr auto operator<=>(const MapRange&, const MapRange&) = default;
};

/// What a map says of one kind of origin.
struct MapPart {
    std::vector<MapRange<net::Ipv4>> ipv4;
    std::vector<MapRange<net::Ipv6>> ipv6;
    std::size_t size() const { return ipv4.size() + ipv6.size(); }
};

struct MapContents {
    std::array<MapPart, 2> parts;       ///< By net::OriginKind.
    std::optional<UnixTime> date;       ///< What the file says of its age.
    std::uint64_t read = 0;             ///< Lines or records, rejected ones too.
    std::vector<ImportReject> rejects;  ///< The first kRejectsKept.
    std::uint64_t rejected = 0;
    std::vector<std::string> notes;  ///< What else people should know, a sentence each.

    MapPart& part(net::OriginKind kind) { return parts[static_cast<std::size_t>(kind)]; }
    const MapPart& part(net::OriginKind kind) const {
        return parts[static_cast<std::size_t>(kind)];
    }
    std::size_t size() const { return parts[0].size() + parts[1].size(); }
};

}  // namespace ostrakon::policy
