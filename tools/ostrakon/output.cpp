#include "output.hpp"

#include "ostrakon/base/printable.hpp"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <algorithm>
#include <array>
#include <cstdlib>

namespace ostrakon::tool {
namespace {

constexpr std::size_t kDefaultWidth = 80;
constexpr std::size_t kLastColumnWidthMin = 12;
constexpr std::string_view kGap = "  ";

std::string coloured(bool is_coloured, std::string_view code, std::string_view text) {
    return is_coloured && !text.empty() ? fmt::format("\x1B[{}m{}\x1B[0m", code, text)
                                        : std::string{text};
}

bool starts_character(char byte) {
    return (static_cast<unsigned char>(byte) & 0xC0) != 0x80;
}

}  // namespace

std::string Style::bold(std::string_view text) const {
    return coloured(is_coloured, "1", text);
}
std::string Style::dim(std::string_view text) const {
    return coloured(is_coloured, "2", text);
}
std::string Style::good(std::string_view text) const {
    return coloured(is_coloured, "32", text);
}
std::string Style::bad(std::string_view text) const {
    return coloured(is_coloured, "31", text);
}

Style style_of(int descriptor) {
    const char* const no_color = std::getenv("NO_COLOR");
    const char* const terminal = std::getenv("TERM");
    const bool is_wanted = no_color == nullptr || *no_color == '\0';
    const bool is_able = terminal == nullptr || std::string_view{terminal} != "dumb";
    return {is_wanted && is_able && isatty(descriptor) == 1};
}

std::size_t output_width() {
    winsize size{};
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) {
        return size.ws_col;
    }
    return kDefaultWidth;
}

std::size_t width_of(std::string_view text) {
    return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), starts_character));
}

std::string wrapped(std::string_view text, std::size_t indent, std::size_t width) {
    std::string result;
    std::size_t column = indent;
    while (!text.empty()) {
        const std::size_t blank = text.find(' ');
        const std::string_view word = text.substr(0, blank);
        const bool starts_line = column == indent;
        if (!starts_line && column + 1 + width_of(word) > width) {
            result += "\n" + std::string(indent, ' ');
            column = indent;
        } else if (!starts_line) {
            result += ' ';
            ++column;
        }
        result += word;
        column += width_of(word);
        text.remove_prefix(blank == std::string_view::npos ? text.size() : blank + 1);
    }
    return result;
}

std::string shortened(std::string_view text, std::size_t width) {
    if (width_of(text) <= width) {
        return std::string{text};
    }
    std::size_t columns = 0;
    std::size_t end = 0;
    while (end < text.size() && (columns + 1 < width || !starts_character(text[end]))) {
        columns += starts_character(text[end]) ? 1 : 0;
        ++end;
    }
    std::string_view kept = text.substr(0, end);
    while (!kept.empty() && kept.back() == ' ') {
        kept.remove_suffix(1);
    }
    return std::string{kept} + "…";
}

std::string grouped(std::uint64_t number) {
    std::string digits = std::to_string(number);
    for (std::size_t i = digits.size(); i > 3; i -= 3) {
        digits.insert(i - 3, ",");
    }
    return digits;
}

std::string counted(std::uint64_t number, std::string_view one, std::string_view many) {
    return fmt::format("{} {}", grouped(number), number == 1 ? one : many);
}

std::string covered(std::uint64_t addresses, std::uint64_t names) {
    std::string names_text = counted(names, "name", "names");
    if (addresses == 0 && names > 0) {
        return names_text;
    }
    const std::string addresses_text = counted(addresses, "address", "addresses");
    return names == 0 ? addresses_text : addresses_text + " and " + names_text;
}

std::string bytes_text(std::uint64_t bytes) {
    constexpr std::array<std::string_view, 5> kUnits{"B", "KiB", "MiB", "GiB", "TiB"};
    auto value = static_cast<double>(bytes);
    std::size_t unit = 0;
    while (value >= 1024 && unit + 1 < kUnits.size()) {
        value /= 1024;
        ++unit;
    }
    return unit == 0 || value == static_cast<double>(static_cast<std::uint64_t>(value))
               ? fmt::format("{:.0f} {}", value, kUnits[unit])
               : fmt::format("{:.1f} {}", value, kUnits[unit]);
}

std::string minute_of(UnixTime time) {
    std::string text = to_string(time).substr(0, 16);
    std::replace(text.begin(), text.end(), 'T', ' ');
    return text;
}

std::string end_text(const std::optional<UnixTime>& until) {
    return until ? "until " + minute_of(*until) : "for ever";
}

std::string field_line(std::string_view name, std::string_view value, std::size_t size_max) {
    return value.empty() ? std::string{}
                         : fmt::format("  {:<9} {}\n", name, printable(value, size_max));
}

std::string Table::print(std::size_t width, const Style& style) const {
    std::vector<std::size_t> widths;
    for (const std::string& title : heading_) {
        widths.push_back(width_of(title));
    }
    for (const auto& row : rows_) {
        for (std::size_t i = 0; i < widths.size(); ++i) {
            widths[i] = std::max(widths[i], width_of(row[i]));
        }
    }
    std::size_t taken = 0;
    for (std::size_t i = 0; i + 1 < widths.size(); ++i) {
        taken += widths[i] + kGap.size();
    }
    const std::size_t last = std::max(kLastColumnWidthMin, width > taken ? width - taken : 0);
    const auto line_of = [&](const std::vector<std::string>& cells) {
        std::string line;
        for (std::size_t i = 0; i + 1 < cells.size(); ++i) {
            line += cells[i] + std::string(widths[i] - width_of(cells[i]), ' ') + std::string{kGap};
        }
        line += last_ == Last::Wrapped ? wrapped(cells.back(), taken, taken + last)
                                       : shortened(cells.back(), last);
        line.erase(line.find_last_not_of(' ') + 1);
        return line;
    };
    std::string text = style.bold(line_of(heading_)) + "\n";
    for (const auto& row : rows_) {
        text += line_of(row) + "\n";
    }
    return text;
}

}  // namespace ostrakon::tool
