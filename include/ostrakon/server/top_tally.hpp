// Who asks most and what is asked about most, of the last half minute to a minute in one worker.
//
// One query of each batch is looked at and counts for all of it: under load one in 64, else each.
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

    /// Begins a batch of so many queries: draws the one to be looked at.
    void begin(std::size_t queries) noexcept;
    /// Whether that is query number `index`.
    bool wants(std::size_t index) const noexcept { return index == drawn_; }

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

    std::size_t drawn_ = SIZE_MAX;
    std::size_t batch_size_ = 0;
    std::uint64_t random_ = 0x9E3779B97F4A7C15;
    std::array<Period, 2> periods_;
    std::size_t current_ = 0;
};

}  // namespace ostrakon::server
