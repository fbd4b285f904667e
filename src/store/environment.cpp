#include "ostrakon/store/environment.hpp"

#include "file_mode.hpp"
#include "handles.hpp"
#include "ostrakon/store/codec.hpp"
#include "ostrakon/store/meta.hpp"

#include <fmt/format.h>
#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/statvfs.h>
#include <cerrno>
#include <cstring>

namespace ostrakon::store {
namespace {

constexpr unsigned kReadersMax =
    1022;  // the same in every opener: the lock file is sized by the first
constexpr std::uint64_t kSizeDefaultBytes = std::uint64_t{64} << 30;
constexpr std::string_view kMagicValue = "ostrakon";
constexpr long kFuseMagic = 0x65735546;
constexpr long kCifsMagic = 0xFF534D42;
constexpr long kSmb2Magic = 0xFE534D42;

struct TableShape {
    const char* name;
    unsigned flags;
};
// In the order of enum Table. Names are part of the file's schema.
constexpr std::array<TableShape, kTableCount> kTables{{
    {"meta", 0},
    {"classes", 0},
    {"layers", 0},
    {"feeds", 0},
    {"listings", 0},
    {"subjects", 0},
    {"expiry", 0},
    {"entries ipv4", 0},
    {"entries ipv6", 0},
    {"entries name", 0},
    {"values", 0},
    {"value ids", 0},
    {"events", 0},
    {"changes", 0},
    {"journal", 0},
    {"index ipv4", MDB_INTEGERKEY},
    {"index ipv6", 0},
    {"index name", 0},
    {"sets", MDB_INTEGERKEY},
    {"set ids", MDB_INTEGERKEY},
}};

std::string describe(std::uint64_t bytes) {
    for (const auto& [unit, shift] : {std::pair{"GiB", 30}, {"MiB", 20}, {"KiB", 10}}) {
        if (bytes >> shift != 0 && bytes % (std::uint64_t{1} << shift) == 0) {
            return fmt::format("{}{}", bytes >> shift, unit);
        }
    }
    return fmt::format("{} bytes", bytes);
}

Unexpected<Error> refuse(const std::filesystem::path& directory, std::string why,
                         std::string remedy) {
    return Unexpected{Error{ErrorCode::Store, "open database " + directory.string(), std::move(why),
                            std::move(remedy)}};
}

// LMDB locks through shared memory and record locks, which these file systems do not give to all
// openers.
Result<Done> check_file_system(const std::filesystem::path& directory, Access access) {
    struct statfs status {};
    if (statfs(directory.c_str(), &status) != 0) {
        return refuse(directory, std::strerror(errno),
                      "make the directory, or name another with --database");
    }
    const auto type = static_cast<long>(status.f_type);
    for (const auto& [magic, name] : {std::pair<long, const char*>{NFS_SUPER_MAGIC, "NFS"},
                                      {kCifsMagic, "CIFS"},
                                      {kSmb2Magic, "SMB"},
                                      {V9FS_MAGIC, "9p"},
                                      {kFuseMagic, "FUSE"}}) {
        if (type == magic) {
            return refuse(directory, fmt::format("it lies on {}, where locks do not hold", name),
                          "put the database on a local disk");
        }
    }
    if (access != Access::ReadOnly && (status.f_flags & ST_RDONLY) != 0) {
        return refuse(directory, "the file system is read-only", "");
    }
    return Done{};
}

Unexpected<Error> refuse_missing(const std::filesystem::path& directory) {
    return refuse(directory, "there is no database in it", "make one with `ostrakon init`");
}

// Whether there is a file at all, judged before LMDB could make one.
Result<bool> find_file(const std::filesystem::path& directory, Access access) {
    struct stat status {};
    if (stat(directory.c_str(), &status) != 0) {
        return refuse(directory, std::strerror(errno),
                      "make the directory, or name another with --database");
    }
    if (!S_ISDIR(status.st_mode)) {
        return refuse(directory, "is not a directory", "name the directory that holds data.mdb");
    }
    const std::filesystem::path file = directory / "data.mdb";
    if (stat(file.c_str(), &status) == 0) {
        if (!S_ISREG(status.st_mode) || status.st_size == 0) {
            return refuse(directory, "data.mdb is empty or no file",
                          "restore it from a backup, or remove it to begin anew");
        }
        return true;
    }
    if (errno != ENOENT) {
        return refuse(directory, std::strerror(errno), "");
    }
    if (access != Access::ReadWriteCreate) {
        return refuse_missing(directory);
    }
    return false;
}

// A file that ends before its last page kills by SIGBUS when that page is read.
Result<Done> check_length(MDB_env* env, const std::filesystem::path& directory) {
    MDB_envinfo info{};
    MDB_stat stat{};
    mdb_env_info(env, &info);
    mdb_env_stat(env, &stat);
    std::error_code error;
    const auto size = std::filesystem::file_size(directory / "data.mdb", error);
    const std::uint64_t needed = (info.me_last_pgno + 1) * std::uint64_t{stat.ms_psize};
    if (error || size < needed) {
        return refuse(directory,
                      fmt::format("data.mdb is cut off: it has {} bytes of {}", size, needed),
                      "restore it from a backup");
    }
    return Done{};
}

int open_tables(MDB_env* env, std::array<MDB_dbi, kTableCount>& tables, bool create) {
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
    if (create) {
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

// Reads magic and schema before any table of ours is opened: a foreign database has none of them.
Result<Done> check_schema(MDB_env* env, const std::filesystem::path& directory) {
    MDB_txn* txn = nullptr;
    if (const int rc = mdb_txn_begin(env, nullptr, MDB_RDONLY, &txn); rc != MDB_SUCCESS) {
        return Unexpected{lmdb_error("open database " + directory.string(), rc, 0)};
    }
    const std::unique_ptr<MDB_txn, void (*)(MDB_txn*)> owner{txn, mdb_txn_abort};
    MDB_dbi meta{};
    MDB_val key = to_val(meta_key::kMagic);
    MDB_val magic{};
    if (mdb_dbi_open(txn, kTables[0].name, 0, &meta) != MDB_SUCCESS ||
        mdb_get(txn, meta, &key, &magic) != MDB_SUCCESS || to_view(magic) != kMagicValue) {
        return refuse(directory, "it is another program's database",
                      "name the right directory with --database");
    }
    MDB_val schema{};
    key = to_val(meta_key::kSchema);
    if (mdb_get(txn, meta, &key, &schema) != MDB_SUCCESS ||
        schema.mv_size != sizeof(std::uint64_t)) {
        return refuse(directory, "it does not say its schema version", "restore it from a backup");
    }
    const auto version = load_raw<std::uint64_t>(static_cast<const char*>(schema.mv_data));
    if (version > kSchemaVersion) {
        return refuse(
            directory,
            fmt::format("it has schema {}, this program knows up to {}", version, kSchemaVersion),
            "use the newer program that wrote it");
    }
    if (version < kSchemaVersion) {
        return refuse(directory,
                      fmt::format("it has schema {}, which no release has written", version),
                      "restore it from a backup");
    }
    return Done{};
}

enum class FileState : std::uint8_t { Whole, Unfinished };

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
    if (const auto known = check_schema(env, options.directory); !known) {
        return Unexpected{known.error()};
    }
    return FileState::Whole;
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

Environment::Environment(std::unique_ptr<Handles> handles) : handles_(std::move(handles)) {}
Environment::Environment(Environment&&) noexcept = default;
Environment& Environment::operator=(Environment&&) noexcept = default;
Environment::~Environment() = default;

Result<Environment> Environment::open(const EnvironmentOptions& options) {
    const auto exists = find_file(options.directory, options.access);
    if (!exists) {
        return Unexpected{exists.error()};
    }
    if (const auto fit = check_file_system(options.directory, options.access); !fit) {
        return Unexpected{fit.error()};
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
    bool is_new = !*exists;
    if (*exists) {
        const auto fit = examine_file(raw, options, attempt);
        if (!fit) {
            return Unexpected{fit.error()};
        }
        is_new = *fit == FileState::Unfinished;
    }
    int dead = 0;
    mdb_reader_check(raw, &dead);
    if (const int rc = open_tables(raw, handles->tables, is_new); rc != MDB_SUCCESS) {
        return Unexpected{lmdb_error(attempt, rc, options.size_bytes.value_or(0))};
    }
    return Environment{std::move(handles)};
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

bool Environment::is_outgrown() const noexcept {
    return handles_->outgrown.load(std::memory_order_relaxed);
}

void Environment::clear_dead_readers() noexcept {
    int dead = 0;
    mdb_reader_check(handles_->env.get(), &dead);
}

}  // namespace ostrakon::store
