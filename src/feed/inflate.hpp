// Unpacks what gzip has packed. Not libarchive, which does for the other packings (unpack.hpp): it
// does not check the sum at the end of a gzip file, and would take a damaged one for whole.
#pragma once

#include "ostrakon/base/result.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace ostrakon::feed {

inline bool is_gzip(std::string_view bytes) {
    return bytes.starts_with("\x1F\x8B");
}

/// The content of a gzip file, of all its members. `file` is what messages call it. The error says
/// that it is damaged, cut off, or larger than `size_max` bytes, however small it was packed.
Result<std::string> inflate_gzip(std::string_view file, std::string_view bytes,
                                 std::size_t size_max);

}  // namespace ostrakon::feed
