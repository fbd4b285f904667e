// Which address a Received header says that the mail came from.
#pragma once

#include "ostrakon/net/address.hpp"

#include <optional>
#include <string_view>

namespace ostrakon::feed {

/// Reads what Postfix, Sendmail, Exim, qmail and their like write. What the client said of itself
/// (HELO) is not taken for its address. Nothing where none is named.
std::optional<net::Address> sender_in_received(std::string_view header);

}  // namespace ostrakon::feed
