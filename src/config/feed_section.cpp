// [[feed]]: which feeds a site has, and how far it trusts each. What it does not say of one that
// the catalogue knows is as the catalogue says.
#include "feed_keys.hpp"
#include "ostrakon/base/printable.hpp"
#include "ostrakon/config/feed_catalogue.hpp"
#include "ostrakon/zone/listing_class.hpp"
#include "sections.hpp"

#include <fmt/format.h>
#include <algorithm>

namespace ostrakon::config {
namespace {

Spelled<std::string> spelled_code_or_nothing(std::string_view text) {
    if (text.empty()) {
        return std::string{};
    }
    return spelled_code(text).map([](net::Ipv4 code) { return net::to_string(code); });
}

// It becomes part of an HTTP header, in parentheses.
Spelled<std::string> spelled_contact(std::string_view text) {
    const bool is_plain = std::all_of(text.begin(), text.end(), [](char c) {
        return c > ' ' && c < 0x7F &&
               std::string_view{"()\\\"<>"}.find(c) == std::string_view::npos;
    });
    if (!is_plain || text.size() > kTextSizeMax) {
        return Unexpected{std::string{"a mail address or an address of the web, without blanks"}};
    }
    return std::string{text};
}

void read_file(Section& section, std::string_view key, const std::filesystem::path& directory,
               std::string& target) {
    std::string file;
    section.value(key, file, SpelledText{kPathSizeMax});
    if (!file.empty()) {
        target = (directory / file).lexically_normal().string();
    }
}

void read_every(Section& section, FeedSettings& feed) {
    section.value("every", feed.every, SpelledDuration{kFeedEveryLeastSeconds});
    bool has_agreed = false;
    section.boolean("publisher_agreed", has_agreed);
    if (feed.every.seconds >= feed.every_least.seconds) {
        return;
    }
    if (has_agreed) {
        feed.every_least = feed.every;
        return;
    }
    section.mistake_at(
        section.at_key("every"),
        fmt::format(
            "{}: read \"{}\", expected at least {}, which the publisher of \"{}\" asks for; with "
            "publisher_agreed = true it may be less",
            section.path("every"), to_string(feed.every), to_string(feed.every_least), feed.name));
}

// Where what stands there cannot become a feed that is pulled. `known` is null for one that is in
// no catalogue.
std::string why_unusable(const Section& section, const FeedSettings& feed,
                         const FeedSettings* known) {
    const std::string more = feed.homepage.empty() ? "" : fmt::format(", see {}", feed.homepage);
    if (known != nullptr) {
        if (feed.format.empty()) {
            return fmt::format("feed \"{}\" cannot be read by this program: {}", feed.name,
                               known->note);
        }
        if (known->state == FeedState::Paid && feed.url.empty()) {
            return fmt::format(
                "feed \"{}\" has no address of its own: expected url, which its publisher gives{}",
                feed.name, more);
        }
    }
    if (!feed.url.empty() && feed.format.empty()) {
        return fmt::format("{} is missing, expected it as in format = \"iplist\"",
                           section.path("format"));
    }
    const bool is_behind_key =
        takes_key(feed) || (feed.state == FeedState::NeedsKey && !section.has("url"));
    if (!feed.url.empty() && is_behind_key && feed.key_file.empty()) {
        return fmt::format(
            "feed \"{}\" needs a key: expected key_file, the name of a file that holds it{}",
            feed.name, more);
    }
    return {};
}

std::string read_name(Section& section, std::string_view file_stem) {
    std::string read;
    section.value("name", read, spelled_feed_name);
    if (section.has("name")) {
        return read;
    }
    if (file_stem.empty()) {
        section.require("name", "name = \"spamhaus-drop\"");
    } else if (const auto name = spelled_feed_name(file_stem)) {
        read = *name;
    } else {
        section.mistake_at({1, 1},
                           fmt::format("the feed is called \"{}\" like its file, expected {}",
                                       printable(file_stem, kTextSizeMax), name.error()));
    }
    return read;
}

void read_class(Section& section, const Settings& settings, FeedSettings& feed) {
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
}

}  // namespace

FeedSettings read_feed(Section section, const std::filesystem::path& directory,
                       const Settings& settings, std::string_view file_stem,
                       const FeedCatalogue& catalogue) {
    const std::string name = read_name(section, file_stem);
    const FeedSettings* known = catalogue.find(name);
    FeedSettings feed = known == nullptr ? FeedSettings{} : *known;
    feed.name = name;
    read_feed_address(section, feed);
    read_every(section, feed);
    read_feed_request(section, feed);
    read_file(section, "key_file", directory, feed.key_file);
    read_file(section, "ca_file", directory, feed.ca_file);
    read_class(section, settings, feed);
    section.value("removal", feed.removal, spelled_web_address);
    read_feed_trust(section, feed);
    read_feed_terms(section, feed);
    section.finish();
    const Position at = section.has("name") ? section.at_key("name") : Position{1, 1};
    if (const std::string gone = why_gone(feed); !gone.empty()) {
        // A feed that ends while it is configured is no reason for a server not to start.
        section.warning(at, gone + "; it is not pulled");
        feed.url.clear();
        return feed;
    }
    if (const std::string why = why_unusable(section, feed, known); !why.empty()) {
        section.mistake_at(at, why);
    }
    return feed;
}

bool needs_catalogue(const Section& section) {
    return !section.has("url") || !section.has("format");
}

void read_feeds_contact(Section& section, Settings& settings) {
    section.value("contact", settings.feeds_contact, spelled_contact);
}

}  // namespace ostrakon::config
