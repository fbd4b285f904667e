#include "ostrakon/zone/top_level_domains.hpp"

#include "ostrakon/dns/labels.hpp"
#include "ostrakon/dns/name.hpp"
#include "ostrakon/dns/reversed_address.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

namespace ostrakon::zone {
namespace {

constexpr std::size_t kLabelsMin = 1000;  // there have been more since 2015
constexpr std::size_t kLabelsMaxOfList = 20'000;
// The oldest, and the first and last of the alphabet: a list without them is not whole.
constexpr std::array<std::string_view, 5> kAlwaysThere{"com", "org", "arpa", "ac", "zw"};

Unexpected<Error> bad_list(std::string_view file, std::string why) {
    return Unexpected{Error{ErrorCode::Usage, fmt::format("read {}", file), std::move(why),
                            "fetch https://data.iana.org/TLD/tlds-alpha-by-domain.txt again"}};
}

std::string_view take_line(std::string_view& text) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.ends_with('\r')) {
        line.remove_suffix(1);
    }
    return line;
}

// "# Version 2026011900, Last Updated …": the day and a number.
std::optional<UnixTime> version_date(std::string_view line) {
    constexpr std::string_view kStart = "# Version ";
    constexpr std::size_t kDayDigits = 8;
    if (!line.starts_with(kStart)) {
        return std::nullopt;
    }
    const std::string_view digits = line.substr(kStart.size(), kDayDigits);
    const bool is_day =
        digits.size() == kDayDigits &&
        std::all_of(digits.begin(), digits.end(), [](char c) { return c >= '0' && c <= '9'; });
    if (!is_day) {
        return std::nullopt;
    }
    const auto date = parse_timestamp(
        fmt::format("{}-{}-{}", digits.substr(0, 4), digits.substr(4, 2), digits.substr(6, 2)));
    return date ? std::optional{*date} : std::nullopt;
}

// A label as they are, lower-cased; nothing for anything else.
std::optional<std::string> label_of(std::string_view line) {
    if (line.size() < 2 || line.size() > dns::kLabelSizeMax) {
        return std::nullopt;
    }
    std::string label;
    for (const char c : line) {
        const auto byte = static_cast<char>(dns::lower(static_cast<std::uint8_t>(c)));
        const bool is_label_byte =
            (byte >= 'a' && byte <= 'z') || (byte >= '0' && byte <= '9') || byte == '-';
        if (!is_label_byte) {
            return std::nullopt;
        }
        label.push_back(byte);
    }
    return label;
}

// The labels of a key from the left, as the name is written: the bounds of the first few.
class LeftmostLabels {
public:
    static constexpr std::size_t kCountMax = dns::kLabelsMax;

    explicit LeftmostLabels(std::string_view key) noexcept {
        for (std::size_t at = 0; at < key.size() && count_ < kCountMax;) {
            const std::size_t size = static_cast<std::uint8_t>(key[at]);
            labels_[count_++] = key.substr(at + 1, size);
            at += size + 1;
        }
    }
    std::size_t count() const noexcept { return count_; }
    std::string_view operator[](std::size_t i) const noexcept { return labels_[count_ - 1 - i]; }

private:
    std::array<std::string_view, kCountMax> labels_;
    std::size_t count_ = 0;
};

bool is_octet(std::string_view label) noexcept {
    unsigned number = 0;
    const auto [end, error] = std::from_chars(label.data(), label.data() + label.size(), number);
    return error == std::errc{} && end == label.data() + label.size() && number <= 255;
}

bool is_nibble(std::string_view label) noexcept {
    return label.size() == 1 &&
           ((label[0] >= '0' && label[0] <= '9') || (label[0] >= 'a' && label[0] <= 'f'));
}

// Names below it are those of an address with something behind it: a key, or a zone's name twice.
bool starts_with_address(const LeftmostLabels& labels) noexcept {
    constexpr std::size_t kOctets = 4;
    constexpr std::size_t kNibbles = 32;
    const auto all = [&](std::size_t count, auto is_part) {
        bool found = labels.count() > count;
        for (std::size_t i = 0; i < count && found; ++i) {
            found = is_part(labels[i]);
        }
        return found;
    };
    return all(kOctets, is_octet) || all(kNibbles, is_nibble);
}

// What partner keys look like, of which one may be asked with that is no longer known.
bool may_be_key(std::string_view label) noexcept {
    constexpr std::size_t kKeySizeMin = 20;
    return label.size() >= kKeySizeMin &&
           std::all_of(label.begin(), label.end(),
                       [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }) &&
           std::any_of(label.begin(), label.end(), [](char c) { return c >= 'g' && c <= 'z'; });
}

}  // namespace

Result<TopLevelDomains> TopLevelDomains::parse(std::string_view text, std::string_view file) {
    if (text.size() > kTopLevelDomainsTextMax) {
        return bad_list(file, fmt::format("has more than {} bytes", kTopLevelDomainsTextMax));
    }
    if (!text.ends_with('\n')) {
        return bad_list(file, "does not end with a line: its end is missing");
    }
    TopLevelDomains list;
    const auto date = version_date(take_line(text));
    if (!date) {
        return bad_list(file,
                        "does not begin with \"# Version\" and a date, so that nobody knows "
                        "how old it is");
    }
    list.date_ = *date;
    for (std::size_t number = 2; !text.empty(); ++number) {
        const std::string_view line = take_line(text);
        if (line.empty() || line.front() == '#') {
            continue;
        }
        auto label = label_of(line);
        if (!label || list.labels_.size() == kLabelsMaxOfList) {
            return bad_list(file, fmt::format("line {} is no top-level domain", number));
        }
        list.labels_.push_back(std::move(*label));
    }
    std::sort(list.labels_.begin(), list.labels_.end());
    for (const std::string_view label : kAlwaysThere) {
        if (!list.has(label)) {
            return bad_list(file, fmt::format("lacks .{}: it is not whole", label));
        }
    }
    if (list.size() < kLabelsMin) {
        return bad_list(file, fmt::format("has {} top-level domains, which are too few to be all",
                                          list.size()));
    }
    return list;
}

bool TopLevelDomains::has(std::string_view label) const noexcept {
    const auto found = std::lower_bound(
        labels_.begin(), labels_.end(), label,
        [](const std::string& known, std::string_view wanted) { return known < wanted; });
    return found != labels_.end() && *found == label;
}

std::string_view top_level_of(std::string_view key) noexcept {
    return key.empty() ? key : key.substr(1, static_cast<std::uint8_t>(key[0]));
}

bool is_listed_for_top_level(std::string_view key) noexcept {
    if (may_be_key(top_level_of(key))) {
        return false;
    }
    const LeftmostLabels labels{key};
    return labels.count() > 1 && !starts_with_address(labels) && !dns::is_hash_label(labels[0]);
}

}  // namespace ostrakon::zone
