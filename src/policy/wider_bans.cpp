#include "wider_bans.hpp"

#include "map_change.hpp"
#include "origin_guard.hpp"
#include "ostrakon/policy/listings.hpp"
#include "ostrakon/policy/patterns.hpp"

#include <fmt/format.h>

namespace ostrakon::policy {
namespace {

constexpr std::size_t kWiderNotesMax = 20;

void add_note(std::vector<std::string>& notes, std::string text) {
    if (notes.size() < kWiderNotesMax) {
        notes.push_back(std::move(text));
    }
}

// The AS and country of an address with a ban that stays.
template <class A>
void note_bans_of_origins(ChangeSet& change, net::Range<A> range, std::vector<std::string>& notes) {
    for (const net::OriginKind kind : net::kOriginKinds) {
        const auto found = origin_of(change.transaction(), change.catalogue(), kind, range.first);
        if (!found) {
            continue;
        }
        for_each_listing_of(change.transaction(), found->origin, [&](store::ListingId id) {
            const auto listing = read_listing(change.transaction(), id);
            if (listing && listing->is_in_force(change.author().at) && !listing->is_allow()) {
                add_note(notes, fmt::format("{} is still covered by the ban of {} ({})",
                                            to_string(Subject{range}), listing->subject,
                                            listing->listing_class));
            }
        });
    }
}

}  // namespace

void name_wider_bans(ChangeSet& change, const Subject& subject, std::vector<std::string>& notes) {
    const auto visit = [&](const auto& entry, const auto& range) {
        if (entry.range == range || !entry.range.contains(range)) {
            return;
        }
        const auto listing = read_listing(change.transaction(), entry.value);
        if (listing && listing->is_in_force(change.author().at) && !listing->is_allow()) {
            add_note(notes,
                     fmt::format("{} is still covered by the ban of {} ({})", to_string(subject),
                                 listing->subject, listing->listing_class));
        }
    };
    if (const auto* v4 = std::get_if<net::Ipv4Range>(&subject)) {
        for_each_covering(change.transaction(), kOwnLayer, v4->first,
                          [&](const Ipv4Entry& e) { visit(e, *v4); });
        note_bans_of_origins(change, *v4, notes);
    } else if (const auto* v6 = std::get_if<net::Ipv6Range>(&subject)) {
        for_each_covering(change.transaction(), kOwnLayer, v6->first,
                          [&](const Ipv6Entry& e) { visit(e, *v6); });
        note_bans_of_origins(change, *v6, notes);
    } else if (const auto* name = std::get_if<NameSubject>(&subject)) {
        const std::string key = dns::reversed_key(name->name);
        const std::string spelled = dns::to_string(name->name);
        for (std::size_t labels = 1; labels < dns::key_label_count(key); ++labels) {
            const auto bytes = change.transaction().get(
                store::Table::EntriesName,
                name_entry_key(kOwnLayer, key.substr(0, dns::key_prefix_size(key, labels))));
            for_each_name_entry(bytes.value_or(std::string_view{}), [&](NameScope scope,
                                                                        std::uint32_t value) {
                const auto listing = read_listing(change.transaction(), value);
                const bool covers = scope != NameScope::Exact &&
                                    (scope != NameScope::Pattern || !listing ||
                                     pattern::glob_matches(pattern_of(listing->subject), spelled));
                if (covers && listing && !listing->is_allow()) {
                    add_note(notes, fmt::format("{} is still covered by the ban of {} ({})",
                                                to_string(subject), listing->subject,
                                                listing->listing_class));
                }
            });
        }
    }
}

}  // namespace ostrakon::policy
