#include "privileges.hpp"

#include <grp.h>
#include <sys/stat.h>
#include <unistd.h>
#include <array>
#include <cerrno>
#include <cstring>

namespace ostrakon::tool {
namespace {

constexpr mode_t kNothingForOthers = 0007;

Unexpected<Error> failed_to(std::string attempt) {
    return Unexpected{Error{ErrorCode::System, std::move(attempt), std::strerror(errno), ""}};
}

}  // namespace

Result<Done> become_owner_of(const std::filesystem::path& directory) {
    umask(kNothingForOthers);
    struct stat status {};
    if (geteuid() != 0 || stat(directory.c_str(), &status) != 0) {
        return Done{};
    }
    if (status.st_uid == 0 && status.st_gid == getegid()) {
        return Done{};
    }
    const std::array<gid_t, 1> groups{status.st_gid};
    if (setgroups(groups.size(), groups.data()) != 0 || setgid(status.st_gid) != 0 ||
        setuid(status.st_uid) != 0) {
        return failed_to("become the owner of " + directory.string());
    }
    return Done{};
}

}  // namespace ostrakon::tool
