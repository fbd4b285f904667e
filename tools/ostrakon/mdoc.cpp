#include "mdoc.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <cctype>
#include <cstdint>
#include <vector>

namespace ostrakon::tool {
namespace {

constexpr std::size_t kLineMax = 78;

bool begins_word(std::string_view text, std::size_t at) {
    return at == 0 || std::string_view{" (\"'`|[="}.find(text[at - 1]) != std::string_view::npos;
}

// The code point that begins at `at`, and how many bytes it takes.
std::pair<std::uint32_t, std::size_t> code_point(std::string_view text, std::size_t at) {
    const auto first = static_cast<unsigned char>(text[at]);
    const std::size_t size = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
    std::uint32_t point = size == 1 ? first : first & (0x7FU >> size);
    for (std::size_t i = 1; i < size && at + i < text.size(); ++i) {
        point = point << 6 | (static_cast<unsigned char>(text[at + i]) & 0x3FU);
    }
    return {point, size};
}

std::string mdoc_escaped(std::string_view text) {
    std::string result;
    bool is_quoted = false;
    for (std::size_t at = 0; at < text.size();) {
        const auto [point, size] = code_point(text, at);
        const bool is_dash =
            point == '-' && (begins_word(text, at) || (at > 0 && text[at - 1] == '-'));
        if (point == '\\') {
            result += "\\e";
        } else if (is_dash && at + 1 < text.size() && text[at + 1] != ' ') {
            result += "\\-";
        } else if (point == '`') {
            is_quoted = !is_quoted;
            result += is_quoted ? "\\(oq" : "\\(cq";
        } else if (point > 0x7E) {
            result += fmt::format("\\[u{:04X}]", point);
        } else {
            result += static_cast<char>(point);
        }
        at += size;
    }
    return result;
}

std::vector<std::string_view> mdoc_words(std::string_view text) {
    std::vector<std::string_view> words;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find(' '), text.size());
        if (end > 0) {
            words.push_back(text.substr(0, end));
        }
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return words;
}

bool ends_sentence(std::string_view word) {
    while (!word.empty() && (word.back() == ')' || word.back() == '"')) {
        word.remove_suffix(1);
    }
    return !word.empty() && std::string_view{".!?"}.find(word.back()) != std::string_view::npos;
}

// A new sentence is a new line, and no line is long.
std::string sentence_lines(std::string_view text) {
    const std::string whole = mdoc_escaped(text);
    std::string lines;
    std::string line;
    const auto flush = [&] {
        if (!line.empty()) {
            const bool is_like_a_macro = line.front() == '.' || line.front() == '\'';
            lines += (is_like_a_macro ? "\\&" : "") + line + "\n";
            line.clear();
        }
    };
    for (const std::string_view word : mdoc_words(whole)) {
        if (line.size() + 1 + word.size() > kLineMax) {
            flush();
        }
        line += (line.empty() ? "" : " ") + std::string{word};
        if (ends_sentence(word)) {
            flush();
        }
    }
    flush();
    return lines;
}

std::string in_upper_case(std::string_view text) {
    std::string result{text};
    std::transform(result.begin(), result.end(), result.begin(),
                   [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    return result;
}

}  // namespace

std::string mdoc_word(std::string_view word) {
    std::string result = mdoc_escaped(word);
    for (std::size_t at = result.find('"'); at != std::string::npos; at = result.find('"', at)) {
        result.replace(at, 1, "\\(dq");
    }
    // Two letters may be a macro, one sign a delimiter.
    const bool needs_guard = result.size() <= 3;
    const bool needs_quotes = result.find(' ') != std::string::npos;
    result = (needs_guard ? "\\&" : "") + result;
    return needs_quotes ? "\"" + result + "\"" : result;
}

Mdoc::Mdoc(std::string_view name, int section, std::string_view date, std::string_view summary)
    : text_(fmt::format(".Dd {}\n.Dt {} {}\n.Os\n.Sh NAME\n.Nm {}\n.Nd {}\n", date,
                        in_upper_case(name), section, name, mdoc_escaped(summary))) {}

void Mdoc::section(std::string_view title) {
    text_ += fmt::format(".Sh {}\n", title);
}

void Mdoc::subsection(std::string_view title) {
    // The guard keeps "[server]" from being taken for a title with a stray delimiter at its end.
    text_ += fmt::format(".Ss {}\\&\n", mdoc_escaped(title));
}

void Mdoc::macro(std::string_view line) {
    text_ += fmt::format(".{}\n", line);
}

void Mdoc::text(std::string_view sentences) {
    text_ += sentence_lines(sentences);
}

void Mdoc::paragraph(std::string_view sentences) {
    text_ += ".Pp\n" + sentence_lines(sentences);
}

void Mdoc::begin_list() {
    text_ += ".Bl -tag -width Ds\n";
}

void Mdoc::item(std::string_view macro, std::string_view word, std::string_view meaning) {
    text_ += fmt::format(".It {} {}\n", macro, word) + sentence_lines(meaning);
}

void Mdoc::end_list() {
    text_ += ".El\n";
}

void Mdoc::literal(std::string_view lines) {
    text_ += ".Bd -literal -offset indent\n";
    while (!lines.empty()) {
        const std::size_t end = std::min(lines.find('\n'), lines.size());
        const std::string line = mdoc_escaped(lines.substr(0, end));
        const bool is_like_a_macro = !line.empty() && (line.front() == '.' || line.front() == '\'');
        text_ += (is_like_a_macro ? "\\&" : "") + line + "\n";
        lines.remove_prefix(std::min(end + 1, lines.size()));
    }
    text_ += ".Ed\n";
}

void Mdoc::see_also(std::string_view pages) {
    section("SEE ALSO");
    const std::vector<std::string_view> words = mdoc_words(pages);
    std::vector<std::pair<std::string_view, std::string_view>> in_order;  // section and name
    for (std::size_t at = 0; at + 1 < words.size(); at += 2) {
        in_order.emplace_back(words[at + 1], words[at]);
    }
    std::sort(in_order.begin(), in_order.end());
    for (std::size_t at = 0; at < in_order.size(); ++at) {
        const auto& [number, name] = in_order[at];
        text_ += fmt::format(".Xr {} {}{}\n", name, number, at + 1 < in_order.size() ? " ," : "");
    }
}

}  // namespace ostrakon::tool
