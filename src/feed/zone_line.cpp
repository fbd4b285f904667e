#include "zone_line.hpp"

#include "ostrakon/feed/list.hpp"

#include <fmt/format.h>

namespace ostrakon::feed {
namespace {

constexpr std::size_t kWordsMax = 256;
constexpr std::string_view kEndsOfWords = " \t\v\f();\"";

}  // namespace

void ZoneRecords::take_words(std::string_view text, ZoneRecord& record) {
    for (std::size_t at = 0; at < text.size();) {
        const char c = text[at];
        if (c == ';') {
            return;
        }
        if (c == '(' || c == ')') {
            const bool is_balanced = c == '(' || depth_ > 0;
            depth_ += c == '(' ? 1U : (is_balanced ? -1U : 0U);
            if (!is_balanced) {
                record.mistake = "has a parenthesis that was never opened";
            }
            ++at;
            continue;
        }
        if (c == '"') {
            std::size_t end = at + 1;
            while (end < text.size() && text[end] != '"') {
                end += text[end] == '\\' ? 2 : 1;
            }
            if (end >= text.size()) {
                record.mistake = "has a quote that is never closed";
                return;
            }
            record.words.push_back(text.substr(at + 1, end - at - 1));
            at = end + 1;
        } else if (kEndsOfWords.find(c) == std::string_view::npos) {
            std::size_t end = at;
            while (end < text.size() && kEndsOfWords.find(text[end]) == std::string_view::npos) {
                end += text[end] == '\\' ? 2 : 1;
            }
            record.words.push_back(text.substr(at, end - at));
            at = end;
        } else {
            ++at;
        }
        if (record.words.size() > kWordsMax) {
            record.mistake = fmt::format("has more than {} words", kWordsMax);
            return;
        }
    }
}

bool ZoneRecords::next(ZoneRecord& record) {
    record = {};
    Line line;
    while (lines_.next(line)) {
        const bool is_first = record.line == 0;
        if (is_first) {
            record.line = line.number;
            record.text = line.text;
            record.has_owner =
                !line.text.empty() && line.text.front() != ' ' && line.text.front() != '\t';
        }
        if (line.text.size() > kLineSizeMax) {
            record.mistake =
                fmt::format("has {} bytes, more than {}", line.text.size(), kLineSizeMax);
        } else {
            take_words(line.text, record);
        }
        if (depth_ == 0 && (!record.words.empty() || !record.mistake.empty())) {
            return true;
        }
        if (depth_ == 0) {
            record.line = 0;
        }
        if (record.words.size() > kWordsMax) {
            depth_ = 0;
            return true;
        }
    }
    return false;
}

}  // namespace ostrakon::feed
