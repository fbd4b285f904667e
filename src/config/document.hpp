// A TOML file as a tree of values that know where they stand.
//
// The parser and its types stay behind this header; what the values mean is the business of the
// readers.
#pragma once

#include "problems.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace ostrakon::config {

inline constexpr std::size_t kFileSizeMax = std::size_t{1} << 20;
/// Bytes of a line. It also bounds how deeply dotted keys can nest, which the parser does not.
inline constexpr std::size_t kLineSizeMax = 8192;
/// How deeply tables and lists may lie in one another; no key needs more than three.
inline constexpr int kDepthMax = 16;

enum class Kind : std::uint8_t { Text, Integer, Number, Boolean, Date, List, Table };

struct Entry;

struct Value {
    Kind kind = Kind::Table;
    Position at;
    std::string text;  ///< Of Text itself; of the other leaves their spelling.
    std::int64_t integer = 0;
    bool boolean = false;
    std::vector<Value> items;    ///< Of a List.
    std::vector<Entry> entries;  ///< Of a Table, sorted by key.
};

struct Entry {
    std::string key;
    Position at;
    Value value;
};

/// Reads a file. What stands in the way (no file, not a plain file, too large, not TOML) goes to
/// `problems`.
std::optional<Value> read_document(const std::filesystem::path& file, Problems& problems);

}  // namespace ostrakon::config
