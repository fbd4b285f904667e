// ostrakon names: the names that a site has, a line each, for shells to complete.
#include "arguments.hpp"
#include "database.hpp"
#include "ostrakon/config/feed_catalogue.hpp"
#include "ostrakon/pull/feed_rows.hpp"
#include "ostrakon/zone/listing_class.hpp"

#include <algorithm>
#include <set>

namespace ostrakon::tool {
namespace {

// What a shell gets is a plain word: nothing in it means anything to a shell.
bool is_plain_word(std::string_view name) {
    return !name.empty() && name.front() != '-' &&
           std::all_of(name.begin(), name.end(), [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                      c == '-' || c == '_' || c == '.';
           });
}

using Names = std::set<std::string, std::less<>>;

Names classes_of_site(const config::Settings& settings) {
    Names names;
    for (const zone::BuiltInClass& built_in : zone::kBuiltInClasses) {
        names.emplace(built_in.name);
    }
    for (const auto& [name, code] : settings.classes) {
        names.insert(name);
    }
    return names;
}

Names zones_of_site(const config::Settings& settings) {
    Names names;
    if (const auto zones = config::read_zones(settings)) {
        for (const zone::Zone& zone : zones->zones) {
            names.insert(zone.name);
        }
    }
    return names;
}

// Those of the configuration; with the right to read the database also those that `import` alone
// has filled.
Names feeds_of_site(const config::Settings& settings) {
    Names names;
    for (const config::FeedSettings& feed : settings.feeds) {
        names.insert(feed.name);
    }
    auto environment = open_for_reading(settings);
    if (!environment) {
        return names;
    }
    if (const auto snapshot = store::Snapshot::begin(*environment)) {
        for (const pull::FeedRow& row : pull::feed_rows(settings, *snapshot, now())) {
            names.insert(row.name);
        }
    }
    return names;
}

Names feeds_of_catalogue(const config::Settings& settings) {
    Names names;
    if (const auto catalogue = config::read_feed_catalogue(settings)) {
        for (const config::FeedSettings& feed : catalogue->feeds()) {
            names.insert(feed.name);
        }
    }
    return names;
}

class NamesCommand : public Command {
public:
    Description describe() const override {
        return {.name = "names",
                .summary = "the names that a site has, for shells to complete",
                .details =
                    "Prints the classes, zones or feeds of the site, or the feeds of the "
                    "catalogue, a line each.",
                .is_hidden = true,
                .examples = {"ostrakon names zones"}};
    }
    void declare(OptionSet& options) override {
        options.operand("classes|zones|feeds|catalogue", what_, "what is asked for");
    }
    Result<Outcome> run(const CommonOptions& common) override {
        const auto settings = read_settings(common);
        if (!settings) {
            return Unexpected{settings.error()};
        }
        Names names;
        if (what_ == "classes") {
            names = classes_of_site(*settings);
        } else if (what_ == "zones") {
            names = zones_of_site(*settings);
        } else if (what_ == "feeds") {
            names = feeds_of_site(*settings);
        } else if (what_ == "catalogue") {
            names = feeds_of_catalogue(*settings);
        }
        std::string text;
        for (const std::string& name : names) {
            text += is_plain_word(name) ? name + "\n" : "";
        }
        return Outcome{0, text};
    }

private:
    std::string what_;
};

}  // namespace

std::unique_ptr<Command> make_names() {
    return std::make_unique<NamesCommand>();
}

}  // namespace ostrakon::tool
