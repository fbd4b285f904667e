#include "ostrakon/store/environment.hpp"

#include "file_checks.hpp"
#include "file_mode.hpp"
#include "handles.hpp"
#include "migration.hpp"
#include "ostrakon/store/meta.hpp"
#include "table_shapes.hpp"

#include <fmt/format.h>
#include <cerrno>
#include <cinttypes>
#include <cstdio>
#include <cstring>

namespace ostrakon::store {
namespace {

constexpr unsigned kReadersMax =
    1022;  // the same in every opener: the lock file is sized by the first
constexpr std::uint64_t kSizeDefaultBytes = std::uint64_t{64} << 30;

std::string describe(std::uint64_t bytes) {
    for (const auto& [unit, shift] : {std::pair{"GiB", 30}, {"MiB", 20}, {"KiB", 10}}) {
        if (bytes >> shift != 0 && bytes % (std::uint64_t{1} << shift) == 0) {
            return fmt::format("{}{}", bytes >> shift, unit);
        }
    }
    return fmt::format("{} bytes", bytes);
}

enum class FileState : std::uint8_t { Whole, Older, Unfinished };

int open_tables(MDB_env* env, std::array<MDB_dbi, kTableCount>& tables, FileState state) {
    const bool create = state != FileState::Whole;
    MDB_txn* txn = nullptr;
    int rc = mdb_txn_begin(env, nullptr, create ? 0 : MDB_RDONLY, &txn);
    for (std::size_t i = 0; i < kTableCount && rc == MDB_SUCCESS; ++i) {
        rc = mdb_dbi_open(txn, kTables[i].name, kTables[i].flags | (create ? MDB_CREATE : 0U),
                          &tables[i]);
    }
    if (rc != MDB_SUCCESS) {
        if (txn != nullptr) {
            mdb_txn_abort(txn);
        }
        return rc;
    }
    if (state == FileState::Unfinished) {
        MDB_val key = to_val(meta_key::kMagic);
        MDB_val value = to_val(kMagicValue);
        rc = mdb_put(txn, tables[0], &key, &value, 0);
        std::uint64_t schema = kSchemaVersion;
        key = to_val(meta_key::kSchema);
        value = {sizeof schema, &schema};
        rc = rc == MDB_SUCCESS ? mdb_put(txn, tables[0], &key, &value, 0) : rc;
    }
    if (rc != MDB_SUCCESS) {
        mdb_txn_abort(txn);
        return rc;
    }
    return mdb_txn_commit(txn);
}

// Whoever may write makes what an older schema lacks.
Result<FileState> state_of(std::uint64_t schema, const EnvironmentOptions& options) {
    if (schema == kSchemaVersion) {
        return FileState::Whole;
    }
    if (options.access == Access::ReadOnly) {
        return Unexpected{
            Error{ErrorCode::Store, "open database " + options.directory.string(),
                  fmt::format("it has schema {}, this program has {}", schema, kSchemaVersion),
                  "`ostrakon expire` brings it up to date"}};
    }
    return FileState::Older;
}

// Looks at a file that was there before it was opened. Who died while making it left one in which
// nothing was ever committed.
Result<FileState> examine_file(MDB_env* env, const EnvironmentOptions& options,
                               const std::string& attempt) {
    MDB_envinfo info{};
    mdb_env_info(env, &info);
    const bool is_unfinished = info.me_last_txnid == 0;
    if (is_unfinished && options.access != Access::ReadWriteCreate) {
        return refuse_missing(options.directory);
    }
    // Nothing grows below the size that an earlier opener had; a larger one is taken over.
    const std::uint64_t wanted = options.size_bytes.value_or(is_unfinished ? kSizeDefaultBytes : 0);
    if (wanted > info.me_mapsize) {
        if (const int rc = mdb_env_set_mapsize(env, wanted); rc != MDB_SUCCESS) {
            return Unexpected{lmdb_error(attempt, rc, wanted)};
        }
    }
    if (const auto whole = check_length(env, options.directory); !whole) {
        return Unexpected{whole.error()};
    }
    if (is_unfinished) {
        return FileState::Unfinished;
    }
    const auto schema = check_schema(env, options.directory);
    return schema ? state_of(*schema, options) : Unexpected{schema.error()};
}

}  // namespace

Error lmdb_error(std::string attempt, int rc, std::uint64_t size_bytes) {
    Error error{ErrorCode::Store, std::move(attempt), mdb_strerror(rc), ""};
    switch (rc) {
        case MDB_MAP_FULL:
            error.why =
                "database full" + (size_bytes != 0 ? " at " + describe(size_bytes) : std::string{});
            error.remedy = "raise [database] size";
            break;
        case MDB_INVALID:
        case MDB_VERSION_MISMATCH:
            error.why = "data.mdb is not a database of this program";
            error.remedy = "name the right directory with --database, or restore it from a backup";
            break;
        case MDB_MAP_RESIZED:
            error.why = "another process has a larger [database] size";
            error.remedy = "start again";
            break;
        case MDB_READERS_FULL:
            error.why = fmt::format("all {} reader slots are taken", kReadersMax);
            break;
        case ENOMEM:
            error.why = "the address space for the database cannot be reserved";
            error.remedy =
                "raise the limit of address space (ulimit -v, RLIMIT_AS), or lower [database] size";
            break;
        case ENOSPC:
            error.why = "the disk is full";
            break;
        case EIO:
            error.why = "the disk does not answer: Input/output error";
            break;
        default:
            break;
    }
    return error;
}

namespace {

// Takes the lines in which LMDB lists readers: "pid thread state", the state "-" where none is
// held.
struct OldestReader {
    std::uint64_t newest_state = 0;
    std::optional<OldReader> found;

