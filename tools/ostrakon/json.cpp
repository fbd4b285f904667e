#include "json.hpp"

#include "ostrakon/json/document.hpp"

namespace ostrakon::tool {

using namespace json;

namespace {

Json listing_json(const store::Listing& listing, const std::string& source) {
    const bool is_own = listing.id != 0;
    return {{"id", is_own ? Json(listing.id) : Json(nullptr)},
            {"subject", listing.subject},
            {"class", listing.listing_class},
            {"code", listing.code ? Json(net::to_string(*listing.code)) : Json(nullptr)},
            {"source", source},
            {"reason", listing.reason},
            {"since", listing.since.seconds != 0 ? Json(to_string(listing.since)) : Json(nullptr)},
            {"until", time_or_null(listing.until)},
            {"strikes", listing.strikes},
            {"by", text_or_null(listing.by)}};
}

const char* listing_state_name(store::ListingState state) {
    switch (state) {
        case store::ListingState::Active:
            return "active";
        case store::ListingState::Warning:
            return "warning";
        case store::ListingState::Lifted:
            return "lifted";
        case store::ListingState::Undone:
            return "undone";
        case store::ListingState::Corrected:
            return "corrected";
        case store::ListingState::Expired:
            break;
    }
    return "expired";
}

Json event_json(const policy::Event& event) {
    return {{"at", to_string(event.at)},
            {"by", event.by},
            {"change", event.change},
            {"command", event.command},
            {"subject", text_or_null(event.subject)},
            {"class", text_or_null(event.listing_class)},
            {"what", event.what},
            {"reason", event.reason}};
}

// `complete` adds what is more to be said of a listing.
template <class Complete>
std::string listings_text(const std::vector<policy::ListedRow>& rows, const Complete& complete) {
    std::string text = "[";
    for (const policy::ListedRow& row : rows) {
        Json json = listing_json(row.listing, row.source);
        complete(json, row.listing);
        text += (text.size() == 1 ? "\n" : ",\n") + dumped(json);
    }
    return text + (rows.empty() ? "]\n" : "\n]\n");
}

}  // namespace

std::string listings_json(const std::vector<policy::ListedRow>& rows) {
    return listings_text(rows, [](Json&, const store::Listing&) {});
}

std::string listings_json(const std::vector<policy::ListedRow>& rows, const hits::Counts* counts) {
    return listings_text(rows, [counts](Json& json, const store::Listing& listing) {
        const bool is_counted = counts != nullptr && listing.id != 0;
        const hits::Counter* const counter =
            is_counted ? counts->find(listing.id, listing.subject) : nullptr;
        json["hits"] = is_counted ? Json(counter == nullptr ? 0 : counter->hits) : Json(nullptr);
        json["last_hit"] = counter != nullptr ? Json(to_string(counter->last)) : Json(nullptr);
    });
}

std::string shown_json(const std::vector<store::Listing>& listings,
                       const std::vector<policy::Event>& events) {
    Json array = Json::array();
    for (const store::Listing& listing : listings) {
        Json shown = listing_json(listing, "own");
        shown["state"] = listing_state_name(listing.state);
        shown["evidence"] = listing.evidence;
        shown["earliest_lift"] = time_or_null(listing.earliest_lift);
        shown["change"] = listing.change;
        shown["history"] = Json::array();
        for (const policy::Event& event : events) {
            if (event.subject == listing.subject && event.listing_class == listing.listing_class) {
                shown["history"].push_back(event_json(event));
            }
        }
        array.push_back(std::move(shown));
    }
    return document(array);
}

std::string changes_json(const std::vector<policy::ChangeRow>& rows) {
    std::vector<Json> elements;
    elements.reserve(rows.size());
    for (const auto& [change, what] : rows) {
        elements.push_back({{"change", change.id},
                            {"at", to_string(change.at)},
                            {"by", change.by},
                            {"command", change.command},
                            {"addresses", change.addresses},
                            {"names", change.names},
                            {"undone", change.undone},
                            {"undoes", change.undoes != 0 ? Json(change.undoes) : Json(nullptr)},
                            {"what", what}});
    }
    return lines(elements);
}

std::string change_json(const policy::ChangeReport& report) {
    Json listings = Json::array();
    for (const store::Listing& listing : report.listings) {
        listings.push_back(listing_json(listing, "own"));
    }
    return document({{"change", report.change ? Json(*report.change) : Json(nullptr)},
                     {"changed", report.changed},
                     {"dry_run", report.dry_run},
                     {"addresses", report.coverage.addresses},
                     {"names", report.coverage.names},
                     {"listings", std::move(listings)},
                     {"notes", report.notes}});
}

namespace {

Json counts_json(const policy::ImportReport& report) {
    Json rejects = Json::array();
    for (const policy::ImportReject& reject : report.rejects) {
        rejects.push_back({{"line", reject.line}, {"text", reject.text}, {"why", reject.why}});
    }
    return {{"change", report.change ? Json(*report.change) : Json(nullptr)},
            {"read", report.read},
            {"added", report.added},
            {"changed", report.changed},
            {"removed", report.removed},
            {"unchanged", report.unchanged},
            {"rejected", report.rejected},
            {"rejects", std::move(rejects)},
            {"notes", report.notes}};
}

}  // namespace

std::string import_json(const policy::ImportReport& report) {
    return document(counts_json(report));
}

std::string map_json(const policy::MapReport& report, const std::string& name) {
    Json json = counts_json(report.counts);
    json["map"] = name;
    json["origins"] = Json::array();
    for (const policy::OriginStep& step : report.steps) {
        json["origins"].push_back({{"subject", step.subject},
                                   {"prefixes_before", step.prefixes_before},
                                   {"addresses_before", step.addresses_before},
                                   {"prefixes", step.prefixes},
                                   {"addresses", step.addresses}});
    }
    return document(json);
}

std::string history_json(const std::vector<policy::Event>& events) {
    std::vector<Json> elements;
    elements.reserve(events.size());
    for (const policy::Event& event : events) {
        elements.push_back(event_json(event));
    }
    return lines(elements);
}

std::string check_json(const policy::CheckReport& report, std::uint64_t repaired) {
    return document({{"ok", report.differences == 0},
                     {"differences", report.differences},
                     {"repaired", repaired},
                     {"samples", report.samples}});
}

namespace {

Json oldest_reader(const policy::Figures& figures) {
    return figures.oldest_reader ? Json{{"pid", figures.oldest_reader->pid},
                                        {"changes", figures.oldest_reader->changes}}
                                 : Json(nullptr);
}

}  // namespace

std::string figures_json(const policy::Figures& figures) {
    Json feeds = Json::array();
    for (const policy::FeedFigures& feed : figures.feeds) {
        feeds.push_back({{"name", feed.name},
                         {"entries", feed.entries},
                         {"last_success", time_or_null(feed.last_success)},
                         {"local", feed.is_local},
                         {"configured", feed.is_configured},
                         {"stale", feed.is_stale},
                         {"data_sets", feed.data_sets}});
    }
    Json maps = Json::array();
    for (const policy::MapFigures& map : figures.maps) {
        maps.push_back({{"name", map.name},
                        {"format", map.format},
                        {"date", to_string(map.date)},
                        {"as_ranges", map.as_ranges},
                        {"country_ranges", map.country_ranges},
                        {"asked_for_as", map.is_asked_for_as},
                        {"asked_for_country", map.is_asked_for_country}});
    }
    return document({{"own_listings", figures.own_listings},
                     {"own_allows", figures.own_allows},
                     {"history", figures.history},
                     {"feeds", std::move(feeds)},
                     {"maps", std::move(maps)},
                     {"index_ipv4_blocks", figures.index_ipv4_blocks},
                     {"index_ipv6_blocks", figures.index_ipv6_blocks},
                     {"index_names", figures.index_names},
                     {"verdict_sets", figures.verdict_sets},
                     {"serial", figures.serial},
                     {"schema", figures.schema},
                     {"size_bytes", figures.size_bytes},
                     {"used_bytes", figures.used_bytes},
                     {"readers", figures.readers},
                     {"oldest_reader", oldest_reader(figures)}});
}

std::string zones_json(const std::vector<ZoneRow>& rows) {
    std::vector<Json> elements;
    elements.reserve(rows.size());
    for (const ZoneRow& row : rows) {
        elements.push_back(
            {{"zone", row.zone}, {"serial", row.serial}, {"state", row.state}, {"file", row.file}});
    }
    return lines(elements);
}

std::string zone_check_json(std::size_t zones, const std::vector<std::string>& warnings) {
    return document({{"ok", true}, {"zones", zones}, {"warnings", warnings}});
}

namespace {

Json backup_figures(const policy::BackupFigures& figures) {
    return {{"own_listings", figures.own_listings}, {"own_allows", figures.own_allows},
            {"history", figures.history},           {"feeds", figures.feeds},
            {"feed_entries", figures.feed_entries}, {"serial", figures.serial}};
}

}  // namespace

std::string backup_json(const std::string& file, std::uint64_t size_bytes,
                        const policy::BackupFigures& figures) {
    return document(
        {{"file", file}, {"size_bytes", size_bytes}, {"backup", backup_figures(figures)}});
}

std::string restore_json(const std::optional<policy::RestoreReport>& report,
                         const policy::BackupFigures& figures, const std::string& before) {
    return document({{"change", report ? Json(report->change) : Json(nullptr)},
                     {"changed", report.has_value()},
                     {"dry_run", !report.has_value()},
                     {"serial", report ? Json(report->serial) : Json(nullptr)},
                     {"before", text_or_null(before)},
                     {"backup", backup_figures(figures)}});
}

std::string init_json(const InitReport& report) {
    return document({{"made", report.made},
                     {"kept", report.kept},
                     {"config", report.config_file},
                     {"database", report.database}});
}

}  // namespace ostrakon::tool
