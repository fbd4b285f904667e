// Finding what holds an address or a name, for texts and `why`.
#include "ostrakon/pattern/name_text.hpp"
#include "ostrakon/policy/answer_text.hpp"
#include "ostrakon/policy/entries.hpp"
#include "ostrakon/policy/listings.hpp"
#include "ostrakon/policy/origin_map.hpp"
#include "ostrakon/policy/patterns.hpp"
#include "ostrakon/policy/values.hpp"
#include "set_builder.hpp"

#include <algorithm>

namespace ostrakon::policy {
namespace {

// Calls visit(value) for each entry that a feed's layer has of an AS or a country.
template <class Visit>
void for_each_entry_of(const store::Transaction& transaction, LayerId layer,
                       const net::Origin& origin, Visit&& visit) noexcept {
    constexpr std::size_t kSpellingAt =
        sizeof layer + 1;  // behind a zero, as origin_entry_key has it
    const OriginKey spelling{origin};
    std::array<char, kSpellingAt + OriginKey::kSizeMax> key{};
    for (std::size_t i = 0; i < sizeof layer; ++i) {
        key[i] = static_cast<char>(layer >> (24 - 8 * i));
    }
    const std::string_view text = spelling.view();
    std::copy(text.begin(), text.end(), key.begin() + kSpellingAt);
    const auto bytes = transaction.get(store::Table::EntriesName,
                                       std::string_view{key.data(), kSpellingAt + text.size()});
    for_each_name_entry(bytes.value_or(std::string_view{}),
                        [&](NameScope /*scope*/, std::uint32_t value) { visit(value); });
}

// What a layer says of the AS and country that an address belongs to.
template <class A>
void find_origins(const store::Transaction& transaction, const Catalogue& catalogue, LayerId layer,
                  A address, MatchList& found) noexcept {
    for (const net::OriginKind kind : net::kOriginKinds) {
        const auto at = origin_of(transaction, catalogue, kind, address);
        if (!at) {
            continue;
        }
        const auto add = [&](std::uint32_t value) {
            Match match;
            match.breadth = breadth_of(at->origin);
            match.value = value;
            match.origin = at->origin;
            match.map = at->map;
            if (complete(transaction, catalogue, layer, match)) {
                found.add(match);
            }
        };
        if (layer == kOwnLayer) {
            for_each_listing_of(transaction, at->origin, add);
        } else {
            for_each_entry_of(transaction, layer, at->origin, add);
        }
    }
}

template <class A>
void find_address(const store::Transaction& transaction, const Catalogue& catalogue, LayerId layer,
                  A address, MatchList& found) noexcept {
    for_each_covering(transaction, layer, address, [&](const Entry<A>& entry) {
        Match match;
        match.breadth = breadth_of(entry.range);
        match.value = entry.value;
        match.range = entry.range;
        if (complete(transaction, catalogue, layer, match)) {
            found.add(match);
        }
    });
    find_origins(transaction, catalogue, layer, address, found);
}

// name_entry_key without allocation.
using EntryKeyBuffer = std::array<char, sizeof(LayerId) + dns::kNameSizeMax>;
std::string_view write_entry_key(LayerId layer, std::string_view key,
                                 EntryKeyBuffer& buffer) noexcept {
    for (std::size_t i = 0; i < sizeof layer; ++i) {
        buffer[i] = static_cast<char>(layer >> (24 - 8 * i));
    }
    std::copy(key.begin(), key.end(), buffer.begin() + sizeof layer);
    return {buffer.data(), sizeof layer + key.size()};
}

}  // namespace

bool complete(const store::Transaction& transaction, const Catalogue& catalogue, LayerId layer,
              Match& match) noexcept {
    if (layer == kOwnLayer) {
        const auto listing = view_own_listing(transaction, match.value);
        const auto item = listing ? own_item(catalogue, *listing) : std::nullopt;
        if (!item) {
            return false;
        }
        match.item = *item;
        return true;
    }
    const auto value = read_value(transaction, match.value);
    if (!value) {
        return false;
    }
    match.item = feed_item(layer, *value);
    return true;
}

void MatchList::add(const Match& match) noexcept {
    if (size_ == 0 || matches_[size_ - 1].item.layer != match.item.layer) {
        layer_begin_ = size_;
    }
    const std::size_t of_layer_max =
        match.item.layer == kOwnLayer ? 2 * kMatchesOfFeedMax : kMatchesOfFeedMax;
    if (size_ - layer_begin_ < of_layer_max) {
        if (size_ < kMatchesMax) {
            matches_[size_++] = match;
        }
        return;
    }
    const auto widest =
        std::max_element(matches_.begin() + static_cast<std::ptrdiff_t>(layer_begin_),
                         matches_.begin() + static_cast<std::ptrdiff_t>(size_),
                         [](const Match& a, const Match& b) { return a.breadth < b.breadth; });
    if (match.breadth < widest->breadth) {
        *widest = match;
    }
}

void MatchList::drop_patterns() noexcept {
    const auto begin = matches_.begin();
    const auto end =
        std::remove_if(begin, begin + static_cast<std::ptrdiff_t>(size_),
                       [](const Match& match) { return !match.pattern.empty(); });
    size_ = static_cast<std::size_t>(end - begin);
}

void MatchList::rank() noexcept {
    const auto begin = matches_.begin();
    std::sort(begin, begin + static_cast<std::ptrdiff_t>(size_),
              [](const Match& a, const Match& b) {
                  return a.item.layer != b.item.layer ? a.item.layer < b.item.layer
                                                      : a.breadth < b.breadth;
              });
    for (std::size_t i = 1; i < size_; ++i) {
        const bool same_layer = matches_[i - 1].item.layer == matches_[i].item.layer;
        const bool wider = matches_[i - 1].breadth != matches_[i].breadth;
        matches_[i].item.rank =
            same_layer ? static_cast<std::uint8_t>(matches_[i - 1].item.rank + (wider ? 1 : 0))
                       : std::uint8_t{0};
    }
}

void find_matches(const store::Transaction& transaction, const Catalogue& catalogue, LayerId layer,
                  net::Ipv4 address, MatchList& found) noexcept {
    find_address(transaction, catalogue, layer, address, found);
}

void find_matches(const store::Transaction& transaction, const Catalogue& catalogue, LayerId layer,
                  net::Ipv6 address, MatchList& found) noexcept {
    find_address(transaction, catalogue, layer, address, found);
}

void find_mail_matches(store::Cursor& entries, const store::Transaction& transaction,
                       const Catalogue& catalogue, LayerId layer, std::string_view key,
                       MatchList& found) noexcept {
    EntryKeyBuffer buffer{};
    const std::string_view prefix = write_entry_key(layer, key, buffer);
    // Behind the key itself, which entries of names have, come those of mail addresses: with a zero
    // byte and the address.
    for (bool more = entries.seek(prefix); more && entries.key().starts_with(prefix);
         more = entries.next()) {
        const std::string_view entry_key = entries.key().substr(sizeof layer);
        if (entry_key.size() == key.size()) {
            continue;
        }
        if (!is_mail_entry_key(entry_key)) {
            return;
        }
        for_each_name_entry(entries.value(), [&](NameScope scope, std::uint32_t value) {
            Match match;
            match.breadth = breadth_of_name(true, 1);
            match.value = value;
            match.scope = scope;
            match.labels = 1;
            match.is_mail = true;
            match.mail_address = mail_address_in(entry_key);
            if (complete(transaction, catalogue, layer, match)) {
                found.add(match);
            }
        });
    }
}

void find_matches(const store::Transaction& transaction, const Catalogue& catalogue, LayerId layer,
                  std::string_view key, MatchList& found) noexcept {
    EntryKeyBuffer buffer{};
    write_entry_key(layer, key, buffer);
    const std::size_t all = dns::key_label_count(key);
    std::optional<pattern::NameText> spelled;  // made where a glob is to be matched
    for (std::size_t labels = 1; labels <= all; ++labels) {
        const std::string_view entry_key{buffer.data(),
                                         sizeof layer + dns::key_prefix_size(key, labels)};
        const auto bytes = transaction.get(store::Table::EntriesName, entry_key);
        for_each_name_entry(
            bytes.value_or(std::string_view{}), [&](NameScope scope, std::uint32_t value) {
                const bool holds =
                    labels == all ? scope != NameScope::Below : scope != NameScope::Exact;
                Match match;
                if (scope == NameScope::Pattern) {
                    const auto listing = view_own_listing(transaction, value);
                    match.pattern = listing ? pattern_of(listing->subject) : std::string_view{};
                    if (!spelled) {
                        spelled.emplace(key);
                    }
                    if (!pattern::glob_matches(match.pattern, spelled->view())) {
                        return;
                    }
                }
                match.breadth = breadth_of_name(scope == NameScope::Exact, labels);
                match.value = value;
                match.scope = scope;
                match.labels = static_cast<std::uint8_t>(labels);
                if (holds && complete(transaction, catalogue, layer, match)) {
                    found.add(match);
                }
            });
    }
}

void find_pattern_matches(const store::Transaction& transaction, const Catalogue& catalogue,
                          std::string_view pattern, MatchList& found) noexcept {
    for_each_listing_of_pattern(transaction, pattern, [&](store::ListingId id) {
        const auto listing = view_own_listing(transaction, id);
        Match match;
        match.breadth = breadth_of_pattern(pattern);
        match.value = id;
        match.pattern = listing ? pattern_of(listing->subject) : std::string_view{};
        if (complete(transaction, catalogue, kOwnLayer, match)) {
            found.add(match);
        }
    });
}

Match dynamic_match(const Catalogue& catalogue, std::string_view key,
                    std::string_view reason) noexcept {
    Match match;
    match.item.layer = kDynamicNamesLayer;
    match.item.listing_class = catalogue.class_id("dynamic").value_or(kFeedsClass);
    match.labels = static_cast<std::uint8_t>(dns::key_label_count(key));
    match.reason = reason;
    return match;
}

}  // namespace ostrakon::policy
