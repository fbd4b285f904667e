#include "past.hpp"

#include "inverse.hpp"
#include "ostrakon/policy/listings.hpp"
#include "ostrakon/policy/origin_map.hpp"
#include "ostrakon/policy/patterns.hpp"
#include "ostrakon/store/codec.hpp"
#include "ostrakon/store/ipv4_bucket.hpp"
#include "ostrakon/store/ipv6_block.hpp"
#include "ostrakon/store/journal.hpp"
#include "ostrakon/store/meta.hpp"
#include "ostrakon/store/name_node.hpp"
#include "set_builder.hpp"

#include <map>

namespace ostrakon::policy {
namespace {

using store::ListingState;
using store::Table;

bool was_in_force(const store::Listing& listing, UnixTime at) {
    if (listing.was_warning || listing.since > at || (listing.until && at >= *listing.until)) {
        return false;
    }
    const bool was_ended = listing.state == ListingState::Lifted ||
                           listing.state == ListingState::Undone ||
                           listing.state == ListingState::Corrected;
    return !was_ended || (listing.ended && at < *listing.ended);
}

// The records of listings as they were before a change set, of those that it or a later one has
// changed.
struct EarlierListings {
    std::map<store::ListingId, std::string> records;
    bool is_whole = false;  // none is missing
};

EarlierListings listings_before(const store::Transaction& transaction,
                                const store::Change& change) {
    EarlierListings earlier;
    const store::ChangeId last = store::meta_number(transaction, store::meta_key::kNextChange) - 1;
    earlier.is_whole = for_each_listing_image(
        transaction, change.id, last, [&](store::ChangeId, const ListingImage& image) {
            earlier.records.try_emplace(image.id, image.before);
        });
    return earlier;
}

// The subject of a listing as a match of the one asked about, if it holds it.
std::optional<Match> match_of(const Subject& listed, const Subject& asked) {
    Match match;
    if (const auto* v4 = std::get_if<net::Ipv4Range>(&listed)) {
        const auto* address = std::get_if<net::Ipv4Range>(&asked);
        if (address == nullptr || !v4->contains(*address)) {
            return std::nullopt;
        }
        match.range = *v4;
        match.breadth = breadth_of(*v4);
        return match;
    }
    if (const auto* v6 = std::get_if<net::Ipv6Range>(&listed)) {
        const auto* address = std::get_if<net::Ipv6Range>(&asked);
        if (address == nullptr || !v6->contains(*address)) {
            return std::nullopt;
        }
        match.range = *v6;
        match.breadth = breadth_of(*v6);
        return match;
    }
    if (const auto* mail = std::get_if<MailSubject>(&listed)) {
        const auto* address = std::get_if<MailSubject>(&asked);
        if (address == nullptr || mail->hash != address->hash) {
            return std::nullopt;
        }
        match.is_mail = true;
        match.scope = NameScope::Exact;
        match.labels = 1;
        match.breadth = breadth_of_name(true, match.labels);
        return match;
    }
    const auto* name = std::get_if<NameSubject>(&asked);
    if (const auto* of_names = std::get_if<pattern::Pattern>(&listed)) {
        if (name == nullptr || !pattern::matches(of_names->text, dns::to_string(name->name))) {
            return std::nullopt;
        }
        match.breadth = breadth_of_pattern(of_names->text);
        return match;
    }
    const auto* holder = std::get_if<NameSubject>(&listed);
    if (holder == nullptr || name == nullptr || !name->name.is_at_or_below(holder->name)) {
        return std::nullopt;
    }
    const bool same = name->name == holder->name;
    if (holder->scope == (same ? NameScope::Below : NameScope::Exact)) {
        return std::nullopt;
    }
    match.scope = holder->scope;
    match.labels = static_cast<std::uint8_t>(holder->name.label_count());
    match.breadth = breadth_of_name(holder->scope == NameScope::Exact, match.labels);
    return match;
}

// The same for an AS or a country, by the maps of today: those of then are not kept.
std::optional<Match> match_of_origin(const store::Transaction& transaction,
                                     const Catalogue& catalogue, const Subject& listed,
                                     const Subject& asked) {
    const auto* origin = std::get_if<net::Origin>(&listed);
    if (origin == nullptr) {
        return std::nullopt;
    }
    std::optional<FoundOrigin> found;
    if (const auto* v4 = std::get_if<net::Ipv4Range>(&asked)) {
        found = origin_of(transaction, catalogue, origin->kind, v4->first);
    } else if (const auto* v6 = std::get_if<net::Ipv6Range>(&asked)) {
        found = origin_of(transaction, catalogue, origin->kind, v6->first);
    }
    if (!found || found->origin != *origin) {
        return std::nullopt;
    }
    Match match;
    match.origin = *origin;
    match.map = found->map;
    match.breadth = breadth_of(*origin);
    return match;
}

// One index table with the journal's images laid over it.
class PastTable {
public:
    PastTable(const store::Transaction& transaction, Table table)
        : transaction_(transaction), table_(table) {}

    // Images are laid newest first, so that the oldest stays on top.
    void lay(const store::BeforeImage& image) {
        overlay_.insert_or_assign(
            std::string{image.key},
            image.value ? std::optional{std::string{*image.value}} : std::nullopt);
    }

    std::optional<std::string> get(std::string_view key) const {
        if (const auto found = overlay_.find(std::string{key}); found != overlay_.end()) {
            return found->second;
        }
        const auto value = transaction_.get(table_, key);
        return value ? std::optional{std::string{*value}} : std::nullopt;
    }

