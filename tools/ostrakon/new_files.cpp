#include "new_files.hpp"

#include "ostrakon/base/file_descriptor.hpp"

#include <fcntl.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cerrno>
#include <cstring>

namespace ostrakon::tool {
namespace {

namespace fs = std::filesystem;

constexpr mode_t kConfigDirectoryMode = 0755;
constexpr mode_t kConfigFileMode = 0644;
constexpr mode_t kDatabaseDirectoryMode = 0750;  // it holds evidence

Unexpected<Error> failed_to(std::string_view attempt, const fs::path& path, int error) {
    return Unexpected{
        Error{ErrorCode::System, std::string{attempt} + " " + path.string(), std::strerror(error),
              error == EACCES ? "run it as root, or name a directory of your own" : ""}};
}

}  // namespace

NewFiles::~NewFiles() {
    for (auto path = made_.rbegin(); path != made_.rend(); ++path) {
        std::error_code ignored;
        fs::remove(*path, ignored);  // a directory only if it is empty
    }
}

Result<Done> NewFiles::make_directories(const fs::path& directory) {
    std::error_code ignored;
    if (directory.empty() || fs::is_directory(directory, ignored)) {
        return Done{};
    }
    if (fs::exists(directory, ignored)) {
        return failed_to("make", directory, ENOTDIR);
    }
    if (directory.has_parent_path() && directory.parent_path() != directory) {
        if (auto made = make_directories(directory.parent_path()); !made) {
            return made;
        }
    }
    if (mkdir(directory.c_str(), kConfigDirectoryMode) != 0) {
        return failed_to("make", directory, errno);
    }
    made_.push_back(directory);
    return Done{};
}

Result<bool> NewFiles::write(const fs::path& file, std::string_view text) {
    if (auto made = make_directories(file.parent_path()); !made) {
        return Unexpected{std::move(made.error())};
    }
    const FileDescriptor descriptor{
        open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, kConfigFileMode)};
    if (!descriptor.is_open()) {
        if (errno == EEXIST) {
            return false;
        }
        return failed_to("write", file, errno);
    }
    made_.push_back(file);
    while (!text.empty()) {
        const ssize_t written = ::write(descriptor.get(), text.data(), text.size());
        if (written < 0 && errno != EINTR) {
            return failed_to("write", file, errno);
        }
        text.remove_prefix(static_cast<std::size_t>(written < 0 ? 0 : written));
    }
    return true;
}

Result<Done> NewFiles::make_database_directory(const fs::path& directory, const std::string& user) {
    std::error_code ignored;
    if (fs::is_directory(directory, ignored)) {
        return Done{};
    }
    if (auto made = make_directories(directory.parent_path()); !made) {
        return made;
    }
    if (mkdir(directory.c_str(), kDatabaseDirectoryMode) != 0) {
        return failed_to("make", directory, errno);
    }
    made_.push_back(directory);
    if (const passwd* owner = geteuid() == 0 ? getpwnam(user.c_str()) : nullptr;
        owner != nullptr && chown(directory.c_str(), owner->pw_uid, owner->pw_gid) != 0) {
        return failed_to("give away", directory, errno);
    }
    return Done{};
}

}  // namespace ostrakon::tool
