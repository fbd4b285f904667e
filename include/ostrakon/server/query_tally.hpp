// Counts the queries of one worker: by zone, type, transport and what became of them.
#pragma once

#include "ostrakon/dns/protocol.hpp"
#include "ostrakon/metrics/counter.hpp"
#include "ostrakon/metrics/name_rows.hpp"
#include "ostrakon/responder/answer_kind.hpp"
#include "ostrakon/responder/pending_query.hpp"
#include "ostrakon/verdict/listing_tally.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace ostrakon::server {

/// Types that are counted by themselves, as values of a label; the last is all others.
inline constexpr std::array<std::string_view, 7> kCountedTypes{"A",  "AAAA", "TXT",  "ANY",
                                                               "NS", "SOA",  "other"};
inline constexpr std::array<std::string_view, 2> kTransports{"udp", "tcp"};

/// Written by one worker alone; any thread may read what is const.
class QueryTally {
public:
    /// Zones that have figures of their own, with the two that stand for the rest.
    static constexpr std::size_t kZonesMax = 1024;
    /// What the queries are called that no zone answers for.
    static constexpr std::string_view kNoZone = "";

    QueryTally();

    /// Takes the zones of another generation. What was counted for others stays.
    void adopt(const std::vector<zone::Zone>& zones);

    void count(const responder::PendingQuery& query, responder::Transport transport,
               responder::AnswerKind kind) noexcept {
        const std::size_t zone = query.zone == nullptr ? 0 : query.zone->number + 1;
        zones_[zone]->queries[place(column_of(query), transport, kind)].add();
        if (kind == responder::AnswerKind::Listed) {
            listings_.count(query.facts.mix);
        }
    }

    /// The number of the zone that a query is counted for, for as long as the process lives.
    std::size_t row_of(const responder::PendingQuery& query) const noexcept {
        return zones_[query.zone == nullptr ? 0 : query.zone->number + 1]->row;
    }
    const std::string& zone(std::size_t row) const noexcept { return rows_.name(row); }

    verdict::ListingTally& listings() noexcept { return listings_; }
    const verdict::ListingTally& listings() const noexcept { return listings_; }

    /// Calls back with zone, type, transport, kind and count for each that was ever counted.
    template <class Take>
    void for_each(const Take& take) const {
        for (std::size_t row = 0; row < rows_.size(); ++row) {
            for (std::size_t i = 0; i < kPlaces; ++i) {
                if (const std::uint64_t count = blocks_[row]->queries[i].value(); count != 0) {
                    take(rows_.name(row), i / (kTransports.size() * responder::kAnswerKinds),
                         i / responder::kAnswerKinds % kTransports.size(),
                         i % responder::kAnswerKinds, count);
                }
            }
        }
    }

private:
    static constexpr std::size_t kPlaces =
        kCountedTypes.size() * kTransports.size() * responder::kAnswerKinds;
    static constexpr std::size_t kCacheLine = 64;  // not shared with another worker's
    struct alignas(kCacheLine) Block {
        std::array<metrics::Counter, kPlaces> queries;
        std::size_t row = 0;
    };

    static std::size_t place(std::size_t type, responder::Transport transport,
                             responder::AnswerKind kind) noexcept {
        return (type * kTransports.size() + static_cast<std::size_t>(transport)) *
                   responder::kAnswerKinds +
               static_cast<std::size_t>(kind);
    }
    // What could not be read may have no type.
    static std::size_t column_of(const responder::PendingQuery& query) noexcept;
    Block* block_of(std::string_view zone);

    metrics::NameRows rows_{kZonesMax};
    std::vector<std::unique_ptr<Block>> blocks_;  // by row, made before the row has a name
    std::vector<Block*> zones_;                   // by number of the zone + 1
    verdict::ListingTally listings_;
};

/// The place in kCountedTypes of each type below 256.
inline constexpr auto kTypeColumns = [] {
    std::array<std::uint8_t, 256> columns{};
    columns.fill(kCountedTypes.size() - 1);
    using enum dns::RecordType;
    std::uint8_t column = 0;
    for (const dns::RecordType type : {A, Aaaa, Txt, Any, Ns, Soa}) {
        columns[static_cast<std::size_t>(type)] = column++;
    }
    return columns;
}();

inline std::size_t QueryTally::column_of(const responder::PendingQuery& query) noexcept {
    const auto type = static_cast<std::size_t>(query.query.type);
    return type >= kTypeColumns.size() || query.error ? kCountedTypes.size() - 1
                                                      : kTypeColumns[type];
}

}  // namespace ostrakon::server
