// Values of rbldnsd's entries: ":A:TXT", and the templates that its texts are made from.
#pragma once

#include "ostrakon/base/result.hpp"
#include "ostrakon/net/address.hpp"

#include <array>
#include <string>
#include <string_view>

namespace ostrakon::feed {

/// What an entry or a default line says. Borrows its text from the list.
struct RbldnsdValue {
    net::Ipv4 code;         ///< 0: nothing says it, the built-in 127.0.0.2.
    std::string_view text;  ///< As written: not filled in yet.
    friend bool operator==(const RbldnsdValue&, const RbldnsdValue&) = default;
};

/// Reads what stands behind an address, or a default line; `text` has no blanks at its ends and is
/// not empty. The error says why the line is rejected.
Expected<RbldnsdValue, std::string> read_value(std::string_view text, const RbldnsdValue& defaults);

/// $0 to $9, and $= as number 10; what is not set is empty.
inline constexpr std::size_t kBaseTemplate = 10;
using Substitutions = std::array<std::string_view, kBaseTemplate + 1>;

/// Fills in a text. What stands for the subject becomes policy::kSubjectMark; control characters
/// become blanks. At most `size_max` bytes.
std::string fill_in(std::string_view text, const Substitutions& substitutions,
                    std::size_t size_max);

}  // namespace ostrakon::feed
