#include "record_check.hpp"

#include "ostrakon/dns/name.hpp"
#include "ostrakon/policy/catalogue.hpp"
#include "ostrakon/policy/complaints.hpp"
#include "ostrakon/policy/entries.hpp"
#include "ostrakon/policy/expiry.hpp"
#include "ostrakon/policy/listings.hpp"
#include "ostrakon/policy/maps.hpp"
#include "ostrakon/policy/pull_state.hpp"
#include "ostrakon/policy/requests.hpp"
#include "ostrakon/store/codec.hpp"
#include "ostrakon/store/listing.hpp"
#include "ostrakon/zone/listing_class.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace ostrakon::policy {
namespace {

using store::Table;

constexpr std::uint64_t kTimeMax = 253'402'300'799;          // the last second that can be spelled
constexpr std::uint64_t kCountMax = std::uint64_t{1} << 62;  // of events and changes
constexpr std::size_t kIdSize = sizeof(std::uint32_t);

bool is_time(std::uint64_t seconds) {
    return seconds <= kTimeMax;
}
bool is_time(const std::optional<UnixTime>& time) {
    return !time || is_time(static_cast<std::uint64_t>(time->seconds));
}

// A list of u32 numbers, at least one.
bool is_id_list(std::string_view value) {
    return !value.empty() && value.size() % kIdSize == 0;
}

bool accepts_class(std::string_view key, std::string_view value) {
    if (!zone::is_valid_identifier(key) || value.size() != sizeof(ClassId)) {
        return false;
    }
    const auto id = store::load_raw<ClassId>(value.data());
    return id >= kSiteClassFirst && id <= kClassIdMax;
}

bool accepts_expiry(std::string_view key) {
    constexpr std::size_t kKeySize = 13;
    if (key.size() != kKeySize) {
        return false;
    }
    const Ending ending = decode_expiry_key(key);
    return is_time(static_cast<std::uint64_t>(ending.seconds)) && ending.kind <= ExpiryKind::Value;
}

bool accepts_recheck(std::string_view key) {
    constexpr std::size_t kKeySize = sizeof(std::uint64_t) + kIdSize;
    return key.size() == kKeySize && is_time(store::load_big_endian<std::uint64_t>(key.data()));
}

// Names of files come of its numbers, and times are spelled: both are looked at.
bool accepts_pull_state(std::string_view key, std::string_view value) {
    const auto state = decode_pull_state(value);
    return state && zone::is_valid_identifier(key) && is_time(state->last_try) &&
           is_time(state->last_success) && is_time(state->next) && is_time(state->missing_since) &&
           std::all_of(state->versions.begin(), state->versions.end(),
                       [](const PulledVersion& version) { return is_time(version.at); }) &&
           (!state->held || is_time(state->held->version.at));
}

// The entries of one value in a /16: single addresses and ranges, each ascending.
bool is_ascending(const EntryGroup& group) {
    for (std::size_t i = 1; i < group.single_count(); ++i) {
        if (group.single(i) <= group.single(i - 1)) {
            return false;
        }
    }
    for (std::size_t i = 0; i < group.range_count(); ++i) {
        if (group.range_last(i) < group.range_first(i) ||
            (i > 0 && std::pair{group.range_first(i), group.range_last(i)} <=
                          std::pair{group.range_first(i - 1), group.range_last(i - 1)})) {
            return false;
        }
    }
    return group.single_count() + group.range_count() > 0;
}

bool accepts_groups(std::string_view value) {
    std::optional<std::uint32_t> before;
    for (EntryGroup group; EntryGroup::take(value, group);) {
        if (!is_ascending(group) || (before && group.value() <= *before)) {
            return false;
        }
        before = group.value();
    }
    return value.empty();
}

// Entries in their block, each with its ends in order, one after the other.
template <class A>
bool accepts_single_entries(std::string_view value, net::Range<A> block) {
    constexpr std::size_t kSize = Packing<A>::kEntrySize;
    if (value.size() % kSize != 0) {
        return false;
    }
    std::optional<Entry<A>> before;
    for (std::size_t at = 0; at < value.size(); at += kSize) {
        const Entry<A> entry = Packing<A>::load(value.data() + at);
        if (entry.range.last < entry.range.first || !block.contains(entry.range) ||
            (before && !(*before < entry))) {
            return false;
        }
        before = entry;
    }
    return true;
}

template <class A>
bool accepts_entries(std::string_view key, std::string_view value) {
    constexpr std::size_t kBlockAt = 5;
    if (key.size() != kBlockAt + Packing<A>::kAddressSize || value.empty()) {
        return false;
    }
    const int level = static_cast<unsigned char>(key[4]);
    A block;
    for (const char c : key.substr(kBlockAt)) {
        block.bits = static_cast<typename A::Bits>(block.bits << 8 | static_cast<unsigned char>(c));
    }
    const auto& levels = Packing<A>::kLevels;
    if (std::find(levels.begin(), levels.end(), level) == levels.end() ||
        net::prefix(block, level).first != block) {
        return false;
    }
    return level == Packing<A>::kGroupedLevel
               ? accepts_groups(value)
               : accepts_single_entries(value, net::prefix(block, level));
}

bool is_name_key(std::string_view key) {
    constexpr std::size_t kKeySizeMax = dns::kNameSizeMax - 1;  // without the root
    if (key.empty() || key.size() > kKeySizeMax) {
        return false;
    }
    for (std::size_t at = 0; at < key.size();) {
        const std::size_t size = static_cast<unsigned char>(key[at]);
        if (size == 0 || size > dns::kLabelSizeMax || size >= key.size() - at) {
            return false;
        }
        const std::string_view label = key.substr(at + 1, size);
        if (std::any_of(label.begin(), label.end(), [](char c) { return c >= 'A' && c <= 'Z'; })) {
            return false;
        }
        at += size + 1;
    }
    return true;
}

bool accepts_names(std::string_view key, std::string_view value) {
    constexpr std::size_t kEntrySize = 1 + kIdSize;
    if (key.size() < sizeof(LayerId) || value.empty() || value.size() % kEntrySize != 0) {
        return false;
    }
    const bool is_own = store::load_big_endian<LayerId>(key.data()) == kOwnLayer;
    const bool is_free = key.size() == sizeof(LayerId);
    const std::string_view of = key.substr(sizeof(LayerId));
    bool is_fine =
        is_free || is_name_key(of) || is_sound_mail_entry_key(of) || origin_of_entry_key(of);
    for_each_name_entry(value, [&](NameScope scope, std::uint32_t /*value*/) {
        is_fine =
            is_fine && (scope == NameScope::Pattern
                            ? is_own
                            : !is_free && (scope == NameScope::Tree || scope == NameScope::Exact ||
                                           scope == NameScope::Below));
    });
    return is_fine;
}

}  // namespace

