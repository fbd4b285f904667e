#include "ostrakon/server/privileges.hpp"

#include <grp.h>
#include <linux/capability.h>
#include <pwd.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <vector>

namespace ostrakon::server {
namespace {

Unexpected<Error> failed_to(std::string attempt) {
    return Unexpected{Error{ErrorCode::System, std::move(attempt), std::strerror(errno), {}}};
}

Result<Done> become(const Identity& identity) {
    const std::string attempt = "become user " + identity.user;
    if (::initgroups(identity.user.c_str(), identity.gid) != 0 ||
        ::setresgid(identity.gid, identity.gid, identity.gid) != 0 ||
        ::setresuid(identity.uid, identity.uid, identity.uid) != 0) {
        return failed_to(attempt);
    }
    if (identity.uid != 0 && (::setuid(0) == 0 || ::geteuid() == 0)) {
        return Unexpected{Error{ErrorCode::System, attempt, "root could be taken back", {}}};
    }
    // Another process of this user may not attach to one that holds what root has opened.
    ::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
    return Done{};
}

// The ports are bound: nothing that comes needs a capability, whoever started us with which.
Result<Done> drop_capabilities() {
    ::prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
    __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
    std::array<__user_cap_data_struct, 2> none{};
    if (::syscall(SYS_capset, &header, none.data()) != 0) {
        return failed_to("give up capabilities");
    }
    return Done{};
}

}  // namespace

Result<std::optional<Identity>> identity_to_become(const std::string& user) {
    if (::geteuid() != 0 || user == "root") {
        return std::optional<Identity>{};
    }
    std::vector<char> space(16384);
    passwd entry{};
    passwd* found = nullptr;
    ::getpwnam_r(user.c_str(), &entry, space.data(), space.size(), &found);
    if (found == nullptr) {
        return Unexpected{Error{ErrorCode::System, "become user " + user, "there is no such user",
                                "create it, or set [server] user; \"root\" keeps root"}};
    }
    return std::optional<Identity>{{user, entry.pw_uid, entry.pw_gid}};
}

Result<Done> give_up_privileges(const std::optional<Identity>& identity) {
    if (identity) {
        if (auto became = become(*identity); !became) {
            return became;
        }
    }
    // Who stays root by configuration keeps what root can do: the database may belong to somebody
    // else.
    if (::geteuid() != 0) {
        if (auto dropped = drop_capabilities(); !dropped) {
            return dropped;
        }
    }
    if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) {
        return failed_to("give up new privileges");
    }
    return Done{};
}

std::size_t raise_descriptor_limit(std::size_t count) {
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) {
        return 0;
    }
    if (limit.rlim_cur < count) {
        rlimit raised = limit;
        raised.rlim_max = std::max<rlim_t>(limit.rlim_max, count);
        raised.rlim_cur = count;
        if (::setrlimit(RLIMIT_NOFILE, &raised) != 0) {  // only root raises the hard limit
            raised.rlim_max = limit.rlim_max;
            raised.rlim_cur = std::min<rlim_t>(limit.rlim_max, count);
            ::setrlimit(RLIMIT_NOFILE, &raised);
        }
        ::getrlimit(RLIMIT_NOFILE, &limit);
    }
    return limit.rlim_cur;
}

}  // namespace ostrakon::server
