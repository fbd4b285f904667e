#include "ostrakon/policy/inspect.hpp"

#include "ostrakon/policy/catalogue.hpp"
#include "ostrakon/policy/entries.hpp"
#include "ostrakon/policy/listings.hpp"
#include "ostrakon/policy/values.hpp"
#include "ostrakon/store/event.hpp"
#include "ostrakon/store/meta.hpp"
#include "ostrakon/zone/listing_class.hpp"
#include "ostrakon/zone/zone.hpp"

#include <algorithm>
#include <set>

namespace ostrakon::policy {
namespace {

using store::Table;

Result<Done> sound(const store::Transaction& transaction) {
    if (transaction.is_broken()) {
        return Unexpected{transaction.failure()};
    }
    return Done{};
}

std::optional<dns::Name> domain_of(const MailSubject& mail) {
    auto name = dns::parse_name(mail.domain());
    return name ? std::optional{std::move(*name)} : std::nullopt;
}

// A mail address is no part of its domain, but whoever looks through a domain expects it.
bool is_under(const Subject& subject, const Subject& outer) {
    const auto* mail = std::get_if<MailSubject>(&subject);
    if (mail == nullptr || !std::holds_alternative<NameSubject>(outer)) {
        return lies_in(subject, outer);
    }
    auto domain = domain_of(*mail);
    return domain && lies_in(Subject{NameSubject{std::move(*domain), NameScope::Exact}}, outer);
}

bool passes(const ListFilter& filter, const ListedRow& row, const Subject& subject) {
    const store::Listing& listing = row.listing;
    if (!filter.listing_class.empty() && listing.listing_class != filter.listing_class) {
        return false;
    }
    if (!filter.with_history && !listing.is_in_force(filter.at)) {
        return false;
    }
    if (filter.ends_before && (!listing.until || *listing.until > *filter.ends_before)) {
        return false;
    }
    return !filter.under || is_under(subject, *filter.under);
}

// Rows in the order of their subjects: IPv4, IPv6, names by their labels from the right, AS,
// countries, patterns, mail addresses by their domains' labels.
struct SortedRow {
    Subject subject;
    std::string name_key;
    ListedRow row;
};

bool before(const SortedRow& a, const SortedRow& b) {
    if (a.subject.index() != b.subject.index()) {
        return a.subject.index() < b.subject.index();
    }
    if (a.name_key != b.name_key) {
        return a.name_key < b.name_key;
    }
    return a.subject != b.subject ? a.subject < b.subject : a.row.listing.id < b.row.listing.id;
}

std::string name_key_of(const Subject& subject) {
    if (const auto* name = std::get_if<NameSubject>(&subject)) {
        return dns::reversed_key(name->name);
    }
    const auto* mail = std::get_if<MailSubject>(&subject);
    const auto domain = mail == nullptr || mail->address.empty() ? std::nullopt : domain_of(*mail);
    // The zero byte puts addresses of a domain in front of those of domains below it.
    return domain ? dns::reversed_key(*domain) + '\0' + mail->address : std::string{};
}

void add_row(std::vector<SortedRow>& rows, const ListFilter& filter, ListedRow&& row,
             const Subject& subject) {
    if (!passes(filter, row, subject)) {
        return;
    }
    rows.push_back({subject, name_key_of(subject), std::move(row)});
}

void collect_own(const store::Transaction& transaction, const ListFilter& filter,
                 std::vector<SortedRow>& rows) {
    store::Cursor cursor{transaction, Table::Listings};
    for (bool more = cursor.first(); more; more = cursor.next()) {
        auto listing = store::decode_listing(
            store::load_big_endian<store::ListingId>(cursor.key().data()), cursor.value());
        const auto subject =
            listing ? parse_subject(listing->subject) : Result<Subject>{Unexpected{Error{}}};
        if (subject) {
            add_row(rows, filter, {std::move(*listing), std::string{zone::kOwnSource}}, *subject);
        }
    }
}

void collect_feed(const store::Transaction& transaction, const Catalogue& catalogue,
                  const Layer& layer, const ListFilter& filter, std::vector<SortedRow>& rows) {
    const Feed* feed = catalogue.feed(layer.feed);
    const EntryList entries = load_entries(transaction, layer.id);
    const auto add = [&](const Subject& subject, std::uint32_t id) {
        const auto value = read_value(transaction, id);
        if (!value) {
            return;
        }
        ListedRow row;
        row.source = layer.label.empty() ? layer.feed : layer.feed + "/" + layer.label;
        row.listing.subject = (value->is_exception ? "!" : "") + to_string(subject);
        row.listing.listing_class = value->listing_class != kFeedsClass
                                        ? std::string{catalogue.class_name(value->listing_class)}
                                        : (feed == nullptr ? std::string{} : feed->listing_class);
        if (value->code.bits != 0) {
            row.listing.code = value->code;
        }
        row.listing.reason = shown_text(value->text);
        if (value->until_seconds != 0) {
            row.listing.until = UnixTime{value->until_seconds};
        }
        add_row(rows, filter, std::move(row), subject);
    };
    for (const Ipv4Entry& entry : entries.ipv4) {
        add(Subject{entry.range}, entry.value);
    }
    for (const Ipv6Entry& entry : entries.ipv6) {
        add(Subject{entry.range}, entry.value);
    }
    for (const NameEntry& entry : entries.names) {
        const auto origin = origin_of_entry_key(entry.key);
        add(origin ? Subject{*origin}
            : is_mail_entry_key(entry.key)
                ? Subject{mail_from_entry_key(entry.key)}
                : Subject{NameSubject{dns::name_from_key(entry.key), entry.scope}},
            entry.value);
    }
}

}  // namespace

Result<Done> list(store::Environment& environment, const ListFilter& filter,
                  const std::function<bool(const ListedRow&)>& row) {
    auto snapshot = store::Snapshot::begin(environment);
    if (!snapshot) {
        return Unexpected{snapshot.error()};
    }
    std::vector<SortedRow> rows;
    if (filter.source == zone::kOwnSource) {
        collect_own(*snapshot, filter, rows);
    } else {
        const Catalogue catalogue = Catalogue::load(*snapshot);
        const std::string_view wanted = filter.source;
        const auto slash = wanted.find('/');
        const std::string_view feed = wanted.substr(0, slash);
        const auto is_wanted = [&](const Layer& layer) {
            return wanted == "*" || (layer.feed == feed &&
                                     (slash == std::string_view::npos ||
                                      zone::is_data_set_of(layer.label, wanted.substr(slash + 1))));
        };
        if (wanted != "*" && catalogue.feed(feed) == nullptr) {
            return Unexpected{Error{ErrorCode::Usage, "source \"" + filter.source + "\"",
                                    "there is no feed of that name",
                                    "`ostrakon stats` shows the feeds"}};
        }
        for (const Layer& layer : catalogue.layers()) {
            if (layer.id != kOwnLayer && is_wanted(layer)) {
                collect_feed(*snapshot, catalogue, layer, filter, rows);
            }
        }
    }
    if (auto whole = sound(*snapshot); !whole) {
        return whole;
    }
    std::sort(rows.begin(), rows.end(), before);
    std::uint64_t shown = 0;
    for (const SortedRow& sorted : rows) {
        if ((filter.rows_max != 0 && shown == filter.rows_max) || !row(sorted.row)) {
            break;
        }
        ++shown;
    }
    return Done{};
}

Result<std::vector<store::Listing>> listings_of(store::Environment& environment,
                                                const Subject& subject) {
    auto snapshot = store::Snapshot::begin(environment);
    if (!snapshot) {
        return Unexpected{snapshot.error()};
    }
    auto listings = read_listings_of(*snapshot, to_string(subject));
    if (auto whole = sound(*snapshot); !whole) {
        return Unexpected{whole.error()};
    }
    return listings;
}

Result<std::vector<Event>> history(store::Environment& environment,
                                   const std::optional<Subject>& subject,
                                   std::optional<UnixTime> since) {
    auto snapshot = store::Snapshot::begin(environment);
    if (!snapshot) {
        return Unexpected{snapshot.error()};
    }
    const std::string spelled = subject ? to_string(*subject) : std::string{};
    std::set<std::string, std::less<>> spellings{spelled};  // a mail address, or its hash
    std::set<store::ChangeId>
        changes;  // that touched a listing of the subject: bulk imports have one event for all
    if (subject) {
        for (const store::Listing& listing : read_listings_of(*snapshot, spelled)) {
            spellings.insert(listing.subject);
            changes.insert(listing.change);
            changes.insert(listing.touched.begin(), listing.touched.end());
        }
    }
    std::vector<Event> events;
    std::set<store::ChangeId> told;  // change sets that have an event of the subject's own
    store::for_each_event(*snapshot, [&](const store::Event& event) {
        const bool concerns = !subject || spellings.contains(event.subject) ||
                              (event.subject.empty() && changes.contains(event.change));
        if (concerns && (!since || event.at >= *since)) {
            events.push_back({event.sequence, event.at, event.by, event.change, event.command,
                              event.subject, event.listing_class, event.what, event.reason});
            if (!event.subject.empty()) {
                told.insert(event.change);
            }
        }
        return true;
    });
    if (subject) {
        std::erase_if(events, [&told](const Event& event) {
            return event.subject.empty() && told.contains(event.change);
        });
    }
    if (auto whole = sound(*snapshot); !whole) {
        return Unexpected{whole.error()};
    }
    return events;
}

Result<Figures> figures(store::Environment& environment) {
    auto snapshot = store::Snapshot::begin(environment);
    if (!snapshot) {
        return Unexpected{snapshot.error()};
    }
    Figures figures;
    figures.oldest_reader = environment.oldest_reader();
    store::Cursor cursor{*snapshot, Table::Listings};
    for (bool more = cursor.first(); more; more = cursor.next()) {
        const auto listing = store::view_listing(cursor.value());
        if (!listing || listing->state != store::ListingState::Active) {
            ++figures.history;
        } else {
            ++(listing->listing_class == zone::kAllowClass ? figures.own_allows
                                                           : figures.own_listings);
        }
    }
    const Catalogue catalogue = Catalogue::load(*snapshot);
    for (const auto& [name, feed] : catalogue.feeds()) {
        figures.feeds.push_back({name,
                                 feed.entries,
                                 feed.last_success,
                                 feed.is_local,
                                 feed.is_configured,
                                 feed.is_stale(now()),
                                 {}});
        for (const Layer& layer : catalogue.layers()) {
            if (layer.feed == name && !layer.label.empty() && has_entries(*snapshot, layer.id)) {
                figures.feeds.back().data_sets.push_back(layer.label);
            }
        }
    }
    for (const auto& [name, map] : catalogue.maps()) {
        figures.maps.push_back({name, map.format, map.dated(), map.ranges[0], map.ranges[1],
                                map.place(net::OriginKind::As) != 0,
                                map.place(net::OriginKind::Country) != 0});
    }
    figures.index_ipv4_blocks = snapshot->count(Table::IndexIpv4);
    figures.index_ipv6_blocks = snapshot->count(Table::IndexIpv6);
    figures.index_names = snapshot->count(Table::IndexName);
    figures.verdict_sets = snapshot->count(Table::Sets);
    figures.serial =
        static_cast<std::uint32_t>(store::meta_number(*snapshot, store::meta_key::kSerial));
    figures.schema = store::meta_number(*snapshot, store::meta_key::kSchema);
    figures.size_bytes = environment.size_bytes();
    figures.used_bytes = environment.used_bytes();
    figures.readers = environment.reader_count();
    if (auto whole = sound(*snapshot); !whole) {
        return Unexpected{whole.error()};
    }
    return figures;
}

}  // namespace ostrakon::policy
