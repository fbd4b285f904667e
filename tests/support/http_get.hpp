// Asks an HTTP server one thing, over TCP or a UNIX socket.
#pragma once

#include "support/dns_client.hpp"

#include <filesystem>
#include <string>

namespace ostrakon::test {

struct HttpAnswer {
    int status = 0;       ///< 0: there was no answer.
    std::string headers;  ///< With the status line.
    std::string body;
};

HttpAnswer http_get(const ServerAddress& server, const std::string& path,
                    const std::string& method = "GET");
HttpAnswer http_get(const std::filesystem::path& socket, const std::string& path,
                    const std::string& method = "GET");

}  // namespace ostrakon::test
