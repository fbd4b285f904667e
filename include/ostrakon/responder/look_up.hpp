// Finds out what a name below a zone's origin is: listed, a test point, on the way to something, or
// nothing.
#pragma once

#include "ostrakon/responder/exchange.hpp"
#include "ostrakon/verdict/judge.hpp"

namespace ostrakon::responder {

enum class Finding : std::uint8_t {
    Absent,       ///< Nothing at or below it in any reading: NXDOMAIN.
    Exists,       ///< Something at or below it, but nothing to answer: NODATA.
    Listed,       ///< `verdict` and `subject` are set.
    TestAddress,  ///< 127.0.0.2 or ::FFFF:7F00:2.
    TestName,     ///< TEST.
};

/// What was found, and for Listed under which reading.
struct Found {
    Finding finding = Finding::Absent;
    verdict::Subject subject = net::Ipv4{};  ///< A name lies in key_bytes.
    const verdict::Verdict* verdict = nullptr;
    bool has_below = false;  ///< The question's name has something listed below it.
    dns::KeyBuffer key_bytes;
};

/// Looks the question's name up, which lies below the origin of `zone`; there is a snapshot.
void look_up(Exchange& exchange, const PreparedZone& zone, Found& found) noexcept;

}  // namespace ostrakon::responder
