// Unpacks what gzip has packed.
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

/// Without the byte order mark that a text may begin with.
inline std::string_view without_byte_order_mark(std::string_view bytes) {
    constexpr std::string_view kMark = "\xEF\xBB\xBF";
    return bytes.starts_with(kMark) ? bytes.substr(kMark.size()) : bytes;
}

}  // namespace ostrakon::feed
