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
    /// The subject as it was listed: addresses as a range, names as a scope and a label count of
    /// the name asked for.
    std::optional<net::AddressRange> range;
    NameScope scope = NameScope::Tree;
    std::uint8_t labels = 0;
};

/// Matches that are looked at for one text query; the most specific of each layer come first.
inline constexpr std::size_t kMatchesMax = 256;

/// A list of matches that does not grow beyond its bound.
class MatchList {
public:
    void clear() noexcept { size_ = 0; }
    void add(const Match& match) noexcept {
        if (size_ < kMatchesMax) {
            matches_[size_++] = match;
        }
    }
    /// Sorts by layer, then breadth, and numbers the ranks as a verdict set does.
    void rank() noexcept;
    std::span<const Match> matches() const noexcept { return {matches_.data(), size_}; }

private:
    std::array<Match, kMatchesMax> matches_;
    std::size_t size_ = 0;
};

/// Fills in what the listing or value of a match says; false if it is not to be served.
bool complete(const store::Transaction& transaction, const Catalogue& catalogue, LayerId layer,
              Match& match) noexcept;

/// Finds what holds an address or a name in one layer. `key` is dns::reversed_key.
void find_matches(const store::Transaction& transaction, const Catalogue& catalogue, LayerId layer,
                  net::Ipv4 address, MatchList& found) noexcept;
void find_matches(const store::Transaction& transaction, const Catalogue& catalogue, LayerId layer,
                  net::Ipv6 address, MatchList& found) noexcept;
void find_matches(const store::Transaction& transaction, const Catalogue& catalogue, LayerId layer,
                  std::string_view key, MatchList& found) noexcept;

/// What texts are made from besides the match.
struct TextContext {
    const zone::Zone& zone;
    const ZoneRules& rules;
    const Catalogue& catalogue;
    const store::Transaction& transaction;
    std::string_view web_url;
    std::string_view query;  ///< What {query} stands for.
    std::string_view key;    ///< The name asked for, as key; empty for addresses.
};

/// Writes the text of an answering match into `out` and returns its length in bytes; 0: no text.
std::size_t write_text(const TextContext& context, const Match& match,
                       std::span<char> out) noexcept;

/// A match's subject as people spell it, into `out`; returns its length.
std::size_t write_subject(const TextContext& context, const Match& match,
                          std::span<char> out) noexcept;

}  // namespace ostrakon::policy
