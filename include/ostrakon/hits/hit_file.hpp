// How often own listings were asked about, as it is kept from one run of the server to the next: a
// small file beside the database, which the server itself cannot write to.
//
// "OSTRHIT1", a hash of all that follows, when counting began, when this was written, how many
// counters; then the counters, ascending by listing: its number, a mark of its subject, hits, the
// last one's time. Numbers as the machine has them; a file of another kind of machine is refused
// like a damaged one.
#pragma once

#include "ostrakon/base/result.hpp"
#include "ostrakon/base/time.hpp"
#include "ostrakon/store/listing.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string_view>
#include <vector>

namespace ostrakon::hits {

/// Listings that have a counter at most.
inline constexpr std::size_t kCountersMax = std::size_t{1} << 20;

struct Counter {
    store::ListingId listing = 0;
    std::uint32_t mark = 0;  ///< mark_of the listing's subject: tells databases apart.
    std::uint64_t hits = 0;
    UnixTime last;
    friend bool operator==(const Counter&, const Counter&) = default;
};

struct Counts {
    UnixTime since;                 ///< When counting began.
    UnixTime saved;                 ///< When they were written.
    std::vector<Counter> counters;  ///< Ascending by listing, at most kCountersMax.

    /// The counter of this listing; null: it had no hit.
    const Counter* find(store::ListingId listing, std::string_view subject) const;
};

/// A number for the subject of a listing, which with the listing's own tells it from those of other
/// databases.
std::uint32_t mark_of(std::string_view subject) noexcept;

/// Reads the file; nothing: there is none. Refuses what is damaged, whatever it holds.
Result<std::optional<Counts>> read_counts(const std::filesystem::path& file);

/// Writes the file so that at every moment there is the old one or the new one, whole.
Result<Done> write_counts(const std::filesystem::path& file, const Counts& counts);

}  // namespace ostrakon::hits
