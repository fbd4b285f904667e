// The file of partner keys of one zone: reads it, and changes its text.
//
// A line is "NAME KEY", or "NAME !KEY" where the key is revoked; "#" begins a comment. One partner
// may have several keys, as while one takes the place of another. No error says a key.
#pragma once

#include "ostrakon/base/result.hpp"

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace ostrakon::partner {

inline constexpr std::size_t kKeySizeMin = 20;
inline constexpr std::size_t kKeySizeMax = 63;
inline constexpr std::size_t kNameSizeMax = 64;
/// Keys that one file may hold.
inline constexpr std::size_t kKeysMax = 100000;
/// Bytes of a file; a line of the longest name and key has 130.
inline constexpr std::size_t kFileSizeMax = std::size_t{16} << 20;

/// One line that holds a key.
struct KeyEntry {
    std::string name;  ///< The partner's.
    std::string key;   ///< Lower-case.
    bool is_revoked = false;
    std::size_t line = 0;  ///< From 1.
};

/// Whether a label in lower case has the shape of a key: 20 to 63 of a–z and 0–9, at least one of
/// them beyond f. So no key is a hash of a mail address, nor a part of an IPv6 address.
bool looks_like_key(std::string_view label) noexcept;

/// Whether a partner can be called so: letters, digits, "-", "_" and "."; not "-" first.
bool is_partner_name(std::string_view name) noexcept;

/// Reads the text of a file that messages call `file`. The error holds every mistake, a line each,
/// as "file:line: text".
Result<std::vector<KeyEntry>> parse_key_file(std::string_view text, const std::string& file);

/// The bytes of the file, which must be nobody's but its owner's to read.
Result<std::string> read_key_text(const std::filesystem::path& file);
/// Both.
Result<std::vector<KeyEntry>> read_key_file(const std::filesystem::path& file);

/// The text with one line more.
std::string with_key(std::string_view text, std::string_view name, std::string_view key);

/// The text with the lines of these numbers revoked; the rest of them stays as it is.
std::string with_revoked(std::string_view text, const std::vector<std::size_t>& lines);

/// A key of 26 characters, 128 random bits, from the system's generator.
Result<std::string> new_key();

}  // namespace ostrakon::partner
