// The bodies of lists as they were fetched: files in DIR/pulled/NAME beside the database, which
// says in policy/pull_state.hpp which of them mean anything.
//
// A body is whole and on the disk before the database names it, and goes after the database has
// forgotten it. So what a crash leaves is at most a file too many.
#pragma once

#include "ostrakon/base/file_descriptor.hpp"
#include "ostrakon/base/result.hpp"
#include "ostrakon/policy/pull_state.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

namespace ostrakon::pull {

class BodyStore {
public:
    /// Of the feed `name`, beside the database in `database`. Makes nothing yet.
    BodyStore(const std::filesystem::path& database, const std::string& name);

    /// Makes the directory, and removes files that the state does not name.
    Result<Done> prepare(const policy::PullState& state) const;
    /// Where a body is put while it comes in.
    std::filesystem::path incoming() const { return directory_ / "incoming"; }
    /// Where the file lies that a publisher gives beside a body, with its digest.
    std::filesystem::path incoming_md5() const { return directory_ / "incoming.md5"; }
    std::filesystem::path body(std::uint64_t number) const;
    /// Gives what has come in its number.
    Result<Done> keep(std::uint64_t number) const;
    /// Removes what has come in, and files that the state does not name.
    void tidy(const policy::PullState& state) const;
    /// Opens a kept body; Absent where it is not there, or no longer what it was.
    Result<FileDescriptor> open(const policy::PulledVersion& version) const;

private:
    std::filesystem::path directory_;
};

/// The SHA-256 of a file, hexadecimal; nothing where it cannot be read.
std::optional<std::string> digest_of(const std::filesystem::path& file);

/// Removes all bodies of a feed. The database no longer names them.
void remove_bodies(const std::filesystem::path& database, const std::string& name);

}  // namespace ostrakon::pull
