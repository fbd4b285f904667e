// Reads a complaint as it comes by mail: a report by RFC 5965 (ARF), or the offending message, as
// it is or attached.
#pragma once

#include "ostrakon/base/result.hpp"
#include "ostrakon/base/time.hpp"
#include "ostrakon/net/address.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ostrakon::feed {

/// Bytes of the largest message that is read.
inline constexpr std::size_t kComplaintSizeMax = std::size_t{10} << 20;

struct ComplaintMail {
    bool is_report = false;             ///< By RFC 5965.
    std::string kind;                   ///< Its Feedback-Type: "abuse".
    std::string reporter;               ///< The mail address it came from, of a report.
    std::vector<net::Address> senders;  ///< Source-IP, then those of Received, latest first.
    std::string domain;                 ///< Reported-Domain, else that of From; lower case.
    std::optional<UnixTime> arrived;    ///< Arrival-Date, else the message's Date.
};

/// Reads a message. `file` is what errors call it. Errors: Usage (it is no message, too large),
/// System (the MIME library is missing).
Result<ComplaintMail> read_complaint_mail(std::string_view file, std::string_view bytes);

/// The message packed with zlib, and back. Nothing where the bytes are damaged or too large.
std::string pack_message(std::string_view bytes);
std::optional<std::string> unpack_message(std::string_view packed, std::uint64_t size);

}  // namespace ostrakon::feed
