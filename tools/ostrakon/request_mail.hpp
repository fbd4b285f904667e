// The mail that tells the operator of new requests.
#pragma once

#include "ostrakon/base/time.hpp"
#include "ostrakon/policy/requests.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace ostrakon::tool {

/// Requests that one mail describes; of more it says how many there are.
inline constexpr std::size_t kRequestsInMailMax = 20;

struct RequestMail {
    std::string from, to;                   ///< Addresses of the configuration.
    std::vector<policy::Request> requests;  ///< New ones, oldest first; not empty.
    std::size_t open = 0;                   ///< All that are open.
    UnixTime now;
};

/// The mail whole, with its header (RFC 5322), lines ending in "\n". What strangers have written
/// stands in its body alone, a line each, without control characters.
std::string mail_text(const RequestMail& mail);

}  // namespace ostrakon::tool
