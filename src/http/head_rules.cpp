#include "head_rules.hpp"

#include <algorithm>
#include <charconv>

namespace ostrakon::http {
namespace {

Response refused(int status, std::string why) {
    return {.status = status, .body = std::move(why), .headers = {{"Connection", "close"}}};
}

char to_lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool is_word(std::string_view text, std::string_view word) {
    return std::equal(text.begin(), text.end(), word.begin(), word.end(),
                      [](char a, char b) { return to_lower(a) == b; });
}

// RFC 9110 §5.6.2. "Content-Length : 5" is another name here, and none to others.
bool is_token(std::string_view name) {
    return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
    });
}

// A bare CR ends a line to some (RFC 9112 §2.2).
bool has_control(std::string_view text) {
    return std::any_of(text.begin(), text.end(),
                       [](char c) { return (c >= 0 && c < ' ' && c != '\t') || c == 0x7F; });
}

std::size_t count_of(const Request& head, std::string_view name) {
    return static_cast<std::size_t>(
        std::count_if(head.headers.begin(), head.headers.end(),
                      [name](const auto& header) { return is_word(header.first, name); }));
}

std::optional<Response> refusal_of_length(const Request& head, std::size_t body_size_max) {
    const std::string_view length = head.header("Content-Length");
    const bool is_number = !length.empty() && std::all_of(length.begin(), length.end(), [](char c) {
        return c >= '0' && c <= '9';
    });
    if (!is_number) {
        return refused(400, "The length of the body is no number.\n");
    }
    std::size_t size = 0;
    const auto read = std::from_chars(length.data(), length.data() + length.size(), size);
    return read.ec != std::errc{} || size > body_size_max
               ? std::optional{refused(413, "This is more than is taken.\n")}
               : std::nullopt;
}

}  // namespace

std::optional<Response> refusal_of(const Request& head, std::size_t body_size_max) {
    if (head.headers.size() > kHeadersMax) {
        return refused(431, "There are too many headers.\n");
    }
    for (const auto& [name, value] : head.headers) {
        if (!is_token(name) || has_control(value)) {
            return refused(400, "A header is none.\n");
        }
    }
    if (has_control(head.path) || has_control(head.query)) {
        return refused(400, "There are control characters in what is asked for.\n");
    }
    const std::size_t lengths = count_of(head, "content-length");
    const std::size_t encodings = count_of(head, "transfer-encoding");
    if (lengths + encodings > 1 || count_of(head, "host") > 1) {
        return refused(400, "It is not clear where this request ends, or whom it is for.\n");
    }
    if (encodings == 1 && !is_word(head.header("Transfer-Encoding"), "chunked")) {
        return refused(501, "This transfer encoding is not known.\n");
    }
    return lengths == 1 ? refusal_of_length(head, body_size_max) : std::nullopt;
}

std::string_view without_authority(std::string_view target) {
    for (const std::string_view scheme : {"http://", "https://"}) {
        if (is_word(target.substr(0, scheme.size()), scheme)) {
            target.remove_prefix(scheme.size());
            const std::size_t end = target.find_first_of("/?");
            if (end == std::string_view::npos) {
                return "/";
            }
            target.remove_prefix(end);
            return target;
        }
    }
    return target;
}

}  // namespace ostrakon::http
