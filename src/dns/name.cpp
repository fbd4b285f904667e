#include "ostrakon/dns/name.hpp"

#include "ostrakon/base/printable.hpp"

#include <fmt/format.h>
#include <idn2.h>
#include <algorithm>
#include <memory>

namespace ostrakon::dns {
namespace {

constexpr std::size_t kShownMax = 80;
constexpr std::size_t kNameTextSizeMax = 1024;  // U-labels are longer than the A-labels they become

Unexpected<Error> not_a_name(std::string_view text, std::string why) {
    return Unexpected{Error{ErrorCode::Usage,
                            fmt::format("name \"{}\"", printable(text, kShownMax)), std::move(why),
                            "write it as in mail.example.com"}};
}

bool is_ascii(std::string_view text) {
    return std::all_of(text.begin(), text.end(),
                       [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

Result<std::string> to_a_label(std::string_view text) {
    char* raw = nullptr;
    const std::string terminated{text};
    const int rc =
        idn2_to_ascii_8z(terminated.c_str(), &raw, IDN2_NONTRANSITIONAL | IDN2_NFC_INPUT);
    const std::unique_ptr<char, void (*)(void*)> owner{raw, idn2_free};
    if (rc != IDN2_OK) {
        return not_a_name(text, idn2_strerror(rc));
    }
    return std::string{raw};
}

// Where the next dot begins: "." or what IDNA takes for one (RFC 3490 §3.1, UTS 46 §2.3), and how
// many bytes it has.
struct Dot {
    std::size_t at;
    std::size_t size;
};
Dot next_dot(std::string_view text) {
    Dot nearest{text.size(), 0};
    for (const std::string_view dot : {".", "\u3002", "\uFF0E", "\uFF61"}) {
        const std::size_t at = text.find(dot);
        if (at < nearest.at) {
            nearest = {at, dot.size()};
        }
    }
    return nearest;
}

// Turns the labels that are not ASCII into A-labels. The others stay as they are: an xn-- label
// that is no IDNA is a name.
Result<std::string> to_a_labels(std::string_view text) {
    std::string ascii;
    while (true) {
        const Dot dot = next_dot(text);
        const std::string_view label = text.substr(0, dot.at);
        if (is_ascii(label)) {
            ascii += label;
        } else {
            auto converted = to_a_label(label);
            if (!converted) {
                return converted;
            }
            ascii += *converted;
        }
        if (dot.size == 0) {
            return ascii;
        }
        ascii.push_back('.');
        text.remove_prefix(dot.at + dot.size);
    }
}

// A name that ends in such a label is asked for as part of an address, so that it would never
// answer.
bool ends_an_address(std::string_view last_label) {
    const bool is_number = std::all_of(last_label.begin(), last_label.end(),
                                       [](char c) { return c >= '0' && c <= '9'; });
    const std::uint8_t first = lower(static_cast<std::uint8_t>(last_label.front()));
    return is_number || (last_label.size() == 1 && first >= 'a' && first <= 'f');
}

// Splits at dots; `text` is ASCII and has no last dot.
Result<std::vector<std::string>> split_labels(std::string_view text) {
    std::vector<std::string> labels;
    std::size_t start = 0;
    while (true) {
        const std::size_t dot = text.find('.', start);
        const std::string_view label =
            text.substr(start, dot == std::string_view::npos ? dot : dot - start);
        if (label.empty()) {
            return not_a_name(text, "has an empty label");
        }
        for (const char c : label) {
            if (c <= ' ' || c == 0x7F) {
                return not_a_name(text, "has a blank or a control character");
            }
            if (std::string_view{"/\\@:,;\"()<>[]*#!?%&=|"}.find(c) != std::string_view::npos) {
                return not_a_name(
                    text,
                    fmt::format("has the character \"{}\", which no host or domain name has", c));
            }
        }
        labels.emplace_back(label);
        if (dot == std::string_view::npos) {
            return labels;
        }
        start = dot + 1;
    }
}

}  // namespace

Result<Name> Name::from_labels(std::span<const std::string> labels) {
    Name name;
    name.wire_.clear();
    for (const std::string& label : labels) {
        if (label.empty() || label.size() > kLabelSizeMax) {
            return Unexpected{
                Error{ErrorCode::Usage, fmt::format("label \"{}\"", printable(label, kShownMax)),
                      fmt::format("has {} bytes, not 1 to {}", label.size(), kLabelSizeMax), ""}};
        }
        name.wire_.push_back(static_cast<char>(label.size()));
        for (const char c : label) {
            name.wire_.push_back(static_cast<char>(lower(static_cast<std::uint8_t>(c))));
        }
    }
    name.wire_.push_back('\0');
    if (name.wire_.size() > kNameSizeMax) {
        return Unexpected{
            Error{ErrorCode::Usage, "name",
                  fmt::format("has {} bytes, more than {}", name.wire_.size(), kNameSizeMax), ""}};
    }
    return name;
}

std::size_t Name::label_count() const noexcept {
    std::size_t count = 0;
    for (std::size_t at = 0; wire_[at] != '\0'; at += static_cast<std::uint8_t>(wire_[at]) + 1U) {
        ++count;
    }
    return count;
}

bool Name::is_at_or_below(const Name& ancestor) const noexcept {
    if (wire_.size() < ancestor.wire_.size()) {
        return false;
    }
    const std::size_t excess = wire_.size() - ancestor.wire_.size();
    std::size_t at = 0;
    while (at < excess) {
        at += static_cast<std::uint8_t>(wire_[at]) + 1U;
    }
    return at == excess && std::string_view{wire_}.substr(excess) == ancestor.wire_;
}

std::vector<std::string> Name::labels() const {
    std::vector<std::string> labels;
    for (std::size_t at = 0; wire_[at] != '\0'; at += static_cast<std::uint8_t>(wire_[at]) + 1U) {
        labels.push_back(wire_.substr(at + 1, static_cast<std::uint8_t>(wire_[at])));
    }
    return labels;
}

Result<Name> parse_name(std::string_view text) {
    if (text.size() > kNameTextSizeMax || text.find('\0') != std::string_view::npos) {
        return not_a_name(text, "is too long or holds a zero byte");
    }
    std::string ascii{text};
    if (!is_ascii(text)) {
        auto converted = to_a_labels(text);
        if (!converted) {
            return Unexpected{std::move(converted.error())};
        }
        ascii = std::move(*converted);
    }
    if (ascii.ends_with('.')) {
        ascii.pop_back();
    }
    if (ascii.empty()) {
        return not_a_name(text, "is empty");
    }
    const auto labels = split_labels(ascii);
    if (!labels) {
        return Unexpected{labels.error()};
    }
    if (ends_an_address(labels->back())) {
        return not_a_name(text,
                          "ends in a number or a single hex digit, as only parts of addresses do");
    }
    auto name = Name::from_labels(*labels);
    if (!name) {
        return not_a_name(text, name.error().attempt + " " + name.error().why);
    }
    return name;
}

std::string to_string(const Name& name) {
    std::string text;
    for (const std::string& label : name.labels()) {
        if (!text.empty()) {
            text.push_back('.');
        }
        for (const char c : label) {
            const auto byte = static_cast<std::uint8_t>(c);
            if (byte <= ' ' || byte >= 0x7F || c == '.' || c == '\\') {
                text += fmt::format("\\{:03}", byte);
            } else {
                text.push_back(c);
            }
        }
    }
    return text.empty() ? "." : text;
}

std::string reversed_key(const Name& name) {
    const std::vector<std::string> labels = name.labels();
    std::string key;
    for (auto label = labels.rbegin(); label != labels.rend(); ++label) {
        key.push_back(static_cast<char>(label->size()));
        key += *label;
    }
    return key;
}

Name name_from_key(std::string_view key) {
    std::vector<std::string> labels;
    for (std::size_t at = 0; at < key.size(); at += static_cast<std::uint8_t>(key[at]) + 1U) {
        labels.emplace_back(key.substr(at + 1, static_cast<std::uint8_t>(key[at])));
    }
    std::reverse(labels.begin(), labels.end());
    return Name::from_labels(labels).value_or(Name{});
}

std::size_t key_label_count(std::string_view key) noexcept {
    std::size_t count = 0;
    for (std::size_t at = 0; at < key.size(); at += static_cast<std::uint8_t>(key[at]) + 1U) {
        ++count;
    }
    return count;
}

std::size_t key_prefix_size(std::string_view key, std::size_t labels) noexcept {
    std::size_t at = 0;
    for (std::size_t i = 0; i < labels && at < key.size(); ++i) {
        at += static_cast<std::uint8_t>(key[at]) + 1U;
    }
    return at;
}

}  // namespace ostrakon::dns
