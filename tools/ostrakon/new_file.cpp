#include "new_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <utility>

namespace ostrakon::tool {
namespace {

Unexpected<Error> is_there(const std::filesystem::path& path) {
    return Unexpected{Error{ErrorCode::Refused, "write " + path.string(), "it is there already",
                            "name another file, or replace it with --yes"}};
}

}  // namespace

Unexpected<Error> NewFile::failed(int error) const {
    return Unexpected{
        Error{ErrorCode::System, "write " + path_.string(), std::strerror(error), ""}};
}

Result<NewFile> NewFile::begin(const std::filesystem::path& path, bool may_replace) {
    NewFile made{path, may_replace};
    struct stat status {};
    if (lstat(path.c_str(), &status) == 0) {
        if (!S_ISREG(status.st_mode)) {
            return Unexpected{Error{ErrorCode::Usage, "write " + path.string(),
                                    "it is there and no file", "name a file"}};
        }
        if (!may_replace) {
            return is_there(path);
        }
    }
    made.temporary_ = path.string() + ".XXXXXX";
    made.file_ = FileDescriptor{mkostemp(made.temporary_.data(), O_CLOEXEC)};
    if (!made.file_.is_open()) {
        made.temporary_.clear();
        return made.failed(errno);
    }
    return made;
}

Result<NewFile> NewFile::begin_alone(const std::filesystem::path& path) {
    NewFile made{path, true};
    made.temporary_ = path.string() + ".partial";
    unlink(made.temporary_.c_str());
    made.file_ = FileDescriptor{
        open(made.temporary_.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600)};
    if (!made.file_.is_open()) {
        const int error = errno;
        made.temporary_.clear();
        return made.failed(error);
    }
    return made;
}

NewFile::NewFile(NewFile&& other) noexcept
    : path_(std::move(other.path_)),
      temporary_(std::exchange(other.temporary_, {})),
      may_replace_(other.may_replace_),
      file_(std::move(other.file_)) {}

NewFile::~NewFile() {
    if (!temporary_.empty()) {
        unlink(temporary_.c_str());
    }
}

Result<Done> NewFile::write(std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t written = ::write(file_.get(), bytes.data(), bytes.size());
        if (written < 0 && errno != EINTR) {
            return failed(errno);
        }
        bytes.remove_prefix(static_cast<std::size_t>(written < 0 ? 0 : written));
    }
    return Done{};
}

Result<Done> NewFile::sync() {
    return fsync(file_.get()) == 0 ? Result<Done>{Done{}} : failed(errno);
}

Result<Done> NewFile::keep() {
    // A file that has come there meanwhile is no less precious than one that was there before.
    const unsigned flags = may_replace_ ? 0U : unsigned{RENAME_NOREPLACE};
    if (renameat2(AT_FDCWD, temporary_.c_str(), AT_FDCWD, path_.c_str(), flags) != 0) {
        return errno == EEXIST ? is_there(path_) : failed(errno);
    }
    temporary_.clear();
    const auto parent = path_.has_parent_path() ? path_.parent_path() : ".";
    const FileDescriptor directory{open(parent.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
    if (!directory.is_open() || fsync(directory.get()) != 0) {
        return failed(errno);
    }
    return Done{};
}

}  // namespace ostrakon::tool