bool RecordCheck::accepts(Table table, std::string_view key, std::string_view value) {
    switch (table) {
        case Table::Classes:
            return accepts_class(key, value);
        case Table::Layers:
            return accepts_layer(key, value);
        case Table::Feeds:
            return accepts_feed(key, value);
        case Table::Listings:
            return accepts_listing(key, value);
        case Table::Subjects:
            return key.size() <= kSubjectKeySizeMax && is_id_list(value);
        case Table::Expiry:
            return accepts_expiry(key) && value.empty();
        case Table::Rechecks:
            return accepts_recheck(key) && value.empty();
        case Table::Pulls:
            return accepts_pull_state(key, value);
        case Table::EntriesIpv4:
            return accepts_entries<net::Ipv4>(key, value);
        case Table::EntriesIpv6:
            return accepts_entries<net::Ipv6>(key, value);
        case Table::EntriesName:
            return accepts_names(key, value);
        case Table::Values:
            return accepts_value(key, value);
        case Table::ValueIds:
            return key.size() == sizeof(std::uint64_t) && is_id_list(value);
        case Table::Events:
            return accepts_event(key, value);
        case Table::Changes:
            return accepts_change(key, value);
        case Table::Maps:
            return accepts_map(key, value);
        case Table::MapBlocks:
            return is_map_block(key, value);
        case Table::Complaints:
            return accepts_complaint(key, value);
        case Table::Messages:
            return key.size() == kIdSize && value.size() <= kMessageSizeMax;
        case Table::Requests:
            return accepts_request(key, value);
        case Table::References:
            return key.size() <= kReferenceSizeMax && value.size() == kIdSize;
        default:
            return false;
    }
}

bool RecordCheck::accepts_complaint(std::string_view key, std::string_view value) {
    if (key.size() != kIdSize) {
        return false;
    }
    const auto id = store::load_big_endian<std::uint32_t>(key.data());
    complaint_max_ = std::max<std::uint64_t>(complaint_max_, id);
    const auto complaint = decode_complaint(id, value);
    return complaint && id != 0 && is_time(complaint->received) && is_time(complaint->arrived) &&
           is_time(complaint->judged) &&
           (complaint->subject.empty() || parse_subject(complaint->subject));
}

bool RecordCheck::accepts_request(std::string_view key, std::string_view value) {
    if (key.size() != kIdSize) {
        return false;
    }
    const auto id = store::load_big_endian<std::uint32_t>(key.data());
    request_max_ = std::max<std::uint64_t>(request_max_, id);
    const auto request = decode_request(id, value);
    return request && id != 0 && is_time(request->received) && is_time(request->decided) &&
           parse_subject(request->subject);
}

