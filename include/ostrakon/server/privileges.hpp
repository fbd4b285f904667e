// Giving root up for good, once the sockets are bound.
#pragma once

#include "ostrakon/base/result.hpp"

#include <sys/types.h>

#include <optional>
#include <string>

namespace ostrakon::server {

/// Whom the process becomes.
struct Identity {
    std::string user;
    uid_t uid = 0;
    gid_t gid = 0;
};

/// Looks up `[server] user`. Nothing where there is nothing to change: the process is not root, or
/// the user is "root". A user that does not exist is an error.
Result<std::optional<Identity>> identity_to_become(const std::string& user);

/// Becomes that user with its groups, and makes sure that there is no way back. Then, also without
/// an identity, gives up every capability and the right to gain any by starting another program.
Result<Done> give_up_privileges(const std::optional<Identity>& identity);

/// Raises the limit on open descriptors to `count`, as far as the system lets it; returns the limit
/// that holds.
std::size_t raise_descriptor_limit(std::size_t count);

}  // namespace ostrakon::server
