#include "feed_keys.hpp"

#include "ostrakon/base/printable.hpp"
#include "ostrakon/zone/listing_class.hpp"
#include "sections.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <charconv>

namespace ostrakon::config {
namespace {

// Of a feed with a url that does not say how old it may become.
constexpr Duration kMaxAgeDefault{std::int64_t{7} * 24 * 3600};

constexpr std::size_t kUrlSizeMax = 2048;
constexpr std::uint64_t kFeedSizeLeastBytes = std::uint64_t{1} << 10;
constexpr std::uint64_t kFeedSizeMostBytes = std::uint64_t{1} << 30;  // what is read at all
constexpr std::int64_t kMinEntriesMost = 1'000'000'000;
constexpr std::size_t kHeaderSizeMax = 64;

constexpr std::array<std::string_view, 5> kUrlSchemes{"https://", "http://", "file://", "rsync://",
                                                      "axfr://"};

constexpr auto kFormats = std::to_array<std::string_view>({
    "plain",         "csv",           "json",
    "iplist",        "domains",       "hosts",
    "urllist",       "rbldnsd",       "spamhaus-drop",
    "spamhaus-json", "spamhaus-asn",  "dshield",
    "abusech-csv",   "rpz",           "postfix",
    "ipset-save",    "hosts-deny",    "tor-exit-addresses",
    "nft-json",      "crowdsec-json", "abuseipdb-json",
    "ndjson",        "fail2ban",      "postfix-log",
    "mmdb",          "rir",           "range-csv",
    "asn-tsv",       "pfx2as",        "geolite-csv",
    "dnsbl-zone",    "pcre-table",
});

constexpr std::array<std::string_view, 6> kMapFormats{"mmdb",    "rir",    "range-csv",
                                                      "asn-tsv", "pfx2as", "geolite-csv"};

// Formats that have variants, whose names are the list's own: of a column, a key, a set.
constexpr auto kVariantFormats = std::to_array<std::string_view>(
    {"csv", "ndjson", "hosts", "ipset-save", "nft-json", "postfix"});

constexpr std::array<std::string_view, 7> kRbldnsdSets{"ip4set",  "ip4tset", "ip4trie", "ip6tset",
                                                       "ip6trie", "dnset",   "combined"};

template <std::size_t N>
bool contains(const std::array<std::string_view, N>& words, std::string_view word) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

Spelled<std::string> spelled_url(std::string_view text) {
    const bool is_known =
        std::any_of(kUrlSchemes.begin(), kUrlSchemes.end(), [text](std::string_view scheme) {
            return text.starts_with(scheme) && text.size() > scheme.size();
        });
    const bool is_plain =
        std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c != 0x7F; });
    if (!is_known || !is_plain || text.size() > kUrlSizeMax) {
        return Unexpected{
            fmt::format("an address that begins with {}", fmt::join(kUrlSchemes, ", "))};
    }
    return std::string{text};
}

struct SpelledWidth {
    int length_max;
    Spelled<int> operator()(std::string_view text) const {
        int length = -1;
        if (text.size() > 1 && text.front() == '/') {
            const auto [end, error] =
                std::from_chars(text.data() + 1, text.data() + text.size(), length);
            if (error != std::errc{} || end != text.data() + text.size()) {
                length = -1;
            }
        }
        if (length < 0 || length > length_max) {
            return Unexpected{length_max == net::Ipv4::kWidth
                                  ? std::string{"a prefix length of IPv4, as in \"/8\""}
                                  : std::string{"a prefix length of IPv6, as in \"/28\""}};
        }
        return length;
    }
};

Spelled<double> spelled_share(std::string_view text) {
    const auto part = spelled_percentage(text);
    return part && *part <= 1
               ? part
               : Spelled<double>{Unexpected{std::string{"a percentage from 0% to 100%"}}};
}

Spelled<std::uint64_t> spelled_feed_size(std::string_view text) {
    const auto bytes = spelled_size(text);
    if (!bytes || *bytes < kFeedSizeLeastBytes || *bytes > kFeedSizeMostBytes) {
        return Unexpected{std::string{"a size from 1KiB to 1GiB, as in \"256MiB\""}};
    }
    return *bytes;
}

