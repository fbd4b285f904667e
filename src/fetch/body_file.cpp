#include "body_file.hpp"

#include "ostrakon/base/printable.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstring>
#include <system_error>

namespace ostrakon::fetch {
namespace {

constexpr mode_t kBodyMode = 0600;
constexpr std::size_t kShownPathMax = 256;

Unexpected<Error> body_error(const std::filesystem::path& path, int error) {
    return Unexpected{Error{ErrorCode::System, "write " + printable(path.native(), kShownPathMax),
                            std::strerror(error), error == ENOSPC ? "make room on that disk" : ""}};
}

}  // namespace

RemovedFile::~RemovedFile() {
    if (!is_kept_) {
        std::error_code ignored;
        std::filesystem::remove(path_, ignored);
    }
}

Result<BodyFile> BodyFile::create(const std::filesystem::path& path) {
    if (::unlink(path.c_str()) != 0 && errno != ENOENT) {
        return body_error(path, errno);
    }
    FileDescriptor file{
        ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, kBodyMode)};
    if (!file.is_open()) {
        return body_error(path, errno);
    }
    return BodyFile{std::make_unique<RemovedFile>(path), std::move(file)};
}

Result<Done> BodyFile::write(std::span<const char> bytes) {
    while (!bytes.empty()) {
        const ssize_t written = ::write(file_.get(), bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR) {
            continue;
        }
        if (written < 0) {
            return body_error(name_->path(), errno);
        }
        bytes = bytes.subspan(static_cast<std::size_t>(written));
        size_ += static_cast<std::uint64_t>(written);
    }
    return Done{};
}

Result<Done> BodyFile::keep() {
    if (::fchmod(file_.get(), kBodyMode) != 0 || ::fsync(file_.get()) != 0) {
        return body_error(name_->path(), errno);
    }
    if (auto synced = sync_directory_of(name_->path()); !synced) {
        return synced;
    }
    name_->keep();
    return Done{};
}

Result<Done> sync_file(const std::filesystem::path& path) {
    const FileDescriptor file{::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC)};
    if (!file.is_open() || ::fchmod(file.get(), kBodyMode) != 0 || ::fsync(file.get()) != 0) {
        return body_error(path, errno);
    }
    return sync_directory_of(path);
}

Result<Done> sync_directory_of(const std::filesystem::path& path) {
    const std::filesystem::path directory =
        path.has_parent_path() ? path.parent_path() : std::filesystem::path{"."};
    const FileDescriptor opened{::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
    if (!opened.is_open() || (::fsync(opened.get()) != 0 && errno != EINVAL)) {
        return body_error(directory, errno);
    }
    return Done{};
}

}  // namespace ostrakon::fetch
