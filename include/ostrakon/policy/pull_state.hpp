// How the pulling of each feed and map goes: what was last tried, what came of it, which versions
// are kept. In the database, so that a crash or a restart forgets none of it and asks no publisher
// more often than agreed.
//
// Pulls table. Key: the name of the feed or map.
#pragma once

#include "ostrakon/base/time.hpp"
#include "ostrakon/store/transaction.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ostrakon::policy {

/// A body that was fetched and is kept as a file. Numbers rise and are never given twice.
struct PulledVersion {
    std::uint64_t number = 0;
    UnixTime at;             ///< When it was fetched.
    std::string digest;      ///< SHA-256, hexadecimal.
    std::string format;      ///< What it was read as.
    std::uint64_t size = 0;  ///< Bytes, as fetched.
    std::uint64_t entries = 0;
    std::uint64_t rejected = 0;  ///< Lines of it that were no entry.
    std::uint64_t added = 0, removed = 0;  ///< Against the version before, when it was taken in.
    friend bool operator==(const PulledVersion&, const PulledVersion&) = default;
};

/// A version that is not served, and why.
struct HeldVersion {
    PulledVersion version;
    std::string why;
    bool is_unreadable = false;  ///< Nobody can accept it: there is no list in it.
    friend bool operator==(const HeldVersion&, const HeldVersion&) = default;
};

struct PullState {
    /// Versions that are kept: the one that is served, and those before it for `feeds rollback`.
    static constexpr std::size_t kVersionsMax = 3;

    std::string url;     ///< What all this is about; without secrets. Another one begins anew.
    std::string format;  ///< What it is read as. Another one begins anew, too.
    std::optional<UnixTime> last_try;
    std::optional<UnixTime> last_success;   ///< The publisher's newest is served, or is as it was.
    std::optional<UnixTime> next;           ///< Not before this.
    std::uint32_t failures = 0;             ///< In a row.
    std::optional<UnixTime> missing_since;  ///< The publisher has said 404 since.
    bool is_stopped = false;                ///< Not tried again until somebody says so.
    std::string failure;                    ///< Of the last try, in words; empty: none.
    std::string etag, last_modified;        ///< Of the newest that was fetched.
    std::uint64_t next_version = 1;
    std::vector<PulledVersion> versions;  ///< Newest first; the first is what is served.
    std::optional<HeldVersion> held;
    /// `feeds rollback` has brought a version back: what is fetched is held until `feeds accept`.
    bool is_rolled_back = false;

    const PulledVersion* served() const { return versions.empty() ? nullptr : &versions.front(); }
    friend bool operator==(const PullState&, const PullState&) = default;
};

std::string encode(const PullState& state);
/// Nothing if the bytes are damaged, or have more than such a record may hold.
std::optional<PullState> decode_pull_state(std::string_view bytes);

/// Nothing where it was never pulled.
std::optional<PullState> read_pull_state(const store::Transaction& transaction,
                                         std::string_view name);
std::map<std::string, PullState> read_pull_states(const store::Transaction& transaction);
void write_pull_state(store::WriteTransaction& transaction, std::string_view name,
                      const PullState& state);
void remove_pull_state(store::WriteTransaction& transaction, std::string_view name);

}  // namespace ostrakon::policy
