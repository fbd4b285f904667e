// How a dnset of rbldnsd spells names: x, *.x and .x, with escapes.
#pragma once

#include "ostrakon/base/result.hpp"
#include "ostrakon/dns/name.hpp"

#include <string>
#include <string_view>

namespace ostrakon::feed {

/// What an entry lists of its name. An exact entry decides before any other, so that `.x` is two.
struct DnsetName {
    dns::Name name;
    bool holds_itself = true;
    bool holds_below = false;

    /// Whether it is the hash of a mail address.
    bool is_hash() const;
};

/// Takes a name off the front of `line`: all up to a blank. The error says why the line is
/// rejected.
Expected<DnsetName, std::string> take_dnset_name(std::string_view& line);

}  // namespace ostrakon::feed
