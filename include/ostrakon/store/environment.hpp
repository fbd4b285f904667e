// The database: one LMDB environment in a directory of its own.
//
// Opening checks all that can be wrong with it and says so in one line. lmdb.h stays inside this
// module.
#pragma once

#include "ostrakon/base/result.hpp"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>

namespace ostrakon::store {

enum class Access : std::uint8_t {
    ReadOnly,        ///< The server, and commands that only read: a missing database is an error.
    ReadWrite,       ///< A missing database is an error.
    ReadWriteCreate  ///< Makes the database where its directory exists and holds none.
};

struct EnvironmentOptions {
    std::filesystem::path directory;
    Access access = Access::ReadOnly;
    std::optional<std::uint64_t>
        size_bytes;  ///< Upper bound of the file; empty: what the database says of itself.
};

/// A process that holds a state of the database: pages that were freed since cannot be used again,
/// and the file grows.
struct OldReader {
    int pid = 0;
    std::uint64_t changes = 0;  ///< Committed since the state that it holds.
};

/// An open environment. One per process and directory. Reading from several threads is fine; a
/// transaction belongs to one.
class Environment {
public:
    static Result<Environment> open(const EnvironmentOptions& options);
    Environment(Environment&&) noexcept;
    Environment& operator=(Environment&&) noexcept;
    ~Environment();

    const std::filesystem::path& directory() const noexcept;
    std::uint64_t size_bytes() const noexcept;  ///< The mapped upper bound.
    std::uint64_t used_bytes() const noexcept;  ///< Bytes of the file in use up to the last page.

    /// Who holds the oldest state of all processes, if that is not the newest one.
    std::optional<OldReader> oldest_reader() const;

    std::uint32_t reader_count() const noexcept;  ///< Reader slots in use, of all processes.

    /// Whether another process has made the database larger than what is mapped here: nothing can
    /// be read until it is opened again. Set by Snapshot::renew; any thread may ask.
    bool is_outgrown() const noexcept;

    /// Frees the reader slots of processes that have died.
    void clear_dead_readers() noexcept;

    struct Handles;  ///< LMDB's own; only this module knows what is in it.
    Handles& handles() const noexcept { return *handles_; }

private:
    explicit Environment(std::unique_ptr<Handles> handles);
    std::unique_ptr<Handles> handles_;
};

}  // namespace ostrakon::store
