#include "ostrakon/config/feed_catalogue.hpp"

#include "feed_catalogue_file.hpp"
#include "feed_keys.hpp"
#include "ostrakon/config/shipped_file.hpp"
#include "ostrakon/zone/listing_class.hpp"
#include "sections.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <map>
#include <utility>

namespace ostrakon::config {
namespace {

constexpr std::size_t kCatalogueFeedsMax = 1000;
constexpr std::string_view kKeyPlace = "{key}";

struct StateName {
    FeedState state;
    std::string_view name;
};
constexpr std::array<StateName, 5> kStateNames{{{FeedState::Active, "active"},
                                                {FeedState::Ended, "ended"},
                                                {FeedState::Merged, "merged"},
                                                {FeedState::NeedsKey, "needs-key"},
                                                {FeedState::Paid, "paid"}}};

Spelled<FeedState> spelled_state(std::string_view text) {
    const auto* const found =
        std::find_if(kStateNames.begin(), kStateNames.end(),
                     [text](const StateName& known) { return known.name == text; });
    if (found == kStateNames.end()) {
        return Unexpected{std::string{"one of active, ended, merged, needs-key, paid"}};
    }
    return found->state;
}

// What is in the catalogue has to be in every site, so that it knows no class of one.
Spelled<std::string> spelled_built_in_class(std::string_view text) {
    if (!zone::built_in_code(text)) {
        return Unexpected{std::string{"a built-in class"}};
    }
    return std::string{text};
}

class CatalogueReader {
public:
    CatalogueReader(const std::filesystem::path& file, Problems& problems)
        : file_(file), name_(file.string()), problems_(problems) {}

    std::vector<FeedSettings> read() {
        if (const auto document = read_document(file_, problems_)) {
            Section top{&*document, "", name_, problems_};
            for (Section& section : top.tables("feed", kCatalogueFeedsMax)) {
                read_entry(section);
            }
            top.finish();
        }
        check_successors();
        return std::move(feeds_);
    }

private:
    void read_entry(Section& section) {
        FeedSettings feed;
        feed.file = file_;
        for (const auto& [key, example] : {std::pair{"name", "name = \"spamhaus-drop\""},
                                           {"title", "title = \"Spamhaus DROP\""},
                                           {"format", "format = \"iplist\""},
                                           {"terms", "terms = \"CC0\""}}) {
            section.require(key, example);
        }
        section.value("name", feed.name, spelled_feed_name);
        read_feed_address(section, feed);
        section.value("every_least", feed.every_least, SpelledDuration{});
        section.value("every", feed.every, SpelledDuration{kFeedEveryLeastSeconds});
        read_feed_request(section, feed);
        section.value("class", feed.listing_class, spelled_built_in_class);
        section.value("removal", feed.removal, spelled_web_address);
        read_feed_trust(section, feed);
        read_feed_terms(section, feed);
        read_words(section, feed);
        section.finish();
        check(section, feed);
        places_.emplace(feed.name, section.at());
        feeds_.push_back(std::move(feed));
    }

    static void read_words(Section& section, FeedSettings& feed) {
        section.value("title", feed.title, spelled_feed_text);
        section.value("homepage", feed.homepage, spelled_web_address);
        section.value("terms_url", feed.terms_url, spelled_web_address);
        section.value("note", feed.note, spelled_feed_text);
        section.value("state", feed.state, spelled_state);
        section.value("replaced_by", feed.replaced_by, spelled_feed_name);
    }

    void check(Section& section, const FeedSettings& feed) {
        if (!feed.name.empty() && places_.find(feed.name) != places_.end()) {
            section.mistake_at(
                section.at_key("name"),
                fmt::format("{}: read \"{}\", expected another name: line {} has it "
                            "already",
                            section.path("name"), feed.name, places_.find(feed.name)->second.line));
        }
        if (feed.every.seconds < feed.every_least.seconds) {
            section.mistake_at(section.at_key("every"),
                               fmt::format("{}: read \"{}\", expected at least every_least, {}",
                                           section.path("every"), to_string(feed.every),
                                           to_string(feed.every_least)));
        }
        const bool is_gone = feed.state == FeedState::Ended || feed.state == FeedState::Merged;
        if (is_gone || (section.has("format") && feed.format.empty())) {
            section.require("note", "note = \"ended on 2025-01-16\"");
        }
        if (feed.state == FeedState::Merged) {
            section.require("replaced_by", "replaced_by = \"spamhaus-drop\"");
        }
        if ((is_gone || feed.state == FeedState::Paid) && !feed.url.empty()) {
            section.mistake_at(
                section.at_key("url"),
                fmt::format("{}: read an address, expected none of a feed that is {}",
                            section.path("url"), to_string(feed.state)));
        }
        if (takes_key(feed) && feed.state != FeedState::NeedsKey) {
            section.mistake_at(section.at(),
                               fmt::format("{}: read \"{}\", expected \"needs-key\", "
                                           "for there is a place for a key",
                                           section.path("state"), to_string(feed.state)));
        }
    }

    // The one that takes a feed's place is there, and is there to stay.
    void check_successors() {
        for (const FeedSettings& feed : feeds_) {
            const auto successor = std::find_if(
                feeds_.begin(), feeds_.end(),
                [&](const FeedSettings& other) { return other.name == feed.replaced_by; });
            const bool is_good = successor != feeds_.end() && why_gone(*successor).empty();
            if (!feed.replaced_by.empty() && !is_good) {
                problems_.mistake(
                    name_, places_[feed.name],
                    fmt::format("[[feed]] replaced_by: read \"{}\", expected a feed that is here "
                                "and to be had",
                                feed.replaced_by));
            }
        }
    }

    std::filesystem::path file_;
    std::string name_;
    Problems& problems_;
    std::vector<FeedSettings> feeds_;
    std::map<std::string, Position> places_;
};

}  // namespace

const FeedSettings* FeedCatalogue::find(std::string_view name) const {
    const auto found = std::find_if(feeds_.begin(), feeds_.end(),
                                    [name](const FeedSettings& feed) { return feed.name == name; });
    return found == feeds_.end() ? nullptr : &*found;
}

FeedCatalogue read_feed_catalogue(const std::filesystem::path& file, Problems& problems) {
    return FeedCatalogue{CatalogueReader{file, problems}.read()};
}

Result<FeedCatalogue> read_feed_catalogue(const Settings& settings) {
    Problems problems;
    FeedCatalogue catalogue =
        read_feed_catalogue(shipped_file(settings, kFeedCatalogueFile), problems);
    if (problems.mistake_count() > 0) {
        return Unexpected{problems.error()};
    }
    return catalogue;
}

std::string_view to_string(FeedState state) {
    return std::find_if(kStateNames.begin(), kStateNames.end(),
                        [state](const StateName& known) { return known.state == state; })
        ->name;
}

std::string why_gone(const FeedSettings& known) {
    if (known.state != FeedState::Ended && known.state != FeedState::Merged) {
        return {};
    }
    return fmt::format("feed \"{}\" is no longer there: {}{}", known.name, known.note,
                       known.replaced_by.empty()
                           ? std::string{}
                           : fmt::format("; use \"{}\" in its place", known.replaced_by));
}

bool takes_key(const FeedSettings& feed) {
    return !feed.key_header.empty() || feed.url.find(kKeyPlace) != std::string::npos;
}

bool forbids_redistribution(const FeedSettings& feed) {
    return !feed.may_be_redistributed && !feed.terms.empty();
}

}  // namespace ostrakon::config
