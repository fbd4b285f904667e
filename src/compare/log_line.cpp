#include "ostrakon/compare/log_line.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace ostrakon::compare {
namespace {

constexpr std::size_t kFieldsMax = 8;  // further ones do not matter
constexpr std::string_view kBlanks = " \t\r";
constexpr std::string_view kClassPrefix = "CLASS";
constexpr std::string_view kBindMark = ": query: ";
bool is_same_word(std::string_view a, std::string_view b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) {
        return dns::lower(static_cast<std::uint8_t>(x)) == dns::lower(static_cast<std::uint8_t>(y));
    });
}

bool is_number(std::string_view text) {
    return !text.empty() &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// Words between blanks; the first kFieldsMax of them.
class Fields {
public:
    explicit Fields(std::string_view text) {
        while (count_ < kFieldsMax) {
            const std::size_t begin = text.find_first_not_of(kBlanks);
            if (begin == std::string_view::npos) {
                return;
            }
            text.remove_prefix(begin);
            const std::size_t size = std::min(text.find_first_of(kBlanks), text.size());
            words_[count_++] = text.substr(0, size);
            text.remove_prefix(size);
        }
    }
    std::size_t size() const { return count_; }
    // Empty where there are fewer.
    std::string_view operator[](std::size_t at) const { return words_[at]; }

private:
    std::array<std::string_view, kFieldsMax> words_;
    std::size_t count_ = 0;
};

LogLine question_of(std::string_view name_text, std::string_view type_text,
                    std::string_view class_text) {
    auto name = parse_logged_name(name_text);
    if (name && type_text.starts_with(kClassPrefix)) {  // "CLASS3/TXT"
        return {LineKind::NotCompared};
    }
    const auto type = dns::parse_type(type_text);
    if (!name || !type) {
        return {};
    }
    if (!is_same_word(class_text, "IN") || dns::is_meta(*type)) {
        return {LineKind::NotCompared};
    }
    return {LineKind::Question, {std::move(*name), *type}};
}

// "2026-11-22T18:00:00…"
bool begins_with_date(std::string_view word) {
    constexpr std::string_view kShape = "dddd-dd-ddTdd:dd:dd";
    return word.size() > kShape.size() &&
           std::equal(kShape.begin(), kShape.end(), word.begin(), [](char wanted, char is) {
               return wanted == 'd' ? is >= '0' && is <= '9' : is == wanted;
           });
}

// The three digits behind a backslash.
std::optional<char> decimal_byte(std::string_view digits) {
    if (digits.size() < 3 || !is_number(digits.substr(0, 3))) {
        return std::nullopt;
    }
    const int value = (digits[0] - '0') * 100 + (digits[1] - '0') * 10 + (digits[2] - '0');
    return value <= 0xFF ? std::optional{static_cast<char>(value)} : std::nullopt;
}

// Takes one byte of a label from the front of the text; nothing where it is spelled wrongly.
std::optional<char> take_byte(std::string_view& text) {
    if (text.empty() || text[0] <= ' ' || text[0] >= 0x7F) {
        return std::nullopt;
    }
    const bool is_escaped = text[0] == '\\' && text.size() > 1;
    if (is_escaped && is_number(text.substr(1, 1))) {
        const auto byte = decimal_byte(text.substr(1));
        text.remove_prefix(std::min<std::size_t>(4, text.size()));
        return byte;
    }
    if (text == "\\") {
        return std::nullopt;
    }
    const char byte = text[is_escaped ? 1 : 0];
    text.remove_prefix(is_escaped ? 2 : 1);
    return byte;
}

}  // namespace

std::optional<dns::Name> parse_logged_name(std::string_view text) {
    if (text == ".") {
        return dns::Name{};
    }
    std::vector<std::string> labels(1);
    while (!text.empty()) {
        if (text.front() == '.') {
            text.remove_prefix(1);
            if (labels.back().empty()) {
                return std::nullopt;
            }
            if (!text.empty()) {
                labels.emplace_back();
            }
            continue;
        }
        const auto byte = take_byte(text);
        if (!byte || labels.size() > dns::kLabelsMax ||
            labels.back().size() == dns::kLabelSizeMax) {
            return std::nullopt;
        }
        labels.back().push_back(*byte);
    }
    auto name = dns::Name::from_labels(labels);
    return name ? std::optional{std::move(*name)} : std::nullopt;
}

LogLine read_log_line(std::string_view line) {
    if (const std::size_t mark = line.find(kBindMark); mark != std::string_view::npos) {
        const Fields bind{line.substr(mark + kBindMark.size())};
        return question_of(bind[0], bind[2], bind[1]);
    }
    const Fields fields{line};
    if (fields.size() == 0 || fields[0].front() == '#' || fields[0].front() == ';') {
        return {LineKind::Empty};
    }
    if (fields.size() == 6 && is_number(fields[0]) && fields[4].ends_with(':')) {
        return question_of(fields[2], fields[3], fields[4].substr(0, fields[4].size() - 1));
    }
    if (begins_with_date(fields[0])) {
        return question_of(fields[2], fields[3], "IN");
    }
    if (fields.size() <= 2) {
        return question_of(fields[0], fields.size() == 2 ? fields[1] : "A", "IN");
    }
    return {};
}

}  // namespace ostrakon::compare
