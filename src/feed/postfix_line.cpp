#include "postfix_line.hpp"

#include "ostrakon/feed/list.hpp"
#include "ostrakon/net/address.hpp"

#include <fmt/format.h>
#include <algorithm>

namespace ostrakon::feed {
namespace {

constexpr std::size_t kReplyCodeSize = 3;

bool is_number(std::string_view text) {
    return !text.empty() &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// "5.7.1": the enhanced status code in front of a text (RFC 3463).
std::string_view without_status(std::string_view text) {
    std::string_view rest = text;
    const std::string_view word = next_word(rest);
    const bool is_status =
        word.size() > 4 && word[1] == '.' && word.find_first_not_of("0123456789.") == word.npos;
    return is_status ? rest : text;
}

bool begins_with_blank(std::string_view text) {
    return !text.empty() && (text.front() == ' ' || text.front() == '\t');
}

}  // namespace

Result<Done> for_each_table_line(const Document& document, const Collector& collector,
                                 const std::function<void(const PostfixLine& line)>& read) {
    PostfixLines lines{document.bytes};
    std::uint32_t count = 0;
    for (PostfixLine line; lines.next(line) && !collector.is_full();) {
        read(line);
        if (++count > kTableLinesMax) {
            return refuse(document.file, fmt::format("has more than {} lines", kTableLinesMax),
                          "split it");
        }
        if (count % kProgressLines == 0) {
            document.progress(lines.consumed());
        }
    }
    return Done{};
}

bool PostfixLines::next(PostfixLine& line) {
    line = {};
    while (has_next_) {
        const std::string_view text = trimmed(next_.text);
        const bool is_remark = text.empty() || text.front() == '#';
        if (!is_remark && !line.text.empty() && !begins_with_blank(next_.text)) {
            return true;
        }
        if (!is_remark) {
            line.number = line.text.empty() ? next_.number : line.number;
            if (line.text.size() + text.size() > kLineSizeMax) {
                line.mistake = fmt::format("has more than {} bytes", kLineSizeMax);
            } else {
                line.text += line.text.empty() ? "" : " ";
                line.text += text;
            }
            if (text.find('\0') != std::string_view::npos) {
                line.mistake = "holds zero bytes, as a damaged file does (restore the file)";
            }
            if (line.text.empty()) {
                line.text = text.substr(0, kRejectTextSizeMax);
            }
        }
        has_next_ = lines_.next(next_);
    }
    return !line.text.empty();
}

PostfixAction read_postfix_action(std::string_view action) {
    std::string_view rest = action;
    const std::string_view word = next_word(rest);
    std::string upper{word};
    std::transform(upper.begin(), upper.end(), upper.begin(),
                   [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c & ~0x20) : c; });
    if (upper == "REJECT" || upper == "DISCARD" || upper == "DROP") {
        return {PostfixVerdict::Ban, without_status(rest)};
    }
    const bool is_reply_code = word.size() == kReplyCodeSize && is_number(word) &&
                               (word.front() == '4' || word.front() == '5');
    if (is_reply_code && word.front() == '5' && !rest.empty()) {
        return {PostfixVerdict::Ban, without_status(rest)};
    }
    if (upper == "OK" || upper == "PERMIT" || (is_number(word) && rest.empty() && !is_reply_code)) {
        return {PostfixVerdict::Allow, {}};
    }
    return {PostfixVerdict::Other, {}};
}

std::optional<std::string> postfix_network(std::string_view key) {
    constexpr std::string_view kHexDigits = "0123456789abcdefABCDEF:";
    const auto dots = std::count(key.begin(), key.end(), '.');
    if (!key.empty() && dots < 3 && key.find_first_not_of("0123456789.") == key.npos) {
        std::string address{key};
        for (auto i = dots; i < 3; ++i) {
            address += ".0";
        }
        return net::parse_ipv4(address)
                   ? std::optional{fmt::format("{}/{}", address, 8 * (dots + 1))}
                   : std::nullopt;
    }
    const auto colons = std::count(key.begin(), key.end(), ':');
    if (colons > 0 && colons < 7 && key.find_first_not_of(kHexDigits) == key.npos &&
        key.find("::") == key.npos) {
        const std::string address = std::string{key} + "::";
        return net::parse_ipv6(address)
                   ? std::optional{fmt::format("{}/{}", address, 16 * (colons + 1))}
                   : std::nullopt;
    }
    return std::nullopt;
}

}  // namespace ostrakon::feed
