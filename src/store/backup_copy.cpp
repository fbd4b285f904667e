#include "ostrakon/store/backup_copy.hpp"

#include "handles.hpp"
#include "ostrakon/store/transaction.hpp"
#include "page_format.hpp"

#include <unistd.h>
#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string>

namespace ostrakon::store {
namespace {

constexpr int kAttemptsMax = 1000;  // each is spoilt only by two commits within microseconds

Unexpected<Error> cannot_copy(const Environment& environment, std::string why) {
    return Unexpected{Error{ErrorCode::Store, "copy database " + environment.directory().string(),
                            std::move(why), ""}};
}

Result<Done> read_at(const Environment& environment, int fd, std::uint64_t offset,
                     std::string& bytes) {
    for (std::size_t done = 0; done < bytes.size();) {
        const ssize_t got =
            pread(fd, bytes.data() + done, bytes.size() - done, static_cast<off_t>(offset + done));
        if (got == 0) {
            return cannot_copy(environment, "data.mdb is cut off");
        }
        if (got < 0 && errno != EINTR) {
            return cannot_copy(environment, std::strerror(errno));
        }
        done += static_cast<std::size_t>(std::max<ssize_t>(got, 0));
    }
    return Done{};
}

// The meta page of the state that the snapshot stands at. LMDB writes the two in turn, so it is
// there until two more changes have been committed.
Result<std::string> meta_of(const Environment& environment, int fd, std::size_t page_size,
                            Snapshot& snapshot) {
    for (int attempt = 0; attempt < kAttemptsMax; ++attempt) {
        const std::uint64_t id = snapshot.id();
        std::string meta(page_size, '\0');
        std::string again(page_size, '\0');
        const std::uint64_t offset = id % page::kMetaPages * page_size;
        for (std::string* bytes : {&meta, &again}) {
            if (auto read = read_at(environment, fd, offset, *bytes); !read) {
                return Unexpected{std::move(read.error())};
            }
        }
        if (meta == again && load_raw<std::uint64_t>(meta.data() + page::kTransactionAt) == id) {
            return meta;
        }
        if (!snapshot.renew()) {
            return Unexpected{snapshot.failure()};
        }
    }
    return cannot_copy(environment, "it changes too fast");
}

}  // namespace

Result<Done> copy_pages(Environment& environment, const CopySink& sink) {
    auto snapshot = Snapshot::begin(environment);
    if (!snapshot) {
        return Unexpected{snapshot.error()};
    }
    MDB_env* env = environment.handles().env.get();
    MDB_stat stat{};
    int fd = -1;
    mdb_env_stat(env, &stat);
    mdb_env_get_fd(env, &fd);
    const std::size_t page_size = stat.ms_psize;
    auto meta = meta_of(environment, fd, page_size, *snapshot);
    if (!meta) {
        return Unexpected{std::move(meta.error())};
    }
    // Both meta pages of the copy are that of this state: what is in the other one here may belong
    // to a change that is being made.
    for (std::uint64_t number = 0; number < page::kMetaPages; ++number) {
        std::memcpy(meta->data(), &number, sizeof number);
        if (auto written = sink(*meta); !written) {
            return written;
        }
    }
    const std::uint64_t size =
        (load_raw<std::uint64_t>(meta->data() + page::kLastPageAt) + 1) * page_size;
    std::string piece;
    for (std::uint64_t at = page::kMetaPages * page_size; at < size; at += piece.size()) {
        piece.resize(std::min<std::uint64_t>(page::kPieceSize, size - at));
        if (auto read = read_at(environment, fd, at, piece); !read) {
            return read;
        }
        if (auto written = sink(piece); !written) {
            return written;
        }
    }
    return Done{};
}

Result<Done> copy_compacted(Environment& environment, int descriptor) {
    const int rc = mdb_env_copyfd2(environment.handles().env.get(), descriptor, MDB_CP_COMPACT);
    if (rc != MDB_SUCCESS) {
        return Unexpected{lmdb_error("copy database " + environment.directory().string(), rc, 0)};
    }
    return Done{};
}

}  // namespace ostrakon::store
