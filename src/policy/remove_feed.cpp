#include "ostrakon/policy/remove_feed.hpp"

#include "change_set.hpp"
#include "feed_settings.hpp"
#include "map_change.hpp"
#include "origin_guard.hpp"
#include "ostrakon/policy/guard.hpp"
#include "ostrakon/policy/maps.hpp"
#include "ostrakon/policy/pull_state.hpp"
#include "ostrakon/policy/values.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <vector>

namespace ostrakon::policy {
namespace {

template <class E>
void add_value_ids(const std::vector<E>& entries, std::vector<std::uint32_t>& values) {
    for (const E& entry : entries) {
        values.push_back(entry.value);
    }
}

std::vector<std::uint32_t> value_ids_of(const EntryList& list) {
    std::vector<std::uint32_t> values;
    values.reserve(list.size());
    add_value_ids(list.ipv4, values);
    add_value_ids(list.ipv6, values);
    add_value_ids(list.names, values);
    std::sort(values.begin(), values.end());
    values.erase(std::unique(values.begin(), values.end()), values.end());
    return values;
}

Coverage coverage_in(const ChangeSet& change, const EntryList& removed) {
    Coverage total{0, removed.name_count()};
    for (const Ipv4Entry& entry : removed.ipv4) {
        total += coverage(Subject{entry.range});
    }
    for (const Ipv6Entry& entry : removed.ipv6) {
        total += coverage(Subject{entry.range});
    }
    return total += coverage_of_origins(change, removed, {});
}

Coverage remove_entries(ChangeSet& change, const std::string& name, FeedRemoval& report) {
    const Feed* known = change.catalogue().feed(name);
    if (known == nullptr) {
        return {};
    }
    Feed feed = *known;
    change.remember_feed(name);
    Coverage total;
    ValueWriter values{change.transaction()};
    const std::vector<Layer> layers = change.catalogue().layers();
    for (const Layer& layer : layers) {
        if (layer.id == kOwnLayer || layer.feed != name) {
            continue;
        }
        const EntryList removed = load_entries(change.transaction(), layer.id);
        total += coverage_in(change, removed);
        change.change_entries(layer.id, removed, {});
        for (const std::uint32_t value : value_ids_of(removed)) {
            values.remove(value);
        }
    }
    report.entries = feed.entries;
    feed.entries = 0;
    feed.entries_changed = change.transaction().id();
    feed.last_success.reset();
    feed.is_configured = false;
    change.catalogue().put_feed(change.transaction(), feed);
    if (report.entries > 0) {
        change.tell("", feed.listing_class,
                    fmt::format("feed {}: removed with its {} entries", name, report.entries), "");
    }
    return total;
}

template <class A>
void empty_part(ChangeSet& change, MapPartId part) {
    write_map(change.transaction(), part, std::vector<MapRange<A>>{},
              [&](std::string_view key, std::optional<std::string_view> old) {
                  change.remember_map_block(key, old);
              });
}

Result<Coverage> remove_ranges(ChangeSet& change, const config::Settings& settings,
                               const std::string& name, bool confirmed, FeedRemoval& report) {
    const Map* known = change.catalogue().map(name);
    if (known == nullptr) {
        return Coverage{};
    }
    const Map map = *known;
    MapChange maps{change};
    change.remember_map(name);
    for (const net::OriginKind kind : net::kOriginKinds) {
        report.map_ranges += map.ranges[static_cast<std::size_t>(kind)];
        empty_part<net::Ipv4>(change, {map.id, kind});
        empty_part<net::Ipv6>(change, {map.id, kind});
    }
    change.catalogue().remove_map(change.transaction(), name);
    place_maps(change, settings);
    maps.finish();
    if (!confirmed) {
        if (auto fit = maps.check(settings); !fit) {
            fit.error().attempt = fmt::format("remove map {}: {}", name, fit.error().attempt);
            return Unexpected{std::move(fit.error())};
        }
    }
    change.tell("", "", fmt::format("map {}: removed", name), "");
    return maps.coverage();
}

// Who removes a feed and adds it again asks its publisher no sooner for that.
void forget_pulls(ChangeSet& change, const std::string& name) {
    const auto state = read_pull_state(change.transaction(), name);
    if (!state) {
        return;
    }
    remove_pull_state(change.transaction(), name);
    if (state->next && change.author().at < *state->next) {
        PullState left;
        left.url = state->url;
        left.last_try = state->last_try;
        left.next = state->next;
        left.next_version = state->next_version;
        write_pull_state(change.transaction(), name, left);
    }
}

}  // namespace

Result<FeedRemoval> remove_feed(store::Environment& environment, const config::Settings& settings,
                                const std::string& name, bool confirmed, const Author& author) {
    auto change = ChangeSet::begin(environment, author);
    if (!change) {
        return Unexpected{change.error()};
    }
    FeedRemoval report;
    Coverage total = remove_entries(*change, name, report);
    const auto of_map = remove_ranges(*change, settings, name, confirmed, report);
    if (!of_map) {
        return Unexpected{of_map.error()};
    }
    total += *of_map;
    forget_pulls(*change, name);
    adopt_feed_settings(*change, settings);
    if (!change->has_changes()) {
        const auto done = change->finish_unchanged();
        return done ? Result<FeedRemoval>{report} : Unexpected{done.error()};
    }
    const auto id = change->finish(total);
    if (!id) {
        return Unexpected{id.error()};
    }
    report.change = *id;
    return report;
}

}  // namespace ostrakon::policy
