// How often things happened, over time: what grew in each minute of a day and in each hour of a
// month. Times of which nothing is known are gaps, and stay apart from those when nothing happened.
//
// Plain data of one thread. Where it lies from one run to the next is history_file.hpp's.
#pragma once

#include "ostrakon/base/time.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ostrakon::hits {

/// Counts by name: "KIND/NAME", or a word of its own.
using NamedCounts = std::map<std::string, std::uint64_t>;

/// What grew in a stretch of time that ended at `end`.
struct Growth {
    UnixTime end;
    std::int64_t milliseconds = 0;  ///< Its length, of which all of it was observed.
    NamedCounts counts;
};

/// What is asked of a history: `count` buckets of equal length, the last of which has `end` in it.
/// A bucket is whole minutes or whole hours, and begins at a multiple of its length.
struct Window {
    UnixTime end;
    std::int64_t bucket_seconds = 60;
    std::size_t count = 60;
};

struct Bucket {
    UnixTime begin;
    double seconds = 0;          ///< Of it were observed; 0: a gap.
    std::vector<double> counts;  ///< Of the names that were asked for.
};

class History {
public:
    static constexpr std::size_t kMinutes = std::size_t{24} * 60;
    static constexpr std::size_t kHours = std::size_t{31} * 24;
    /// Names of one kind, and all of them; counts of further ones are not kept.
    static constexpr std::size_t kNamesOfKindMax = 48;
    static constexpr std::size_t kNamesMax = 256;

    /// Takes what grew; the middle of the stretch says where it belongs.
    void add(const Growth& growth);

    /// Names of this kind ("zone"), in the order in which they were first seen.
    std::vector<std::string> names(std::string_view kind) const;
    /// `names` as names() has them, with their kind: "zone/bl.example.org".
    std::vector<Bucket> read(const Window& window, const std::vector<std::string>& names) const;
    /// When the oldest of what is known begins.
    std::optional<UnixTime> since() const;

    /// As bytes, and back; nothing where they are damaged.
    std::string encode() const;
    static std::optional<History> decode(std::string_view bytes);

private:
    struct Slot {
        std::int64_t number = -1;  // of the minute or hour since 1970
        std::int64_t milliseconds = 0;
        std::vector<std::uint64_t> counts;  // by the places of names_
    };
    struct Ring {
        std::int64_t seconds;
        std::vector<Slot> slots;
        Slot& slot(std::int64_t number);
        const Slot* find(std::int64_t number) const;
    };
    static Ring ring_of(std::int64_t seconds, std::size_t slots);

    std::optional<std::size_t> place_of(const std::string& name);
    std::optional<std::size_t> find(const std::string& name) const;

    std::vector<std::string> names_;
    std::array<Ring, 2> rings_{ring_of(60, kMinutes), ring_of(3600, kHours)};
};

}  // namespace ostrakon::hits
