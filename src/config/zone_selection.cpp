// What a zone serves, and how it spells it: sources, classes, kinds, codes and texts.
#include "sections.hpp"
#include "zone_sections.hpp"

#include "ostrakon/base/printable.hpp"
#include "ostrakon/base/suggestion.hpp"
#include "ostrakon/zone/listing_class.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <map>
#include <utility>

namespace ostrakon::config {
namespace {

constexpr std::string_view kAll = "*";

struct DefaultText {
    std::string_view name;
    std::string_view text;
};
constexpr std::array<DefaultText, 3> kDefaultTexts{
    {{kAll, "{subject} is blocked ({class})[, see {url}][ - {reason}]"},
     {"upstream", "{subject} is listed by {source}[, see {removal}][ - {reason}]"},
     {zone::kAllowClass, "{subject} is allowed[ - {reason}]"}}};

std::map<std::string, zone::TextTemplate> default_texts() {
    std::map<std::string, zone::TextTemplate> texts;
    for (const DefaultText& known : kDefaultTexts) {
        texts[std::string{known.name}] = zone::TextTemplate::parse(known.text).value();
    }
    return texts;
}

std::vector<zone::SourcePattern> default_sources() {
    return {{std::string{zone::kOwnSource}, false}, {std::string{kAll}, false}};
}

std::vector<std::string> default_classes() {
    return {std::string{kAll}};
}

bool is_class(std::string_view name, const Settings& settings) {
    return zone::built_in_code(name) ||
           settings.classes.find(std::string{name}) != settings.classes.end();
}

bool is_feed(std::string_view name, const Settings& settings) {
    return std::any_of(settings.feeds.begin(), settings.feeds.end(),
                       [name](const FeedSettings& feed) { return feed.name == name; });
}

std::vector<std::string> classes_of(const Settings& settings) {
    std::vector<std::string> names;
    names.reserve(zone::kBuiltInClasses.size() + settings.classes.size());
    for (const zone::BuiltInClass& built_in : zone::kBuiltInClasses) {
        names.emplace_back(built_in.name);
    }
    for (const auto& [name, code] : settings.classes) {
        names.push_back(name);
    }
    return names;
}

std::vector<std::string> feeds_of(const Settings& settings) {
    std::vector<std::string> names;
    for (const FeedSettings& feed : settings.feeds) {
        names.push_back(feed.name);
    }
    return names;
}

std::string did_you_mean(std::string_view word, const std::vector<std::string>& known) {
    const auto near = suggestion(word, known);
    return near ? fmt::format(", did you mean \"{}\"?", *near) : "";
}

// "own", "*", "NAME", "NAME/LABEL", and "!" before the last two.
Spelled<zone::SourcePattern> spelled_source(std::string_view text) {
    constexpr std::string_view kExpected =
        "\"own\", \"*\", the name of a feed, \"NAME/LABEL\" for one of its data sets, or \"!NAME\"";
    const bool is_excluded = text.starts_with('!');
    text.remove_prefix(is_excluded ? 1 : 0);
    if (text == kAll) {
        return is_excluded ? Spelled<zone::SourcePattern>{Unexpected{std::string{kExpected}}}
                           : zone::SourcePattern{std::string{text}, false};
    }
    const auto slash = text.find('/');
    const std::string_view name = text.substr(0, slash);
    const bool is_whole = slash == std::string_view::npos;
    const std::string_view label = is_whole ? "@" : text.substr(slash + 1);
    const bool can_have_label = name != zone::kOwnSource && !zone::is_built_in_source(name);
    if (!zone::is_valid_identifier(name) || (label != "@" && !zone::is_valid_identifier(label)) ||
        (!is_whole && !can_have_label)) {
        return Unexpected{std::string{kExpected}};
    }
    return zone::SourcePattern{std::string{text}, is_excluded};
}

void warn_about_source(Section& section, const Value& item, const Settings& settings) {
    std::string_view name = item.text;
    name.remove_prefix(name.starts_with('!') ? 1 : 0);
    name = name.substr(0, name.find('/'));
    if (name == zone::kOwnSource || name == kAll || is_feed(name, settings)) {
        return;
    }
    if (zone::is_built_in_source(name)) {
        return;
    }
    if (is_class(name, settings)) {
        section.mistake("sources", item, "a source; this is a class");
    } else {
        section.warning(
            item.at, fmt::format("sources: no feed is called \"{}\" in this configuration{}", name,
                                 did_you_mean(name, feeds_of(settings))));
    }
}

void read_sources(Section& section, const Settings& settings, zone::Zone& zone) {
    zone.sources = default_sources();
    const Value* found = section.find("sources", {Kind::List});
    if (found == nullptr) {
        return;
    }
    section.items("sources", *found, zone.sources, {0, kListSizeMax}, spelled_source);
    for (const Value& item : found->items) {
        if (item.kind == Kind::Text && spelled_source(item.text)) {
            warn_about_source(section, item, settings);
        }
    }
    if (std::all_of(zone.sources.begin(), zone.sources.end(),
                    [](const auto& source) { return source.excluded; })) {
        section.warning(found->at,
                        "sources: names nothing that could answer, this zone lists nothing");
    }
}

void read_classes_served(Section& section, const Settings& settings, zone::Zone& zone) {
    zone.classes = default_classes();
    section.list("classes", zone.classes, {1, kListSizeMax},
                 [&settings](std::string_view text) -> Spelled<std::string> {
                     if (text == kAll || is_class(text, settings)) {
                         return std::string{text};
                     }
                     if (is_feed(text, settings)) {
                         return Unexpected{
                             std::string{"a class; this is a feed, which belongs into sources"}};
                     }
                     return Unexpected{fmt::format("\"*\", a built-in class or one of [classes]{}",
                                                   did_you_mean(text, classes_of(settings)))};
                 });
    const bool has_allow = std::find(zone.classes.begin(), zone.classes.end(), zone::kAllowClass) !=
                           zone.classes.end();
    if (has_allow && !zone.is_allow_zone()) {
        section.mistake_at(section.at_key("classes"),
                           "classes: read \"allow\" together with other classes, expected it "
                           "alone: a zone that allows "
                           "cannot also block");
    }
}

void read_kinds(Section& section, zone::Zone& zone) {
    const bool is_named = section.has("kinds");
    std::vector<std::string> kinds;
    section.list("kinds", kinds, {1, kListSizeMax}, SpelledWord{{"ip", "name", "mail"}});
    if (is_named) {
        const auto has = [&kinds](std::string_view kind) {
            return std::find(kinds.begin(), kinds.end(), kind) != kinds.end();
        };
        zone.kinds = {has("ip"), has("name"), has("mail")};
    }
}

// A key of [codes] or [text] that nothing has yet may belong to a feed to come.
void warn_about_key(Section& section, const Entry& entry, const Settings& settings) {
    if (entry.key == kAll || is_class(entry.key, settings) || is_feed(entry.key, settings)) {
        return;
    }
    std::vector<std::string> known = classes_of(settings);
    const std::vector<std::string> feeds = feeds_of(settings);
    known.insert(known.end(), feeds.begin(), feeds.end());
    section.warning(entry.at, fmt::format("{}: neither a class nor a feed is called so{}",
                                          section.path(printable(entry.key, kTextSizeMax)),
                                          did_you_mean(entry.key, known)));
}

}  // namespace

void read_selection(Section& section, const Settings& settings, zone::Zone& zone) {
    read_sources(section, settings, zone);
    read_classes_served(section, settings, zone);
    read_kinds(section, zone);
}

void read_codes(Section section, const Settings& settings, zone::Zone& zone) {
    for (const Entry& entry : section.own_words()) {
        if (!zone::is_valid_identifier(entry.key)) {
            section.mistake_at(entry.at,
                               fmt::format("[codes]: read \"{}\", expected a class or a feed",
                                           printable(entry.key, kTextSizeMax)));
            continue;
        }
        net::Ipv4 code;
        section.own_value(entry, code, spelled_code);
        zone.codes[entry.key] = code;
        warn_about_key(section, entry, settings);
    }
}

void read_texts(Section section, const Settings& settings, zone::Zone& zone) {
    zone.texts = default_texts();
    for (const Entry& entry : section.own_words()) {
        if (entry.key != kAll && !zone::is_valid_identifier(entry.key)) {
            section.mistake_at(entry.at,
                               fmt::format("[text]: read \"{}\", expected \"*\", a class or a feed",
                                           printable(entry.key, kTextSizeMax)));
            continue;
        }
        zone::TextTemplate text;
        section.own_value(entry, text, [](std::string_view spelled) {
            return zone::TextTemplate::parse(spelled).map_error([](const Error& error) {
                return "a text with correct placeholders: " + message(error);
            });
        });
        zone.texts[entry.key] = std::move(text);
        warn_about_key(section, entry, settings);
    }
}

zone::Zone default_zone() {
    zone::Zone zone;
    zone.name = "default";
    zone.sources = default_sources();
    zone.classes = default_classes();
    zone.texts = default_texts();
    return zone;
}

}  // namespace ostrakon::config
