// What a regular expression leaves no choice in, so far that two can be told to match no host name
// in common.
#pragma once

#include <bitset>
#include <string_view>
#include <vector>

namespace ostrakon::feed {

/// Letters are lower-case, as host names are compared. The default knows nothing, and may match
/// any.
struct NameShape {
    using Characters = std::bitset<256>;

    bool matches_none = false;     ///< It wants a character that no host name has.
    std::vector<Characters> tail;  ///< What each of the last characters can be, the last one first.
};

/// Reads an expression as PCRE and RE2 do. What it does not know for sure it leaves open.
NameShape shape_of(std::string_view regex);

/// Whether no host name is matched by both; false where that is not known.
bool are_disjoint(const NameShape& a, const NameShape& b);

}  // namespace ostrakon::feed