bool RecordCheck::accepts_layer(std::string_view key, std::string_view value) {
    if (key.size() != sizeof(LayerId)) {
        return false;
    }
    const auto id = store::load_big_endian<LayerId>(key.data());
    layer_max_ = std::max<std::uint64_t>(layer_max_, id);
    store::Decoder decoder{value};
    const std::string_view feed = decoder.text();
    decoder.text();
    return id != kOwnLayer && zone::is_valid_identifier(feed) && !decoder.is_damaged();
}

bool RecordCheck::accepts_feed(std::string_view key, std::string_view value) {
    const auto feed = decode_feed(key, value);
    if (!feed || !zone::is_valid_identifier(key) ||
        !zone::is_valid_identifier(feed->listing_class) || !is_time(feed->last_success) ||
        (feed->code && !zone::is_valid_code(*feed->code))) {
        return false;
    }
    ++figures_.feeds;
    figures_.feed_entries += feed->entries;
    return true;
}

bool RecordCheck::accepts_listing(std::string_view key, std::string_view value) {
    if (key.size() != sizeof(store::ListingId)) {
        return false;
    }
    const auto id = store::load_big_endian<store::ListingId>(key.data());
    listing_max_ = std::max<std::uint64_t>(listing_max_, id);
    const auto listing = store::decode_listing(id, value);
    if (!listing || id == 0 || !zone::is_valid_identifier(listing->listing_class) ||
        !is_time(listing->since) || !is_time(listing->until) || !is_time(listing->earliest_lift) ||
        !is_time(listing->ended) || (listing->diagnosed && !is_time(listing->diagnosed->checked)) ||
        (listing->code && !zone::is_valid_code(*listing->code))) {
        return false;
    }
    const auto subject = parse_subject(listing->subject);
    if (!subject || to_string(*subject) != listing->subject) {
        return false;
    }
    if (listing->state != store::ListingState::Active) {
        ++figures_.history;
    } else {
        ++(listing->is_allow() ? figures_.own_allows : figures_.own_listings);
    }
    return true;
}

bool RecordCheck::accepts_map(std::string_view key, std::string_view value) {
    const auto map = decode_map(key, value);
    if (!map || map->id == 0 || !zone::is_valid_identifier(key) || !is_time(map->date) ||
        !is_time(map->taken)) {
        return false;
    }
    map_max_ = std::max<std::uint64_t>(map_max_, map->id);
    return true;
}

bool RecordCheck::accepts_value(std::string_view key, std::string_view value) {
    if (key.size() != kIdSize) {
        return false;
    }
    value_max_ =
        std::max<std::uint64_t>(value_max_, store::load_big_endian<std::uint32_t>(key.data()));
    store::Decoder decoder{value};
    const std::uint64_t layer = decoder.number();
    const std::uint64_t listing_class = decoder.number();
    const std::uint64_t code = decoder.number();
    const std::uint64_t until = decoder.number();
    decoder.flag();
    decoder.text();
    return !decoder.is_damaged() && layer <= UINT32_MAX && listing_class <= kClassIdMax &&
           code <= UINT32_MAX && is_time(until) &&
           (code == 0 || zone::is_valid_code(net::Ipv4{static_cast<std::uint32_t>(code)}));
}

bool RecordCheck::accepts_event(std::string_view key, std::string_view value) {
    if (key.size() != sizeof(std::uint64_t)) {
        return false;
    }
    event_max_ = std::max(event_max_, store::load_big_endian<std::uint64_t>(key.data()));
    store::Decoder decoder{value};
    const std::uint64_t at = decoder.number();
    decoder.text();
    change_max_ = std::max(change_max_, decoder.number());
    for (int text = 0; text < 5; ++text) {
        decoder.text();
    }
    return !decoder.is_damaged() && is_time(at) && event_max_ < kCountMax &&
           change_max_ < kCountMax;
}

bool RecordCheck::accepts_change(std::string_view key, std::string_view value) {
    if (key.size() != sizeof(store::ChangeId)) {
        return false;
    }
    change_max_ = std::max(change_max_, store::load_big_endian<store::ChangeId>(key.data()));
    store::Decoder decoder{value};
    const std::uint64_t at = decoder.number();
    decoder.text();
    decoder.text();
    decoder.number();
    decoder.number();
    const std::uint64_t serial = decoder.number();
    decoder.flag();
    return !decoder.is_damaged() && is_time(at) && serial <= UINT32_MAX && change_max_ < kCountMax;
}

}  // namespace ostrakon::policy