    static int take(const char* line, void* self) {
        auto& oldest = *static_cast<OldestReader*>(self);
        int pid = 0;
        std::uint64_t state = 0;
        if (std::sscanf(line, "%d %*s %" SCNu64, &pid, &state) != 2 ||
            state >= oldest.newest_state) {
            return 0;
        }
        const OldReader reader{pid, oldest.newest_state - state};
        if (!oldest.found || oldest.found->changes < reader.changes) {
            oldest.found = reader;
        }
        return 0;
    }
};

}  // namespace

Environment::Environment(std::unique_ptr<Handles> handles) : handles_(std::move(handles)) {}
Environment::Environment(Environment&&) noexcept = default;
Environment& Environment::operator=(Environment&&) noexcept = default;
Environment::~Environment() = default;

Result<Environment> Environment::open(const EnvironmentOptions& options) {
    const auto exists = find_file(options.directory, options.access);
    if (!exists) {
        return Unexpected{exists.error()};
    }
    if (const auto fit = check_file_system(options.directory); !fit) {
        return Unexpected{fit.error()};
    }
    if (auto reserved = reserve_lock_file(options.directory); !reserved) {
        return Unexpected{std::move(reserved.error())};
    }
    const std::string attempt = "open database " + options.directory.string();
    auto handles = std::make_unique<Handles>();
    handles->directory = options.directory;
    MDB_env* raw = nullptr;
    if (const int rc = mdb_env_create(&raw); rc != MDB_SUCCESS) {
        return Unexpected{lmdb_error(attempt, rc, 0)};
    }
    handles->env.reset(raw);
    mdb_env_set_maxdbs(raw, kTableCount);
    mdb_env_set_maxreaders(raw, kReadersMax);
    if (!*exists) {
        mdb_env_set_mapsize(raw, options.size_bytes.value_or(kSizeDefaultBytes));
    }
    const unsigned flags =
        MDB_NOTLS | (options.access == Access::ReadOnly ? unsigned{MDB_RDONLY} : 0U);
    if (const int rc = mdb_env_open(raw, options.directory.c_str(), flags, kFileMode);
        rc != MDB_SUCCESS) {
        return Unexpected{lmdb_error(attempt, rc, options.size_bytes.value_or(0))};
    }
    FileState state = FileState::Unfinished;
    if (*exists) {
        const auto fit = examine_file(raw, options, attempt);
        if (!fit) {
            return Unexpected{fit.error()};
        }
        state = *fit;
    }
    int dead = 0;
    mdb_reader_check(raw, &dead);
    if (const int rc = open_tables(raw, handles->tables, state); rc != MDB_SUCCESS) {
        return Unexpected{lmdb_error(attempt, rc, options.size_bytes.value_or(0))};
    }
    Environment environment{std::move(handles)};
    if (state == FileState::Older) {
        if (auto migrated = migrate(environment); !migrated) {
            return Unexpected{std::move(migrated.error())};
        }
    }
    return environment;
}

const std::filesystem::path& Environment::directory() const noexcept {
    return handles_->directory;
}

std::uint64_t Environment::size_bytes() const noexcept {
    MDB_envinfo info{};
    mdb_env_info(handles_->env.get(), &info);
    return info.me_mapsize;
}

std::uint64_t Environment::used_bytes() const noexcept {
    MDB_envinfo info{};
    MDB_stat stat{};
    mdb_env_info(handles_->env.get(), &info);
    mdb_env_stat(handles_->env.get(), &stat);
    return (info.me_last_pgno + 1) * std::uint64_t{stat.ms_psize};
}

std::uint32_t Environment::reader_count() const noexcept {
    MDB_envinfo info{};
    mdb_env_info(handles_->env.get(), &info);
    return info.me_numreaders;
}

std::optional<OldReader> Environment::oldest_reader() const {
    MDB_envinfo info{};
    mdb_env_info(handles_->env.get(), &info);
    OldestReader oldest{.newest_state = info.me_last_txnid, .found = {}};
    mdb_reader_list(handles_->env.get(), &OldestReader::take, &oldest);
    return oldest.found;
}

bool Environment::is_outgrown() const noexcept {
    return handles_->outgrown.load(std::memory_order_relaxed);
}

void Environment::clear_dead_readers() noexcept {
    int dead = 0;
    mdb_reader_check(handles_->env.get(), &dead);
}

}  // namespace ostrakon::store
