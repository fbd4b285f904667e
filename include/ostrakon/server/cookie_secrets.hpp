// Where the secrets of server cookies come from: a file, or chance.
#pragma once

#include "ostrakon/base/result.hpp"
#include "ostrakon/dns/server_cookie.hpp"

#include <string>

namespace ostrakon::server {

/// Reads [server] cookie_secret_file: one secret or two, a line each, 32 hexadecimal digits. Others
/// than its owner and group must have no rights to it. Where `file` is empty the secret is random,
/// and the same each time for as long as this process lives.
Result<dns::CookieSecrets> cookie_secrets(const std::string& file);

}  // namespace ostrakon::server
