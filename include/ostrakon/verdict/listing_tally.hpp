// Counts what was listed by source and class.
//
// Most answers come from one of a few mixtures: one feed, or two feeds and a ban. Each mixture gets
// a number when it is first seen, which a remembered verdict keeps, so that an answer counts with
// one addition.
#pragma once

#include "ostrakon/metrics/counter.hpp"
#include "ostrakon/metrics/name_rows.hpp"

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace ostrakon::verdict {

/// The number of a mixture of sources and classes; 0: those for which there was no number left.
using ListingMix = std::uint16_t;

/// One worker's. That worker counts and gives numbers; any thread may read.
class ListingTally {
public:
    static constexpr std::size_t kSourcesMax = 1024;
    static constexpr std::size_t kClassesMax = 256;
    static constexpr std::size_t kMixesMax = 4096;
    /// Of one mixture; what is left out is the least specific of the last source.
    static constexpr std::size_t kPartsMax = 8;

    /// One source and class, by their numbers.
    struct Part {
        std::uint16_t source = 0;
        std::uint16_t listing_class = 0;
        friend bool operator==(const Part&, const Part&) = default;
    };

    ListingTally();

    /// Numbers of names; these allocate.
    std::uint16_t source(std::string_view name) { return row(sources_, name); }
    std::uint16_t listing_class(std::string_view name) { return row(classes_, name); }

    /// The number of this mixture; allocates nothing.
    ListingMix mix_of(std::span<const Part> parts) noexcept;
    void count(ListingMix mix) noexcept { counts_[mix].add(); }

    using Sums = std::map<std::pair<std::string, std::string>, std::uint64_t>;
    /// Adds what has been counted, by source and class.
    void add_to(Sums& sums) const;

private:
    struct Mix {
        std::array<Part, kPartsMax> parts;
        std::size_t count = 0;
    };
    static constexpr std::size_t kSlots = 2 * kMixesMax;

    static std::uint16_t row(metrics::NameRows& rows, std::string_view name) {
        return static_cast<std::uint16_t>(rows.number_of(name));
    }
    bool is_mix(ListingMix mix, std::span<const Part> parts) const noexcept;

    metrics::NameRows sources_{kSourcesMax};
    metrics::NameRows classes_{kClassesMax};
    std::vector<Mix> mixes_{kMixesMax};
    std::atomic<std::size_t> mix_count_{1};  // number 0 has one part: the rest of both
    std::vector<ListingMix> slots_ = std::vector<ListingMix>(kSlots);  // 0: empty
    std::vector<metrics::Counter> counts_{kMixesMax};
};

}  // namespace ostrakon::verdict