    std::optional<std::string> at_or_before(const std::string& key) const {
        std::string best;
        std::optional<std::string> value;
        store::Cursor cursor{transaction_, table_};
        for (bool more = cursor.seek_at_or_before(key); more; more = cursor.previous()) {
            if (!overlay_.contains(std::string{cursor.key()})) {
                best = cursor.key();
                value = cursor.value();
                break;
            }
        }
        for (auto at = overlay_.upper_bound(key); at != overlay_.begin();) {
            --at;
            if (at->first < best) {
                break;
            }
            if (at->second) {
                return at->second;
            }
        }
        return value;
    }

private:
    const store::Transaction& transaction_;
    Table table_;
    std::map<std::string, std::optional<std::string>> overlay_;
};

Table table_of(const Subject& subject) {
    if (std::holds_alternative<net::Ipv4Range>(subject)) {
        return Table::IndexIpv4;
    }
    return std::holds_alternative<net::Ipv6Range>(subject) ? Table::IndexIpv6 : Table::IndexName;
}

// Lays the images of this serial and all later ones; false where the journal no longer has them
// all.
bool go_back(const store::Transaction& transaction, Table table, std::uint32_t serial,
             PastTable& past) {
    std::string from;
    store::append_big_endian(from, serial);
    store::Cursor cursor{transaction, Table::Journal};
    if (store::meta_number(transaction, store::meta_key::kJournalLost) >= serial) {
        return false;
    }
    for (bool more = cursor.last(); more && cursor.key() >= from; more = cursor.previous()) {
        const auto image = store::decode_before_image(cursor.value());
        if (!image) {
            return false;
        }
        if (image->table == table) {
            past.lay(*image);
        }
    }
    return true;
}

SetId name_set(const PastTable& past, const std::string& key) {
    const std::size_t labels = dns::key_label_count(key);
    for (std::size_t count = labels; count > 0; --count) {
        if (const auto bytes = past.get(key.substr(0, dns::key_prefix_size(key, count)))) {
            const store::NameNode node = store::decode_name_node(*bytes);
            return count == labels ? node.self : node.below;
        }
    }
    return 0;
}

}  // namespace

std::optional<store::Change> first_change_after(const store::Transaction& transaction,
                                                UnixTime at) {
    std::optional<store::Change> first;
    for (std::uint64_t id = store::meta_number(transaction, store::meta_key::kNextChange);
         id-- > 1;) {
        const auto change = store::get_change(transaction, id);
        if (change && change->at <= at) {
            break;
        }
        if (change) {
            first = change;
        }
    }
    return first;
}

bool find_own_matches_at(const store::Transaction& transaction, const Catalogue& catalogue,
                         const Subject& subject, UnixTime at, const store::Change& change,
                         MatchList& found) {
    const auto earlier = listings_before(transaction, change);
    store::Cursor cursor{transaction, Table::Listings};
    for (bool more = cursor.first(); more; more = cursor.next()) {
        const auto id = store::load_big_endian<store::ListingId>(cursor.key().data());
        const auto overwritten = earlier.records.find(id);
        const auto listing = store::decode_listing(
            id, overwritten == earlier.records.end() ? cursor.value() : overwritten->second);
        if (!listing || !was_in_force(*listing, at)) {
            continue;
        }
        const auto listed = parse_subject(listing->subject);
        auto match = listed ? match_of(*listed, subject) : std::nullopt;
        if (listed && !match) {
            match = match_of_origin(transaction, catalogue, *listed, subject);
        }
        if (!match) {
            continue;
        }
        match->value = listing->id;
        if (const auto present = view_own_listing(transaction, id)) {  // its subject stays
            match->pattern = pattern_of(present->subject);
        }
        match->item.layer = kOwnLayer;
        match->item.listing_class =
            catalogue.class_id(listing->listing_class).value_or(kFeedsClass);
        match->item.overrides_never = listing->overrides_never;
        match->item.code = listing->code.value_or(net::Ipv4{});
        match->item.end = listing->until ? listing->until->seconds : 0;
        found.add(*match);
    }
    return earlier.is_whole;
}

std::optional<std::string> set_before(const store::Transaction& transaction, const Subject& subject,
                                      const store::Change& change) {
    const Table table = table_of(subject);
    PastTable past{transaction, table};
    if (!go_back(transaction, table, change.serial, past)) {
        return std::nullopt;
    }
    SetId set = 0;
    if (const auto* v4 = std::get_if<net::Ipv4Range>(&subject)) {
        const std::uint32_t upper = v4->first.bits >> 16;
        if (const auto bytes = past.get(store::bucket_key(upper))) {
            const store::Ipv4Bucket bucket{bytes->data()};
            set = bucket.set(bucket.segment_of(static_cast<std::uint16_t>(v4->first.bits)));
        }
    } else if (const auto* v6 = std::get_if<net::Ipv6Range>(&subject)) {
        if (const auto bytes = past.at_or_before(store::ipv6_key(v6->first))) {
            const store::Ipv6Block block{bytes->data()};
            set = block.set(block.segment_of(v6->first));
        }
    } else {
        const auto* mail = std::get_if<MailSubject>(&subject);
        set = name_set(past, mail != nullptr
                                 ? mail_key(mail->hash)
                                 : dns::reversed_key(std::get<NameSubject>(subject).name));
    }
    return std::string{read_set(transaction, set)};
}

}  // namespace ostrakon::policy
