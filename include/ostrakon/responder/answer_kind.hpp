// What became of a query, for the figures.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace ostrakon::responder {

enum class AnswerKind : std::uint8_t {
    Listed,      ///< Codes or texts.
    NotListed,   ///< NXDOMAIN.
    NoData,      ///< Something is listed at or below the name, but nothing of the type asked for.
    TestPoint,   ///< Of RFC 5782 §5.
    ZoneData,    ///< What the configuration puts into a zone: SOA, NS, [a], the catalog.
    ServerInfo,  ///< version.bind and the like, or a cookie alone.
    Refused,
    FormErr,
    ServFail,
    NotImp,
    BadVers,
    BadCookie,
    NotAuth,    ///< Its signature is not believed.
    Truncated,  ///< TC over UDP, since the answer has no room.
    Limited,    ///< Answered in brief, since its network has had too many answers.
    Dropped,    ///< Not answered for the same reason.
    Ignored,    ///< No query.
};
inline constexpr std::size_t kAnswerKinds = 17;

/// Their names as values of a label, in the same order.
inline constexpr std::array<std::string_view, kAnswerKinds> kAnswerKindNames{
    "listed",  "not_listed", "nodata",   "test_point", "zone_data", "server_info",
    "refused", "formerr",    "servfail", "notimp",     "badvers",   "badcookie",
    "notauth", "truncated",  "limited",  "dropped",    "ignored"};

}  // namespace ostrakon::responder
