// ostrakon feeds catalogue: the feeds that are known with the program.
#include "ostrakon/config/feed_catalogue.hpp"

#include "arguments.hpp"
#include "database.hpp"
#include "feed_file.hpp"
#include "ostrakon/base/suggestion.hpp"
#include "ostrakon/json/document.hpp"
#include "output.hpp"

#include <fmt/format.h>
#include <unistd.h>
#include <algorithm>

namespace ostrakon::tool {

using namespace json;

namespace {

using config::FeedSettings;

constexpr std::size_t kEntryFieldSizeMax = 2100;

Json feed_object(const FeedSettings& feed, bool is_configured) {
    return {{"name", feed.name},
            {"title", feed.title},
            {"state", config::to_string(feed.state)},
            {"replaced_by", text_or_null(feed.replaced_by)},
            {"configured", is_configured},
            {"homepage", text_or_null(feed.homepage)},
            {"url", text_or_null(feed.url)},
            {"format", text_or_null(feed.format)},
            {"map", feed.is_map},
            {"class", feed.is_map ? Json(nullptr) : Json(feed.listing_class)},
            {"every", to_string(feed.every)},
            {"every_least", to_string(feed.every_least)},
            {"max_age", feed.max_age ? Json(to_string(*feed.max_age)) : Json(nullptr)},
            {"min_entries", feed.min_entries},
            {"terms", feed.terms},
            {"terms_url", text_or_null(feed.terms_url)},
            {"attribution", text_or_null(feed.attribution)},
            {"redistribute", feed.may_be_redistributed},
            {"removal", text_or_null(feed.removal)},
            {"note", text_or_null(feed.note)}};
}

std::string schedule_text(const FeedSettings& feed) {
    return feed.every_least.seconds == 0
               ? to_string(feed.every)
               : fmt::format("{}, not more often than {}", to_string(feed.every),
                             to_string(feed.every_least));
}

std::string limits_text(const FeedSettings& feed) {
    constexpr double kHundred = 100;
    std::string text = fmt::format("{}% fewer or {}% more are held", feed.max_shrink * kHundred,
                                   feed.max_growth * kHundred);
    text += fmt::format(", networks wider than /{} or IPv6 /{} too", feed.max_width_ipv4,
                        feed.max_width_ipv6);
    return text + (feed.min_entries == 0 ? ", an empty list is not" : "");
}

std::string whole_entry(const FeedSettings& feed, bool is_configured) {
    std::string text = fmt::format("{}: {}\n", feed.name, feed.title);
    const auto line = [&text](std::string_view name, std::string_view value) {
        text += field_line(name, value, kEntryFieldSizeMax);
    };
    line("state",
         fmt::format("{}{}", config::to_string(feed.state), is_configured ? ", configured" : ""));
    line("instead", feed.replaced_by);
    line("homepage", feed.homepage);
    line("url", feed.url);
    line("format", feed.format);
    if (config::why_gone(feed).empty()) {
        line("every", schedule_text(feed));
        if (!feed.is_map) {
            line("class", feed.listing_class);
            line("max age", feed.max_age ? to_string(*feed.max_age) : "");
            line("limits", limits_text(feed));
        }
        line("removal", feed.removal);
        line("terms", feed.terms);
        line("", feed.terms_url);
        line("", redistribution_text(feed));
    }
    line("note", feed.note);
    return text;
}

class FeedsCatalogueCommand : public Command {
public:
    Description describe() const override {
        return {.name = "feeds catalogue",
                .summary = "the feeds that are known: where they are, on which terms",
                .details =
                    "Lists the feeds of the catalogue that comes with the program, or of the "
                    "feeds.toml beside ostrakon.toml; with NAME, all that is known of one. A state "
                    "is active, ended, merged, needs-key or paid.",
                .examples = {"ostrakon feeds catalogue", "ostrakon feeds catalogue spamhaus-drop",
                             "ostrakon feeds catalogue --state needs-key --json"}};
    }
    void declare(OptionSet& options) override {
        options.optional_operand("NAME", name_, "one of them, with all that is known of it");
        options.choice("--state", "STATE", state_, "those alone that are in this state",
                       {"active", "ended", "merged", "needs-key", "paid"});
    }
    Result<Outcome> run(const CommonOptions& common) override {
        const auto settings = read_settings(common);
        if (!settings) {
            return Unexpected{settings.error()};
        }
        const auto catalogue = config::read_feed_catalogue(*settings);
        if (!catalogue) {
            return Unexpected{catalogue.error()};
        }
        const auto chosen = choose(*catalogue);
        if (!chosen) {
            return Unexpected{chosen.error()};
        }
        if (common.json) {
            return Outcome{0, json_of(*chosen, *settings)};
        }
        if (name_) {
            return Outcome{
                0, whole_entry(*chosen->front(), is_configured(*chosen->front(), *settings))};
        }
        return Outcome{0, table_of(*chosen, *settings)};
    }

private:
    using Chosen = std::vector<const FeedSettings*>;

    Result<Chosen> choose(const config::FeedCatalogue& catalogue) const {
        constexpr std::string_view kStates = "active, ended, merged, needs-key, paid";
        if (state_ && kStates.find(*state_) == std::string_view::npos) {
            return wrong_usage("--state " + *state_, "is no state",
                               fmt::format("say one of {}", kStates));
        }
        Chosen chosen;
        std::vector<std::string> names;
        for (const FeedSettings& feed : catalogue.feeds()) {
            names.push_back(feed.name);
            if ((!name_ || feed.name == *name_) &&
                (!state_ || config::to_string(feed.state) == *state_)) {
                chosen.push_back(&feed);
            }
        }
        if (name_ && catalogue.find(*name_) == nullptr) {
            const auto near = suggestion(*name_, names);
            return wrong_usage(
                fmt::format("feed \"{}\"", *name_), "is not in the catalogue",
                near ? fmt::format("did you mean \"{}\"?", *near) : "without a name all are shown");
        }
        if (name_ && chosen.empty()) {
            return wrong_usage("--state " + *state_, fmt::format("is not that of \"{}\"", *name_),
                               "leave it out");
        }
        return chosen;
    }

    static bool is_configured(const FeedSettings& feed, const config::Settings& settings) {
        return std::any_of(settings.feeds.begin(), settings.feeds.end(),
                           [&](const FeedSettings& one) { return one.name == feed.name; });
    }

    static std::string json_of(const Chosen& chosen, const config::Settings& settings) {
        Json json = Json::array();
        for (const FeedSettings* feed : chosen) {
            json.push_back(feed_object(*feed, is_configured(*feed, settings)));
        }
        return document(json);
    }

    static std::string table_of(const Chosen& chosen, const config::Settings& settings) {
        Table table{{"NAME", "STATE", "FORMAT", "EVERY", "PASS ON", "TITLE"}};
        for (const FeedSettings* feed : chosen) {
            const bool is_gone = !config::why_gone(*feed).empty();
            table.add({feed->name,
                       fmt::format("{}{}", config::to_string(feed->state),
                                   is_configured(*feed, settings) ? ", configured" : ""),
                       feed->format.empty() ? "-" : feed->format,
                       is_gone ? "-" : to_string(feed->every),
                       feed->may_be_redistributed ? "yes" : "no", feed->title});
        }
        return table.print(output_width(), style_of(STDOUT_FILENO));
    }

    std::optional<std::string> name_;
    std::optional<std::string> state_;
};

}  // namespace

std::unique_ptr<Command> make_feeds_catalogue() {
    return std::make_unique<FeedsCatalogueCommand>();
}

}  // namespace ostrakon::tool
