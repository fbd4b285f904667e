#include "ostrakon/hits/hit_file.hpp"

#include "ostrakon/base/file_descriptor.hpp"
#include "ostrakon/dns/siphash.hpp"
#include "ostrakon/store/codec.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <span>
#include <string>

namespace ostrakon::hits {
namespace {

constexpr std::string_view kMagic = "OSTRHIT1";
constexpr std::size_t kHashedFrom = kMagic.size() + sizeof(std::uint64_t);
constexpr std::size_t kHeadSize = kHashedFrom + 3 * sizeof(std::uint64_t);
constexpr std::size_t kCounterSize = 24;
constexpr std::size_t kFileSizeMax = kHeadSize + kCountersMax * kCounterSize;
constexpr mode_t kMode = 0660;  // as the database's files

// Not against people, who may write what they like anyway: against what disks do.
constexpr dns::SipHashKey kHashKey{};

std::uint64_t hash_of(std::string_view bytes) noexcept {
    return dns::siphash24(kHashKey, {reinterpret_cast<const std::uint8_t*>(bytes.data()),
                                     bytes.size()});  // NOLINT: bytes
}

Unexpected<Error> failed_to(const char* what, const std::filesystem::path& file, int error) {
    return Unexpected{
        Error{ErrorCode::System, what + (" " + file.string()), std::strerror(error), ""}};
}

Unexpected<Error> damaged(const std::filesystem::path& file, const char* why) {
    return Unexpected{Error{ErrorCode::Usage, "read the counts of hits in " + file.string(), why,
                            "the file is damaged; without it counting begins anew"}};
}

Result<std::string> read_whole(int fd, std::size_t size, const std::filesystem::path& file) {
    std::string bytes(size, '\0');
    std::size_t at = 0;
    while (at < size) {
        const ssize_t got = ::read(fd, bytes.data() + at, size - at);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got < 0) {
            return failed_to("read", file, errno);
        }
        if (got == 0) {
            break;
        }
        at += static_cast<std::size_t>(got);
    }
    bytes.resize(at);
    return bytes;
}

Result<Done> write_whole(int fd, std::string_view bytes, const std::filesystem::path& file) {
    while (!bytes.empty()) {
        const ssize_t written = ::write(fd, bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR) {
            continue;
        }
        if (written <= 0) {
            return failed_to("write", file, written < 0 ? errno : EIO);
        }
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    if (::fdatasync(fd) != 0) {
        return failed_to("write", file, errno);
    }
    return Done{};
}

Result<std::optional<Counts>> decode(std::string_view bytes, const std::filesystem::path& file) {
    using store::load_raw;
    if (bytes.size() < kHeadSize || bytes.substr(0, kMagic.size()) != kMagic) {
        return damaged(file, "it does not begin as such a file does");
    }
    if (load_raw<std::uint64_t>(bytes.data() + kMagic.size()) !=
        hash_of(bytes.substr(kHashedFrom))) {
        return damaged(file, "its content is not what was written");
    }
    Counts counts;
    counts.since = {load_raw<std::int64_t>(bytes.data() + kHashedFrom)};
    counts.saved = {load_raw<std::int64_t>(bytes.data() + kHashedFrom + 8)};
    const auto count = load_raw<std::uint64_t>(bytes.data() + kHashedFrom + 16);
    if (count > kCountersMax || bytes.size() != kHeadSize + count * kCounterSize) {
        return damaged(file, "its length is not that of its counters");
    }
    counts.counters.reserve(count);
    for (std::uint64_t i = 0; i < count; ++i) {
        const char* const at = bytes.data() + kHeadSize + i * kCounterSize;
        const Counter counter{load_raw<std::uint32_t>(at),
                              load_raw<std::uint32_t>(at + 4),
                              load_raw<std::uint64_t>(at + 8),
                              {load_raw<std::int64_t>(at + 16)}};
        if (!counts.counters.empty() && counter.listing <= counts.counters.back().listing) {
            return damaged(file, "its counters are not in order");
        }
        counts.counters.push_back(counter);
    }
    return std::optional{std::move(counts)};
}

std::string encode(const Counts& counts) {
    std::string hashed;
    hashed.reserve(kHeadSize + counts.counters.size() * kCounterSize);
    store::append_raw(hashed, counts.since.seconds);
    store::append_raw(hashed, counts.saved.seconds);
    store::append_raw(hashed, std::uint64_t{counts.counters.size()});
    for (const Counter& counter : counts.counters) {
        store::append_raw(hashed, counter.listing);
        store::append_raw(hashed, counter.mark);
        store::append_raw(hashed, counter.hits);
        store::append_raw(hashed, counter.last.seconds);
    }
    std::string bytes{kMagic};
    store::append_raw(bytes, hash_of(hashed));
    return bytes + hashed;
}

}  // namespace

const Counter* Counts::find(store::ListingId listing, std::string_view subject) const {
    const auto found =
        std::lower_bound(counters.begin(), counters.end(), listing,
                         [](const Counter& a, store::ListingId b) { return a.listing < b; });
    return found != counters.end() && found->listing == listing && found->mark == mark_of(subject)
               ? &*found
               : nullptr;
}

std::uint32_t mark_of(std::string_view subject) noexcept {
    return static_cast<std::uint32_t>(hash_of(subject));
}

Result<std::optional<Counts>> read_counts(const std::filesystem::path& file) {
    const FileDescriptor fd{
        ::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY)};
    if (!fd.is_open()) {
        if (errno == ENOENT) {
            return std::optional<Counts>{};
        }
        return failed_to("open", file, errno);
    }
    struct stat status {};
    if (::fstat(fd.get(), &status) != 0) {
        return failed_to("look at", file, errno);
    }
    if (!S_ISREG(status.st_mode)) {
        return damaged(file, "it is no regular file");
    }
    if (static_cast<std::uint64_t>(status.st_size) > kFileSizeMax) {
        return damaged(file, "it is larger than such a file can be");
    }
    const auto bytes = read_whole(fd.get(), static_cast<std::size_t>(status.st_size), file);
    if (!bytes) {
        return Unexpected{bytes.error()};
    }
    return decode(*bytes, file);
}

Result<Done> write_counts(const std::filesystem::path& file, const Counts& counts) {
    std::filesystem::path fresh = file;
    fresh += ".new";
    {
        ::unlink(fresh.c_str());
        const FileDescriptor fd{
            ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, kMode)};
        if (!fd.is_open()) {
            return failed_to("make", fresh, errno);
        }
        if (auto written = write_whole(fd.get(), encode(counts), fresh); !written) {
            ::unlink(fresh.c_str());
            return written;
        }
    }
    if (::rename(fresh.c_str(), file.c_str()) != 0) {
        return failed_to("replace", file, errno);
    }
    return Done{};
}

}  // namespace ostrakon::hits
