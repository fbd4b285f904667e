#include "sealed_file.hpp"

#include "ostrakon/base/file_descriptor.hpp"
#include "ostrakon/dns/siphash.hpp"
#include "ostrakon/store/codec.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <span>

namespace ostrakon::hits {
namespace {

constexpr mode_t kMode = 0660;  // as the database's files

// Not against people, who may write what they like anyway: against what disks do.
constexpr dns::SipHashKey kHashKey{};

Unexpected<Error> failed_to(const char* what, const std::filesystem::path& file, int error) {
    return Unexpected{
        Error{ErrorCode::System, what + (" " + file.string()), std::strerror(error), ""}};
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

}  // namespace

std::uint64_t hash_of(std::string_view bytes) noexcept {
    return dns::siphash24(kHashKey, {reinterpret_cast<const std::uint8_t*>(bytes.data()),
                                     bytes.size()});  // NOLINT: bytes
}

Error damaged_file(std::string_view what, const std::filesystem::path& file, std::string why) {
    return {ErrorCode::Usage, "read " + std::string(what) + " in " + file.string(), std::move(why),
            "the file is damaged; without it counting begins anew"};
}

Result<std::optional<std::string>> read_sealed(const std::filesystem::path& file,
                                               const Seal& seal) {
    const FileDescriptor fd{
        ::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY)};
    if (!fd.is_open()) {
        if (errno == ENOENT) {
            return std::optional<std::string>{};
        }
        return failed_to("open", file, errno);
    }
    const auto damaged = [&](const char* why) {
        return Unexpected{damaged_file(seal.what, file, why)};
    };
    struct stat status {};
    if (::fstat(fd.get(), &status) != 0) {
        return failed_to("look at", file, errno);
    }
    if (!S_ISREG(status.st_mode)) {
        return damaged("it is no regular file");
    }
    const std::size_t head_size = seal.magic.size() + sizeof(std::uint64_t);
    if (static_cast<std::uint64_t>(status.st_size) > head_size + seal.size_max) {
        return damaged("it is larger than such a file can be");
    }
    auto bytes = read_whole(fd.get(), static_cast<std::size_t>(status.st_size), file);
    if (!bytes) {
        return Unexpected{std::move(bytes.error())};
    }
    if (bytes->size() < head_size || !bytes->starts_with(seal.magic)) {
        return damaged("it does not begin as such a file does");
    }
    const auto hash = store::load_raw<std::uint64_t>(bytes->data() + seal.magic.size());
    bytes->erase(0, head_size);
    if (hash != hash_of(*bytes)) {
        return damaged("its content is not what was written");
    }
    return std::optional{std::move(*bytes)};
}

Result<Done> write_sealed(const std::filesystem::path& file, const Seal& seal,
                          std::string_view content) {
    std::string bytes{seal.magic};
    store::append_raw(bytes, hash_of(content));
    bytes += content;
    std::filesystem::path fresh = file;
    fresh += ".new";
    {
        ::unlink(fresh.c_str());
        const FileDescriptor fd{
            ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, kMode)};
        if (!fd.is_open()) {
            return failed_to("make", fresh, errno);
        }
        if (auto written = write_whole(fd.get(), bytes, fresh); !written) {
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
