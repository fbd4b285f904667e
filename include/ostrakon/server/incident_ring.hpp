// What a worker has turned away that the operator should hear of: written by the worker, read by
// the main thread, which puts it into the log. What does not fit is only counted.
#pragma once

#include "ostrakon/responder/pending_query.hpp"
#include "ostrakon/tsig/record.hpp"

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string>

namespace ostrakon::server {

class IncidentRing {
public:
    static constexpr std::size_t kKeptMax = 16;

    struct Entry {
        responder::Incident incident{};
        net::Address client;
        dns::RecordType type{};
        tsig::WireName name;  ///< That was asked for.
        tsig::WireName key;   ///< That was named; empty: none, or none that could be read.
    };

    /// Notes the incident of a query; of the worker's thread. Allocates nothing.
    void note(const responder::PendingQuery& query, const net::Address& client) noexcept;

    /// Takes the oldest entry; of the main thread. False: there is none.
    bool take(Entry& entry) noexcept;
    /// How many could not be kept since the last call.
    std::uint64_t take_lost() noexcept { return lost_.exchange(0, std::memory_order_relaxed); }

private:
    std::array<Entry, kKeptMax> entries_;
    std::atomic<std::size_t> written_ = 0;
    std::atomic<std::size_t> read_ = 0;
    std::atomic<std::uint64_t> lost_ = 0;
};

/// The entry as a line of the log.
std::string incident_text(const IncidentRing::Entry& entry);

}  // namespace ostrakon::server
