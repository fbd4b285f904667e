#include "ostrakon/policy/recheck.hpp"

#include "carry_recheck.hpp"
#include "ostrakon/policy/listings.hpp"
#include "ostrakon/policy/subject.hpp"
#include "ostrakon/store/codec.hpp"

#include <optional>

namespace ostrakon::policy {
namespace {

using store::Listing;
using store::Table;

struct RecheckKey {
    std::int64_t checked_s = 0;
    store::ListingId id = 0;
};

RecheckKey decode_recheck_key(std::string_view key) noexcept {
    constexpr std::size_t kTimeSize = sizeof(std::uint64_t);
    return {static_cast<std::int64_t>(store::load_big_endian<std::uint64_t>(key.data())),
            store::load_big_endian<store::ListingId>(key.data() + kTimeSize)};
}

// The one address that the listing is about, or nothing.
std::optional<net::Address> address_of(const Listing& listing) {
    const auto subject = parse_subject(listing.subject);
    if (!subject) {
        return std::nullopt;
    }
    if (const auto* ipv4 = std::get_if<net::Ipv4Range>(&*subject)) {
        return ipv4->first == ipv4->last ? std::optional<net::Address>{ipv4->first} : std::nullopt;
    }
    const auto* ipv6 = std::get_if<net::Ipv6Range>(&*subject);
    return ipv6 != nullptr && ipv6->first == ipv6->last ? std::optional<net::Address>{ipv6->first}
                                                        : std::nullopt;
}

// The listing, if it is still what was looked into: no decision and no other recheck has come
// between.
std::optional<Listing> unchanged_since(const ChangeSet& change, const Listing& then) {
    auto now = read_listing(change.transaction(), then.id);
    const bool is_same = now && now->is_in_force(change.author().at) && now->diagnosed &&
                         then.diagnosed && now->decided == then.decided &&
                         now->diagnosed->checked == then.diagnosed->checked;
    return is_same ? now : std::nullopt;
}

}  // namespace

std::string recheck_key(const Listing& listing) {
    std::string key;
    store::append_big_endian(key, static_cast<std::uint64_t>(listing.diagnosed->checked.seconds));
    store::append_big_endian(key, listing.id);
    return key;
}

Result<std::vector<DueRecheck>> due_rechecks(store::Environment& environment, Duration age,
                                             UnixTime at, std::size_t count_max) {
    auto snapshot = store::Snapshot::begin(environment);
    if (!snapshot) {
        return Unexpected{std::move(snapshot.error())};
    }
    std::vector<DueRecheck> due;
    store::Cursor cursor{*snapshot, Table::Rechecks};
    for (bool more = cursor.first(); more && due.size() < count_max; more = cursor.next()) {
        const RecheckKey key = decode_recheck_key(cursor.key());
        if (key.checked_s > at.seconds - age.seconds) {
            break;
        }
        auto listing = read_listing(*snapshot, key.id);
        const auto address = listing ? address_of(*listing) : std::nullopt;
        if (address && listing->is_in_force(at) && listing->diagnosed) {
            due.push_back({*address, std::move(*listing)});
        }
    }
    if (snapshot->is_broken()) {
        return Unexpected{snapshot->failure()};
    }
    return due;
}

std::vector<Listing> carry_out_rechecks(ChangeSet& change,
                                        const std::vector<Rechecked>& rechecked) {
    std::vector<Listing> corrected;
    for (const auto& [then, passes] : rechecked) {
        const auto before = unchanged_since(change, then);
        const auto subject =
            before ? parse_subject(before->subject) : Result<Subject>{Unexpected{Error{}}};
        if (!subject) {
            continue;
        }
        Listing after = *before;
        if (!passes) {
            after.diagnosed->checked = change.author().at;
            change.note_recheck(*before, after);
            continue;
        }
        after.state = store::ListingState::Corrected;
        after.ended = change.author().at;
        after.ended_by = change.author().by;
        after.ended_reason = kCorrectedReason;
        change.change_listing(*before, after, *subject);
        change.tell(after.subject, after.listing_class, std::string{kCorrectedReason}, "");
        corrected.push_back(std::move(after));
    }
    return corrected;
}

}  // namespace ostrakon::policy
