// What can be wrong with the files of a database, each said before LMDB meets it. Included by
// environment.cpp only.
#pragma once

#include "ostrakon/base/result.hpp"
#include "ostrakon/store/environment.hpp"

#include <lmdb.h>
#include <filesystem>

namespace ostrakon::store {

/// LMDB locks through shared memory and record locks, which some file systems do not give to all
/// openers; on one that is read-only it goes on without them.
Result<Done> check_file_system(const std::filesystem::path& directory);

/// Whether there is a file at all, judged before LMDB could make one.
Result<bool> find_file(const std::filesystem::path& directory, Access access);

/// The refusal where there is none.
Unexpected<Error> refuse_missing(const std::filesystem::path& directory);

/// A file that ends before its last page kills by SIGBUS when that page is read.
Result<Done> check_length(MDB_env* env, const std::filesystem::path& directory);

/// Reads magic and schema before any table of ours is opened: a foreign database has none of them.
/// Returns the schema, which may be an older one that is migrated.
Result<std::uint64_t> check_schema(MDB_env* env, const std::filesystem::path& directory);

/// The file of readers' slots is a map that grows as it is touched: on a full disk that would kill
/// whoever touches it first, so all of it is taken at once. To be called while this process has no
/// environment open there: closing any descriptor of a file drops all locks that a process has on
/// it.
Result<Done> reserve_lock_file(const std::filesystem::path& directory);

}  // namespace ostrakon::store
