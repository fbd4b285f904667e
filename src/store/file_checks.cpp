#include "file_checks.hpp"

#include "file_mode.hpp"
#include "handles.hpp"
#include "ostrakon/base/file_descriptor.hpp"
#include "ostrakon/store/codec.hpp"
#include "ostrakon/store/meta.hpp"
#include "page_file.hpp"
#include "table_shapes.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/statvfs.h>
#include <cerrno>
#include <cstring>

namespace ostrakon::store {
namespace {

constexpr off_t kLockFileSize = 65536;  // as LMDB makes it for 1022 readers
constexpr long kFuseMagic = 0x65735546;
constexpr long kCifsMagic = 0xFF534D42;
constexpr long kSmb2Magic = 0xFE534D42;

Unexpected<Error> refuse(const std::filesystem::path& directory, std::string why,
                         std::string remedy) {
    return Unexpected{Error{ErrorCode::Store, "open database " + directory.string(), std::move(why),
                            std::move(remedy)}};
}

// Whether all pages that are in use lie within the file: behind the last of them LMDB may have
// counted pages that were taken and given back within one transaction, and never written.
bool has_all_used_pages(MDB_env* env, std::uint64_t size) {
    MDB_txn* txn = nullptr;
    if (mdb_txn_begin(env, nullptr, MDB_RDONLY, &txn) != MDB_SUCCESS) {
        return false;
    }
    const std::unique_ptr<MDB_txn, void (*)(MDB_txn*)> owner{txn, mdb_txn_abort};
    int fd = -1;
    mdb_env_get_fd(env, &fd);
    PageFile file{fd, size, ""};
    const auto meta = file.read_meta_of(mdb_txn_id(txn));
    return meta && meta->transaction == mdb_txn_id(txn) && file.walk_everything(*meta);
}

}  // namespace

Result<Done> check_file_system(const std::filesystem::path& directory) {
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
    if ((status.f_flags & ST_RDONLY) != 0) {
        return refuse(directory,
                      "the file system is read-only, where readers cannot say what they "
                      "read",
                      "put the database on a disk that can be written to");
    }
    return Done{};
}

Unexpected<Error> refuse_missing(const std::filesystem::path& directory) {
    return refuse(directory, "there is no database in it", "make one with `ostrakon init`");
}

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

Result<Done> check_length(MDB_env* env, const std::filesystem::path& directory) {
    MDB_envinfo info{};
    MDB_stat stat{};
    mdb_env_info(env, &info);
    mdb_env_stat(env, &stat);
    std::error_code error;
    const auto size = std::filesystem::file_size(directory / "data.mdb", error);
    const std::uint64_t needed = (info.me_last_pgno + 1) * std::uint64_t{stat.ms_psize};
    if (error || (size < needed && !has_all_used_pages(env, size))) {
        return refuse(directory,
                      fmt::format("data.mdb is cut off: it has {} bytes of {}", size, needed),
                      "restore it from a backup");
    }
    return Done{};
}

Result<std::uint64_t> check_schema(MDB_env* env, const std::filesystem::path& directory) {
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
    if (version < kSchemaOldest) {
        return refuse(directory,
                      fmt::format("it has schema {}, which no release has written", version),
                      "restore it from a backup");
    }
    return version;
}

Result<Done> reserve_lock_file(const std::filesystem::path& directory) {
    const FileDescriptor file{
        open((directory / "lock.mdb").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, kFileMode)};
    struct stat status {};
    if (!file.is_open() || fstat(file.get(), &status) != 0) {
        return Done{};  // LMDB will say why
    }
    constexpr off_t kBlockSize = 512;  // of st_blocks, whatever the file system's is
    const off_t size = status.st_size == 0 ? kLockFileSize : status.st_size;
    if (status.st_size == size && status.st_blocks * kBlockSize >= size) {
        return Done{};
    }
    const int error = posix_fallocate(file.get(), 0, size);
    if (error == ENOSPC || error == EDQUOT) {
        return refuse(directory, "the disk is full", "");
    }
    return Done{};  // a file system that cannot reserve is taken as it is
}

}  // namespace ostrakon::store
