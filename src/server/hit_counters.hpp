// The counters of own listings in memory, and on their way to and from their file.
#pragma once

#include "ostrakon/hits/hit_file.hpp"
#include "ostrakon/store/transaction.hpp"
#include "ostrakon/store/writer_lock.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <unordered_map>

namespace ostrakon::server {

/// One thread.
class HitCounters {
public:
    explicit HitCounters(std::filesystem::path file) : file_(std::move(file)), since_(now()) {}

    /// Counts hits of a listing that is in the snapshot.
    void add(store::ListingId listing, std::uint64_t hits, UnixTime at,
             const store::Transaction& snapshot);

    /// Drops the counters of what is not in force any more, or never was in this database.
    void drop_old(const store::Transaction& snapshot);
    /// Whether that is worth its while.
    bool is_full() const noexcept { return counters_.size() >= hits::kCountersMax; }

    /// Writes the file where something has changed, or what is there is old. Says in the log what
    /// it cannot do, once.
    void save(UnixTime at);

private:
    struct Counter {
        std::uint32_t mark = 0;
        std::uint64_t hits = 0;
        UnixTime last;
    };
    bool take_file();
    void complain(const std::string& problem);

    std::filesystem::path file_;
    std::optional<store::WriterLock> lock_;  // whoever has it writes the file
    std::unordered_map<store::ListingId, Counter> counters_;
    UnixTime since_;
    UnixTime saved_;
    bool has_changed_ = false;
    bool has_told_full_ = false;
    std::string last_problem_;
};

}  // namespace ostrakon::server
