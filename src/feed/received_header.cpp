#include "received_header.hpp"

#include <algorithm>
#include <string>

namespace ostrakon::feed {
namespace {

constexpr std::size_t kHeaderSizeMax = 2000;

std::optional<net::Address> address_of(std::string_view text) {
    constexpr std::string_view kTag = "IPv6:";  // RFC 5321 §4.1.3
    if (text.starts_with(kTag)) {
        text.remove_prefix(kTag.size());
    }
    return net::parse_address(text);
}

// The first "[ADDRESS]".
std::optional<net::Address> bracketed(std::string_view text) {
    const std::size_t open = text.find('[');
    const std::size_t close = text.find(']', std::min(open, text.size()));
    return close == std::string_view::npos ? std::nullopt
                                           : address_of(text.substr(open + 1, close - open - 1));
}

// The comments of the "from" part, each without its parentheses.
template <class Visit>
void for_each_comment(std::string_view text, Visit&& visit) {
    for (std::size_t open = text.find('('); open != std::string_view::npos;) {
        const std::size_t close = text.find(')', open);
        if (close == std::string_view::npos || visit(text.substr(open + 1, close - open - 1))) {
            return;
        }
        open = text.find('(', close);
    }
}

}  // namespace

std::optional<net::Address> sender_in_received(std::string_view header) {
    std::string folded{header.substr(0, kHeaderSizeMax)};
    std::replace_if(
        folded.begin(), folded.end(), [](char c) { return c == '\r' || c == '\n' || c == '\t'; },
        ' ');
    std::string_view text = folded;
    constexpr std::string_view kFrom = "from ";
    const std::size_t from = text.find(kFrom);
    if (from == std::string_view::npos || text.find_first_not_of(' ') != from) {
        return std::nullopt;
    }
    text = text.substr(from + kFrom.size());
    text = text.substr(0, text.find(" by "));
    // Exim writes the address itself in front of a comment, which then has the HELO.
    const bool is_exim = text.starts_with("[") && (text.find("helo=") != std::string_view::npos ||
                                                   text.find('(') == std::string_view::npos);
    std::optional<net::Address> found = is_exim ? bracketed(text) : std::nullopt;
    if (found) {
        return found;
    }
    for_each_comment(text, [&found](std::string_view comment) {
        const std::string_view own_words = comment.substr(0, comment.find("helo="));
        if (own_words.starts_with("HELO ") || own_words.starts_with("EHLO ")) {
            return false;
        }
        found = bracketed(own_words);
        if (!found) {
            found = address_of(own_words);
        }
        return found.has_value();
    });
    return found;
}

}  // namespace ostrakon::feed
