// Who asks most and what is asked about most, of the last half minute to a minute in one worker.
//
// Few queries are looked at, and count for those between them: some hundred a second under load,
// each one where there are fewer.
#pragma once

#include "ostrakon/metrics/frequent.hpp"
#include "ostrakon/responder/pending_query.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>

namespace ostrakon::server {

/// How long queries are gathered before what was gathered earlier is forgotten.
inline constexpr std::int64_t kTopPeriodSeconds = 30;

/// Belongs to the worker's thread.
class TopTally {
public:
    static constexpr std::size_t kPlaces = 128;
    /// Characters of a name that are kept; of a longer one its end.
    static constexpr std::size_t kTextSizeMax = 100;

    static constexpr std::size_t kNone = SIZE_MAX;
    /// Begins a batch of so many queries; returns the number of the one to be looked at, or kNone.
    std::size_t begin(std::size_t queries, UnixTime at) noexcept;

    /// Takes that query. `zone_row` is the zone's number in the worker's QueryTally.
    void note(const responder::PendingQuery& query, const responder::Client& client,
              std::size_t zone_row, bool is_listed, UnixTime at) noexcept;

    struct Counts {
        std::map<net::Address, std::uint64_t> clients;
        /// By the row of the zone and the name or address; how often, and whether listed.
        std::map<std::pair<std::size_t, std::string>, std::pair<std::uint64_t, bool>> subjects;
        std::int64_t since = 0;  ///< Unix time.
    };
    /// What was gathered and is not forgotten at this time.
    Counts counts(UnixTime at) const;

private:
    struct ClientKey {
        net::Address address;
        std::uint64_t hash() const noexcept;
        friend bool operator==(const ClientKey&, const ClientKey&) = default;
    };
    struct SubjectKey {
        std::uint32_t zone_row = 0;
        bool is_listed = false;
        std::uint8_t size = 0;
        std::array<char, kTextSizeMax> text;

        std::string_view view() const noexcept { return {text.data(), size}; }
        std::uint64_t hash() const noexcept;
        friend bool operator==(const SubjectKey& a, const SubjectKey& b) noexcept {
            return a.zone_row == b.zone_row && a.is_listed == b.is_listed && a.view() == b.view();
        }
    };
    struct Period {
        std::int64_t since = 0;
        metrics::Frequent<ClientKey, kPlaces> clients;
        metrics::Frequent<SubjectKey, kPlaces> subjects;
    };

    Period& period_at(UnixTime at) noexcept;
    void note_subject(const responder::PendingQuery& query, std::size_t zone_row, bool is_listed,
                      Period& period) noexcept;

    std::uint64_t next_random() noexcept;
    void adapt(UnixTime at) noexcept;

    std::uint64_t stride_ = 1;  // queries from one that is looked at to the next, on average
    std::uint64_t passed_ = 0;  // since the last one
    std::uint64_t wanted_ = 1;  // before the next one
    std::uint64_t weight_ = 0;  // of the one that is looked at
    std::uint64_t looks_ = 0;   // in this second
    std::int64_t second_ = 0;
    std::uint64_t random_ = 0x9E3779B97F4A7C15;
    std::array<Period, 2> periods_;
    std::size_t current_ = 0;
};

}  // namespace ostrakon::server