// A field name of HTTP (RFC 9110 §5.1), which nothing can be smuggled into.
Spelled<std::string> spelled_header(std::string_view text) {
    const bool is_plain = std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '-' || c == '_';
    });
    if (!is_plain || text.size() > kHeaderSizeMax) {
        return Unexpected{std::string{"the name of an HTTP header, as in \"Auth-Key\""}};
    }
    return std::string{text};
}

void read_width(Section& section, FeedSettings& feed) {
    if (section.find("max_width", {Kind::Text}) != nullptr) {
        section.value("max_width", feed.max_width_ipv4, SpelledWidth{net::Ipv4::kWidth});
        feed.max_width_ipv6 = 2 * feed.max_width_ipv4;  // as /8 stands beside /16
    }
    section.value("max_width_ipv6", feed.max_width_ipv6, SpelledWidth{net::Ipv6::kWidth});
}

}  // namespace

Spelled<std::string> spelled_feed_name(std::string_view text) {
    if (text == zone::kOwnSource || zone::built_in_code(text) || zone::is_built_in_source(text)) {
        return Unexpected{
            std::string{"a name that is no class, not \"own\" and no built-in source"}};
    }
    return spelled_identifier(text);
}

Spelled<std::string> spelled_feed_text(std::string_view text) {
    auto plain = SpelledText{kFeedTextSizeMax}(text);
    if (!plain || printable(text, kFeedTextSizeMax) != text) {
        return Unexpected{
            fmt::format("a text of one line, of at most {} bytes of UTF-8", kFeedTextSizeMax)};
    }
    return plain;
}

Spelled<std::string> spelled_format(std::string_view text) {
    if (text.empty()) {
        return std::string{};
    }
    constexpr std::string_view kRbldnsd = "rbldnsd:";
    const bool is_set =
        text.starts_with(kRbldnsd) && contains(kRbldnsdSets, text.substr(kRbldnsd.size()));
    const std::size_t colon = text.find(':');
    const bool is_variant = colon != std::string_view::npos && colon + 1 < text.size() &&
                            contains(kVariantFormats, text.substr(0, colon));
    if (!is_set && !is_variant && !contains(kFormats, text)) {
        return Unexpected{fmt::format("one of {}", fmt::join(kFormats, ", "))};
    }
    return std::string{text};
}

void read_feed_address(Section& section, FeedSettings& feed) {
    section.value("url", feed.url, spelled_url);
    section.value("format", feed.format, spelled_format);
    feed.is_map = contains(kMapFormats, feed.format);
}

void read_feed_request(Section& section, FeedSettings& feed) {
    section.value("max_size", feed.size_max, spelled_feed_size);
    section.value("key_header", feed.key_header, spelled_header);
}

void read_feed_trust(Section& section, FeedSettings& feed) {
    section.value("max_shrink", feed.max_shrink, spelled_share);
    section.value("max_growth", feed.max_growth, spelled_percentage);
    section.value("max_covered", feed.max_covered, spelled_share);
    section.integer("min_entries", feed.min_entries, {0, kMinEntriesMost});
    read_width(section, feed);
    std::optional<Duration> max_age;
    section.value("max_age", max_age, SpelledDuration{.least_s = 1, .may_be_forever = true});
    if (max_age) {
        feed.max_age = max_age->forever ? std::nullopt : max_age;
    } else if (!feed.max_age && !feed.url.empty() && !section.has("max_age")) {
        feed.max_age = kMaxAgeDefault;
    }
}

void read_feed_terms(Section& section, FeedSettings& feed) {
    section.value("terms", feed.terms, spelled_feed_text);
    section.value("attribution", feed.attribution, spelled_feed_text);
    section.boolean("redistribute", feed.may_be_redistributed);
    if (section.has("redistribute") && !feed.may_be_redistributed && feed.terms.empty()) {
        feed.terms = "not to be passed on";
    }
}

}  // namespace ostrakon::config
