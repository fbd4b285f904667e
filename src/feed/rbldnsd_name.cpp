#include "rbldnsd_name.hpp"

#include "ostrakon/dns/reversed_address.hpp"
#include "rbldnsd_text.hpp"

#include <algorithm>
#include <optional>
#include <vector>

namespace ostrakon::feed {
namespace {

constexpr unsigned kByteMax = 255;

// The byte that a backslash and what follows it stand for: \DDD with one to three digits, or the
// character itself. Nothing: no byte has that number. `at` is behind the backslash.
std::optional<char> take_escaped(std::string_view text, std::size_t& at) {
    constexpr std::size_t kDigitsMax = 3;
    unsigned value = 0;
    std::size_t digits = 0;
    while (digits < kDigitsMax && at < text.size() && is_decimal(text[at])) {
        value = value * 10 + static_cast<unsigned>(text[at++] - '0');
        ++digits;
    }
    if (digits == 0) {
        return text[at++];
    }
    return value > kByteMax ? std::nullopt : std::optional{static_cast<char>(value)};
}

// Empty labels collapse; a backslash at the very end ends the name.
std::optional<std::vector<std::string>> labels_of(std::string_view text) {
    std::vector<std::string> labels;
    std::string label;
    const auto finish = [&] {
        if (!label.empty()) {
            labels.push_back(std::move(label));
            label.clear();
        }
    };
    for (std::size_t at = 0; at < text.size();) {
        const char c = text[at++];
        if (c == '.') {
            finish();
        } else if (c != '\\') {
            label.push_back(c);
        } else if (at < text.size()) {
            const auto escaped = take_escaped(text, at);
            if (!escaped) {
                return std::nullopt;
            }
            label.push_back(*escaped);
        }
    }
    finish();
    return labels;
}

}  // namespace

bool DnsetName::is_hash() const {
    return name.label_count() == 1 && dns::is_hash_label(name.labels().front());
}

Expected<DnsetName, std::string> take_dnset_name(std::string_view& line) {
    DnsetName found;
    if (line.starts_with('.')) {
        found.holds_below = true;
        line.remove_prefix(1);
    } else if (line.starts_with("*.")) {
        found.holds_itself = false;
        found.holds_below = true;
        line.remove_prefix(2);
    }
    const std::size_t end = std::min(line.find_first_of(" \t"), line.size());
    const auto labels = labels_of(line.substr(0, end));
    line.remove_prefix(end);
    if (!labels) {
        return Unexpected<std::string>{"has an escape of a byte over 255"};
    }
    if (labels->empty()) {
        return Unexpected<std::string>{"names the root, which would be every name"};
    }
    const bool is_hash =
        !found.holds_below && labels->size() == 1 && dns::is_hash_label(labels->front());
    if (!is_hash && dns::is_address_label(labels->back())) {
        return Unexpected<std::string>{
            "ends in a number or a single hex digit, as only parts of addresses do"};
    }
    auto name = dns::Name::from_labels(*labels);
    if (!name) {
        return Unexpected<std::string>{"is no name: " + message(name.error())};
    }
    found.name = std::move(*name);
    return found;
}

}  // namespace ostrakon::feed
