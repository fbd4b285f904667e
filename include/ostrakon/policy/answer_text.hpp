// The text of one answering listing: what stands for each placeholder of the zone's template.
// Allocates nothing.
#pragma once

#include "ostrakon/policy/catalogue.hpp"
#include "ostrakon/policy/rules.hpp"
#include "ostrakon/policy/subject.hpp"
#include "ostrakon/store/listing.hpp"
#include "ostrakon/store/transaction.hpp"
#include "ostrakon/zone/zone.hpp"

#include <array>
#include <optional>
#include <span>
#include <string_view>

namespace ostrakon::policy {

/// What holds a subject, read from the truth: an own listing or an entry of a feed with its value.
struct Match {
    SetItem item;
    Breadth breadth = 0;
    std::uint32_t value = 0;  ///< Listing id or value id.
    /// The subject as it was listed: addresses as a range, the AS or country that they belong to,
    /// names as a scope and a label count of the name asked for.
    std::optional<net::AddressRange> range;
    std::optional<net::Origin> origin;
    MapId map = 0;  ///< That says so of the origin.
    NameScope scope = NameScope::Tree;
    std::uint8_t labels = 0;
    bool is_mail = false;
    std::string_view mail_address;  ///< Of a feed's entry, where it is known; borrowed from it.
    std::string_view reason;  ///< Of a built-in source; borrowed from whoever found the match.
    std::string_view
        pattern;  ///< The own pattern that the name matches; borrowed from the listing.

    /// Whether it is out of the journal, which keeps neither subjects nor reasons.
    bool is_of_the_past() const noexcept { return value == 0 && item.layer < kBuiltInLayerFirst; }
};

/// Matches that are looked at for one text query.
inline constexpr std::size_t kMatchesMax = 1024;
/// Those of one feed's layer, the most specific ones; own decisions may be twice as many.
inline constexpr std::size_t kMatchesOfFeedMax = 64;

/// A list of matches that does not grow beyond its bound, and in which no layer pushes another out.
class MatchList {
public:
    void clear() noexcept { size_ = 0; }
    /// The matches of one layer are added one after the other.
    void add(const Match& match) noexcept;
    /// Takes out what an own pattern has matched.
    void drop_patterns() noexcept;
    /// Sorts by layer, then breadth, and numbers the ranks as a verdict set does.
    void rank() noexcept;
    std::span<const Match> matches() const noexcept { return {matches_.data(), size_}; }

private:
    std::array<Match, kMatchesMax> matches_;
    std::size_t size_ = 0;
    std::size_t layer_begin_ = 0;  // of the layer that is being added
};

/// The match of a name by a built-in source of class dynamic; `key` is dns::reversed_key.
Match dynamic_match(const Catalogue& catalogue, std::string_view key,
                    std::string_view reason) noexcept;

/// Fills in what the listing or value of a match says; false if it is not to be served.
bool complete(const store::Transaction& transaction, const Catalogue& catalogue, LayerId layer,
              Match& match) noexcept;

/// Finds what holds an address or a name in one layer. `key` is dns::reversed_key. Free patterns
/// are not looked for: see find_pattern_matches.
void find_matches(const store::Transaction& transaction, const Catalogue& catalogue, LayerId layer,
                  net::Ipv4 address, MatchList& found) noexcept;
void find_matches(const store::Transaction& transaction, const Catalogue& catalogue, LayerId layer,
                  net::Ipv6 address, MatchList& found) noexcept;
void find_matches(const store::Transaction& transaction, const Catalogue& catalogue, LayerId layer,
                  std::string_view key, MatchList& found) noexcept;
/// Finds the own listings of a free pattern that matches. After the own layer's others.
void find_pattern_matches(const store::Transaction& transaction, const Catalogue& catalogue,
                          std::string_view pattern, MatchList& found) noexcept;
/// The same for a mail address, whose key is mail_key. `entries` is a cursor of the transaction in
/// the table EntriesName.
void find_mail_matches(store::Cursor& entries, const store::Transaction& transaction,
                       const Catalogue& catalogue, LayerId layer, std::string_view key,
                       MatchList& found) noexcept;

/// What texts are made from besides the match.
struct TextContext {
    const zone::Zone& zone;
    const ZoneRules& rules;
    const Catalogue& catalogue;
    const store::Transaction& transaction;
    std::string_view web_url;
    std::string_view query;               ///< What {query} stands for; empty: no {url} either.
    std::string_view key;                 ///< The name asked for, as key; empty for addresses.
    std::optional<net::Address> address;  ///< The address asked for.
};

/// Writes the text of an answering match into `out` and returns its length in bytes; 0: no text.
std::size_t write_text(const TextContext& context, const Match& match,
                       std::span<char> out) noexcept;

/// Writes a text of a feed, with each kSubjectMark replaced by the address asked for or the name
/// listed, into `out`; returns its length.
std::size_t write_filled(const TextContext& context, const Match& match, std::string_view text,
                         std::span<char> out) noexcept;

/// A match's subject as people spell it, into `out`; returns its length. What everybody may read:
/// no mail address.
std::size_t write_subject(const TextContext& context, const Match& match,
                          std::span<char> out) noexcept;

}  // namespace ostrakon::policy
