// Unpacks lists that were packed with gzip, xz, zstd, bzip2 or zip, known by their first bytes and
// never by a file's name.
#pragma once

#include "ostrakon/base/result.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace ostrakon::feed {

enum class Packing : std::uint8_t { None, Gzip, Xz, Zstd, Bzip2, Zip };

/// How the bytes are packed.
Packing packing_of(std::string_view bytes);
/// "gzip".
std::string_view name_of(Packing packing);

/// What is unpacked may be so many times as large as it was packed, beyond the first
/// kRatioFreeSize bytes: lists come to 30.
inline constexpr std::size_t kRatioMax = 200;
inline constexpr std::size_t kRatioFreeSize = std::size_t{16} << 20;

/// How many bytes the unpacked content of so many packed ones may have.
std::size_t unpacked_size_max(std::size_t packed_size, std::size_t size_max);
/// The error that refuses a bomb, which has reached more than unpacked_size_max().
Unexpected<Error> too_large_unpacked(std::string_view file, Packing packing, std::size_t limit,
                                     std::size_t size_max);

/// Opens what unpack_bytes() opens when it is first used, for a process that soon can open nothing.
/// Gzip needs none of it. Error: System.
Result<Done> prepare_unpacking();

/// The content of packed bytes. `file` is what messages call them. The error (Usage) says that they
/// are damaged, cut off or too large, however small they were packed; or, of a zip, that they are
/// not one file. System: the library for it is missing.
Result<std::string> unpack_bytes(std::string_view file, std::string_view bytes,
                                 std::size_t size_max);

/// Without the byte order mark that a text may begin with.
inline std::string_view without_byte_order_mark(std::string_view bytes) {
    constexpr std::string_view kMark = "\xEF\xBB\xBF";
    return bytes.starts_with(kMark) ? bytes.substr(kMark.size()) : bytes;
}

}  // namespace ostrakon::feed
