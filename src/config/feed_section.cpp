// What a feed is called, where it comes from, and how far it is trusted.
#include "sections.hpp"

#include "ostrakon/base/printable.hpp"
#include "ostrakon/zone/listing_class.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <charconv>

namespace ostrakon::config {
namespace {

constexpr std::size_t kUrlSizeMax = 2048;
constexpr std::int64_t kEveryLeastSeconds = 60;

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
});

// Formats that have variants, whose names are the list's own: of a column, a key, a set.
constexpr auto kVariantFormats = std::to_array<std::string_view>(
    {"csv", "ndjson", "hosts", "ipset-save", "nft-json", "postfix"});

constexpr std::array<std::string_view, 7> kRbldnsdSets{"ip4set",  "ip4tset", "ip4trie", "ip6tset",
                                                       "ip6trie", "dnset",   "combined"};

template <std::size_t N>
bool contains(const std::array<std::string_view, N>& words, std::string_view word) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

Spelled<std::string> spelled_feed_name(std::string_view text) {
    if (text == zone::kOwnSource || zone::built_in_code(text) || zone::is_built_in_source(text)) {
        return Unexpected{
            std::string{"a name that is no class, not \"own\" and no built-in source"}};
    }
    return spelled_identifier(text);
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

Spelled<std::string> spelled_format(std::string_view text) {
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

Spelled<int> spelled_width(std::string_view text) {
    int length = -1;
    if (text.size() > 1 && text.front() == '/') {
        const auto [end, error] =
            std::from_chars(text.data() + 1, text.data() + text.size(), length);
        if (error != std::errc{} || end != text.data() + text.size()) {
            length = -1;
        }
    }
    if (length < 0 || length > net::Ipv4::kWidth) {
        return Unexpected{std::string{"a prefix length of IPv4, as in \"/8\""}};
    }
    return length;
}

Spelled<std::string> spelled_code_or_nothing(std::string_view text) {
    if (text.empty()) {
        return std::string{};
    }
    return spelled_code(text).map([](net::Ipv4 code) { return net::to_string(code); });
}

void read_trust(Section& section, FeedSettings& feed) {
    section.value("max_shrink", feed.max_shrink, [](std::string_view text) {
        const auto part = spelled_percentage(text);
        return part && *part <= 1
                   ? part
                   : Spelled<double>{Unexpected{std::string{"a percentage from 0% to 100%"}}};
    });
    section.value("max_growth", feed.max_growth, spelled_percentage);
    if (section.has("max_width")) {
        section.value("max_width", feed.max_width_ipv4, spelled_width);
        feed.max_width_ipv6 = 2 * feed.max_width_ipv4;  // as /8 stands beside /16
    }
    std::optional<Duration> max_age;
    section.value("max_age", max_age, SpelledDuration{.least_s = 1, .may_be_forever = true});
    if (max_age && !max_age->forever) {
        feed.max_age = max_age;
    }
}

void read_origin(Section& section, const std::filesystem::path& directory, FeedSettings& feed) {
    section.value("url", feed.url, spelled_url);
    section.value("format", feed.format, spelled_format);
    section.value("every", feed.every, [](std::string_view text) {
        return SpelledDuration{kEveryLeastSeconds}(text).map(
            [](Duration every) { return to_string(every); });
    });
    std::string key_file;
    section.value("key_file", key_file, SpelledText{kPathSizeMax});
    if (!key_file.empty()) {
        feed.key_file = (directory / key_file).lexically_normal().string();
    }
    if (!feed.url.empty() || !feed.every.empty()) {
        section.warning(section.at_key(feed.url.empty() ? "every" : "url"),
                        fmt::format("feed \"{}\" is not pulled by this version; fill it with "
                                    "`ostrakon import FILE --source "
                                    "{} --replace`",
                                    feed.name, feed.name));
    }
}

}  // namespace

FeedSettings read_feed(Section section, const std::filesystem::path& directory,
                       const Settings& settings, std::string_view file_stem) {
    FeedSettings feed;
    if (section.has("name")) {
        section.value("name", feed.name, spelled_feed_name);
    } else if (file_stem.empty()) {
        section.require("name", "name = \"spamhaus-drop\"");
    } else if (const auto name = spelled_feed_name(file_stem)) {
        feed.name = *name;
    } else {
        section.mistake_at({1, 1},
                           fmt::format("the feed is called \"{}\" like its file, expected {}",
                                       printable(file_stem, kTextSizeMax), name.error()));
    }
    read_origin(section, directory, feed);
    section.value("class", feed.listing_class,
                  [&settings](std::string_view text) -> Spelled<std::string> {
                      if (!zone::built_in_code(text) &&
                          settings.classes.find(std::string{text}) == settings.classes.end()) {
                          return Unexpected{std::string{"a built-in class or one of [classes]"}};
                      }
                      return std::string{text};
                  });
    std::string code;
    section.value("code", code, spelled_code_or_nothing);
    feed.code = net::parse_ipv4(code);
    section.value("removal", feed.removal, spelled_web_address);
    read_trust(section, feed);
    section.finish();
    return feed;
}

}  // namespace ostrakon::config
