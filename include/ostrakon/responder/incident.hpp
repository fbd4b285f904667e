// What the operator should hear of, besides the answer that a client gets for it.
#pragma once

#include <cstddef>
#include <cstdint>

namespace ostrakon::responder {

/// Why a question was turned away that somebody signed, or that asked for a whole zone.
enum class Incident : std::uint8_t {
    None,
    MalformedSignature,
    BadKey,           ///< Signed with a key that is not known here.
    BadSignature,     ///< Signed with another secret, or changed on its way.
    BadTime,          ///< Signed too long ago, or a clock is wrong.
    BadTruncation,    ///< The signature is cut short.
    TransferRefused,  ///< [access] transfer does not let the client have the zone.
};
inline constexpr std::size_t kIncidentKinds = 7;

}  // namespace ostrakon::responder
