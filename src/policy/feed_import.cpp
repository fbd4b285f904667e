#include "feed_import.hpp"

#include "feed_settings.hpp"
#include "origin_guard.hpp"
#include "ostrakon/policy/values.hpp"
#include "ostrakon/store/meta.hpp"

#include <fmt/format.h>
#include <algorithm>

namespace ostrakon::policy {
namespace {

// Writes the values that are new. They get the numbers that the comparison gave them, moved up by
// as many as others have taken since.
void write_new_values(ChangeSet& change, const Import& import, const std::vector<LayerId>& layers,
                      FeedComparison& comparison) {
    ValueWriter writer{change.transaction()};
    std::uint32_t moved = 0;
    for (std::size_t i = 0; i < comparison.new_values.size(); ++i) {
        const auto& [statement, data_set] = comparison.new_values[i];
        const SaidValue said =
            said_value(import, import.list.statements[statement], comparison.defaults);
        const ClassId listing_class =
            said.listing_class.empty()
                ? kFeedsClass
                : change.catalogue().add_class(change.transaction(), said.listing_class);
        const std::uint32_t id = writer.add({layers[data_set], listing_class, said.code,
                                             said.until_seconds, said.is_exception, said.text});
        moved = id - comparison.first_new_value - static_cast<std::uint32_t>(i);
    }
    writer.finish();
    if (moved == 0) {
        return;
    }
    const auto move_up = [&](auto& entries) {
        for (auto& entry : entries) {
            entry.value += entry.value >= comparison.first_new_value ? moved : 0;
        }
    };
    for (DataSetChange& data_set : comparison.data_sets) {
        move_up(data_set.added.ipv4);
        move_up(data_set.added.ipv6);
        move_up(data_set.added.names);
    }
}

void note_missing_maps(const Catalogue& catalogue, const std::vector<net::Origin>& origins,
                       std::vector<std::string>& notes) {
    for (const net::OriginKind kind : net::kOriginKinds) {
        const bool is_any = std::any_of(origins.begin(), origins.end(),
                                        [&](const net::Origin& one) { return one.kind == kind; });
        if (is_any && catalogue.maps_in_use(kind).empty()) {
            notes.push_back(fmt::format(
                "there is no map of {}; such entries are kept, and hold from the import of one on",
                kind == net::OriginKind::As ? "AS numbers" : "countries"));
        }
    }
}

}  // namespace

Result<Done> write_feed(ChangeSet& change, const config::Settings& settings, const Import& import,
                        FeedComparison&& comparison, ImportReport& report) {
    change.remember_feed(import.source);
    Feed feed = adopt_imported_feed(change, settings, import);
    std::vector<LayerId> layers;
    for (const DataSetChange& data_set : comparison.data_sets) {
        layers.push_back(
            change.catalogue().add_layer(change.transaction(), feed.name, data_set.label));
    }
    write_new_values(change, import, layers, comparison);
    Coverage total;
    ValueWriter values{change.transaction()};
    for (std::size_t i = 0; i < layers.size(); ++i) {
        const DataSetChange& data_set = comparison.data_sets[i];
        change.change_entries(layers[i], data_set.removed, data_set.added);
        for (const std::uint32_t value : data_set.values_gone) {
            values.remove(value);
        }
        total += data_set.coverage;
        total += coverage_of_origins(change, data_set.removed, data_set.added);
        note_missing_maps(change.catalogue(), data_set.added.origins(), report.notes);
    }
    feed.entries = feed.entries + comparison.entries_after - comparison.entries_before;
    if (comparison.added + comparison.changed + comparison.removed > 0) {
        feed.entries_changed = change.transaction().id();
    }
    put_refreshed(change, feed);
    if (!feed.is_served()) {
        report.notes.push_back(fmt::format(
            "feed {} is no longer configured, so that none of its entries is served; configure it "
            "again, or import under another name",
            feed.name));
    }
    if (import.along) {
        import.along(change.transaction(), report);
    }
    if (!change.has_changes()) {
        return change.finish_unchanged();
    }
    change.tell("", feed.listing_class,
                fmt::format("feed {}: {} added, {} changed, {} removed, {} unchanged", feed.name,
                            report.added, report.changed, report.removed, report.unchanged),
                import.reason);
    if (import.progress) {
        import.progress("indexing", 0, 0);
    }
    const auto id = change.finish(total);
    if (!id) {
        return Unexpected{id.error()};
    }
    report.change = *id;
    return Done{};
}

}  // namespace ostrakon::policy
