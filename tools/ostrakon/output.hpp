// How results look on a terminal: tables, numbers, dates, colour. Nothing here knows a command.
#pragma once

#include "ostrakon/base/time.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ostrakon::tool {

/// Colours, or none of them.
struct Style {
    bool is_coloured = false;
    std::string bold(std::string_view text) const;
    std::string dim(std::string_view text) const;
    std::string good(std::string_view text) const;
    std::string bad(std::string_view text) const;
};

/// Colours where this descriptor is a terminal and NO_COLOR is not set.
Style style_of(int descriptor);

/// The columns of the terminal behind stdout, or 80.
std::size_t output_width();

/// Columns that a text takes: its UTF-8 characters.
std::size_t width_of(std::string_view text);

/// The text broken at blanks, so that no line is wider than `width`; every line but the first
/// begins with `indent` blanks, and the first is taken to begin there.
std::string wrapped(std::string_view text, std::size_t indent, std::size_t width);

/// The text in at most `width` columns, its end replaced by "…" where it is longer.
std::string shortened(std::string_view text, std::size_t width);

/// "1,234,567".
std::string grouped(std::uint64_t number);
/// "1 address", "1,234 addresses".
std::string counted(std::uint64_t number, std::string_view one, std::string_view many);
/// "256 addresses and 1 name"; what is zero is left out, unless both are.
std::string covered(std::uint64_t addresses, std::uint64_t names);
/// "1.5 MiB".
std::string bytes_text(std::uint64_t bytes);

/// "2026-11-22 18:00" (UTC).
std::string minute_of(UnixTime time);
/// "until 2026-12-22 18:00" or "for ever".
std::string end_text(const std::optional<UnixTime>& until);

/// "  state     open", with the end of its line; nothing where the value is empty.
std::string field_line(std::string_view name, std::string_view value, std::size_t size_max);

/// Rows of cells under a heading. The last column takes what is left of the width and is shortened
/// or wrapped to it.
class Table {
public:
    enum class Last : std::uint8_t { Shortened, Wrapped };
    explicit Table(std::vector<std::string> heading, Last last = Last::Shortened)
        : heading_(std::move(heading)), last_(last) {}
    void add(std::vector<std::string> row) { rows_.push_back(std::move(row)); }
    bool is_empty() const { return rows_.empty(); }
    std::string print(std::size_t width, const Style& style) const;

private:
    std::vector<std::string> heading_;
    std::vector<std::vector<std::string>> rows_;
    Last last_;
};

}  // namespace ostrakon::tool
