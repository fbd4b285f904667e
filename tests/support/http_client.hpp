// A client of HTTP that sends what a test says, byte by byte, and reads what comes.
#pragma once

#include "ostrakon/base/file_descriptor.hpp"

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>

namespace ostrakon::test {

struct HttpReply {
    int status = 0;                              ///< 0: no answer came.
    std::map<std::string, std::string> headers;  ///< Their names in lower case.
    std::string body;
};

class HttpConnection {
public:
    /// To 127.0.0.1, from `from`. Throws std::runtime_error.
    explicit HttpConnection(std::uint16_t port, const std::string& from = "127.0.0.1");
    /// To a UNIX socket.
    explicit HttpConnection(const std::filesystem::path& path);

    /// False where the other side has closed.
    bool send(std::string_view bytes);
    /// Reads one reply; waits at most ten seconds for each part of it.
    HttpReply read();
    /// Waits until the other side has closed, at most ten seconds; whether it has.
    bool is_closed();

private:
    bool fill();
    FileDescriptor socket_;
    std::string buffer_;
};

/// One question on a connection of its own. `head` are further header lines, each with its CRLF.
HttpReply http_get(std::uint16_t port, std::string_view target, std::string_view head = {});
/// The same over a UNIX socket.
HttpReply http_get(const std::filesystem::path& socket, std::string_view target);
HttpReply http_post(std::uint16_t port, std::string_view target, std::string_view body,
                    std::string_view head = {});

}  // namespace ostrakon::test
