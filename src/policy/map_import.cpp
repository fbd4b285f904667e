#include "ostrakon/policy/map_import.hpp"

#include "change_set.hpp"
#include "feed_settings.hpp"
#include "map_change.hpp"
#include "ostrakon/policy/map_ranges.hpp"
#include "ostrakon/policy/maps.hpp"

#include <fmt/format.h>

namespace ostrakon::policy {
namespace {

Unexpected<Error> unusable(const std::string& attempt, std::string why, std::string remedy) {
    return Unexpected{Error{ErrorCode::Usage, attempt, std::move(why), std::move(remedy)}};
}

// Counts what became of each range.
template <class A>
void count_changes(const std::vector<MapRange<A>>& before, const std::vector<MapRange<A>>& after,
                   ImportReport& counts) {
    auto old = before.begin();
    auto fresh = after.begin();
    while (old != before.end() || fresh != after.end()) {
        const bool only_old =
            fresh == after.end() || (old != before.end() && old->range < fresh->range);
        const bool only_fresh = !only_old && (old == before.end() || fresh->range < old->range);
        if (only_old) {
            ++counts.removed;
        } else if (only_fresh) {
            ++counts.added;
        } else {
            ++(old->number == fresh->number ? counts.unchanged : counts.changed);
        }
        old += only_fresh ? 0 : 1;
        fresh += only_old ? 0 : 1;
    }
}

// Puts one family of one kind in place; returns how many ranges it has then.
template <class A>
std::uint64_t take_in(ChangeSet& change, const MapImport& import, MapPartId part,
                      const std::vector<MapRange<A>>& said, ImportReport& counts) {
    const auto before = map_ranges(change.transaction(), part, net::everything<A>());
    if (said.empty() && !import.replace) {
        return before.size();
    }
    const auto after = flattened(said);
    count_changes(before, after, counts);
    if (before != after) {
        write_map(change.transaction(), part, after,
                  [&](std::string_view key, std::optional<std::string_view> old) {
                      change.remember_map_block(key, old);
                  });
    }
    return after.size();
}

bool is_feed_of_bans(const Catalogue& catalogue, const config::Settings& settings,
                     const std::string& name) {
    const Feed* feed = catalogue.feed(name);
    return feed != nullptr && (feed->entries > 0 || feed_settings(settings, name) == nullptr);
}

Map map_before(const Catalogue& catalogue, const std::string& name) {
    const Map* known = catalogue.map(name);
    return known == nullptr ? Map{} : *known;
}

// Writes the map's ranges and record.
void write_contents(ChangeSet& change, const MapImport& import, ImportReport& counts) {
    change.remember_map(import.name);
    Map map = map_before(change.catalogue(), import.name);
    map.name = import.name;
    map.format = import.format;
    map.date = import.contents.date;
    map.taken = change.author().at;
    map.id = change.catalogue().put_map(change.transaction(), map);
    for (const net::OriginKind kind : net::kOriginKinds) {
        const MapPart& part = import.contents.part(kind);
        const MapPartId id{map.id, kind};
        map.ranges[static_cast<std::size_t>(kind)] =
            take_in(change, import, id, part.ipv4, counts) +
            take_in(change, import, id, part.ipv6, counts);
    }
    if (counts.added + counts.changed + counts.removed > 0) {
        map.changed = change.transaction().id();
    }
    change.catalogue().put_map(change.transaction(), map);
}

void note_settings(const Catalogue& catalogue, const config::Settings& settings,
                   std::vector<std::string>& notes) {
    for (const net::OriginKind kind : net::kOriginKinds) {
        if (std::string note = map_settings_note(catalogue, settings, kind); !note.empty()) {
            notes.push_back(std::move(note));
        }
    }
}

std::string first_reject(const MapContents& contents) {
    return contents.rejects.empty()
               ? std::string{}
               : fmt::format("; line {}: {}: {}", contents.rejects.front().line,
                             contents.rejects.front().text, contents.rejects.front().why);
}

}  // namespace

Result<Done> check_map(const config::Settings& settings, const MapImport& import,
                       const Author& author) {
    if (auto named = check_feed_name(settings, import.name); !named) {
        return named;
    }
    const MapContents& contents = import.contents;
    if (import.strict && contents.rejected > 0) {
        return unusable(
            author.command,
            fmt::format("{} lines are no valid rows{}", contents.rejected, first_reject(contents)),
            "without --strict they are left out");
    }
    if (contents.size() == 0) {
        return unusable(author.command, "no row of it is of use" + first_reject(contents),
                        "name the right format with --format");
    }
    if (contents.rejected * 2 > contents.read) {
        return unusable(author.command,
                        fmt::format("{} lines of {} are no valid rows{}", contents.rejected,
                                    contents.read, first_reject(contents)),
                        "name the right format with --format");
    }
    return Done{};
}

MapReport first_map_report(const MapImport& import) {
    MapReport report;
    report.counts.read = import.contents.read;
    report.counts.rejected = import.contents.rejected;
    report.counts.rejects = import.contents.rejects;
    report.counts.notes = import.contents.notes;
    for (const MapPart& part : import.contents.parts) {
        report.counts.added += flattened(part.ipv4).size() + flattened(part.ipv6).size();
    }
    return report;
}

Result<MapReport> import_map(store::Environment& environment, const config::Settings& settings,
                             MapImport&& import, const Author& author) {
    if (auto fit = check_map(settings, import, author); !fit) {
        return Unexpected{std::move(fit.error())};
    }
    auto change = ChangeSet::begin(environment, author);
    if (!change) {
        return Unexpected{change.error()};
    }
    if (is_feed_of_bans(change->catalogue(), settings, import.name)) {
        return unusable(author.command, fmt::format("{} is a feed of bans", import.name),
                        "name the map otherwise with --source");
    }
    MapReport report;
    ImportReport& counts = report.counts;
    counts.read = import.contents.read;
    counts.rejected = import.contents.rejected;
    counts.rejects = std::move(import.contents.rejects);
    counts.notes = std::move(import.contents.notes);
    if (import.progress) {
        import.progress("comparing", 0, 0);
    }
    MapChange maps{*change};
    write_contents(*change, import, counts);
    const bool is_placed_anew = place_maps(*change, settings);
    maps.finish();
    report.steps = maps.steps();
    note_settings(change->catalogue(), settings, counts.notes);
    if (import.show) {
        import.show(report);
    }
    if (!import.confirmed) {
        if (auto fit = maps.check(settings); !fit) {
            fit.error().attempt = fmt::format("map {}: {}", import.name, fit.error().attempt);
            return Unexpected{std::move(fit.error())};
        }
    }
    if (import.dry_run) {
        return report;
    }
    adopt_feed_settings(*change, settings);
    if (import.along) {
        import.along(change->transaction(), counts);
    }
    if (counts.added + counts.changed + counts.removed == 0 && !is_placed_anew &&
        !change->has_changes()) {
        const auto done = change->finish_unchanged();
        return done ? Result<MapReport>{std::move(report)} : Unexpected{done.error()};
    }
    change->tell(
        "", "",
        fmt::format("map {}: {} ranges added, {} changed, {} removed, {} unchanged", import.name,
                    counts.added, counts.changed, counts.removed, counts.unchanged),
        import.reason);
    if (import.progress) {
        import.progress("indexing", 0, 0);
    }
    const auto id = change->finish(maps.coverage());
    if (!id) {
        return Unexpected{id.error()};
    }
    counts.change = *id;
    return report;
}

}  // namespace ostrakon::policy
