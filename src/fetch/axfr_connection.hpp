// A zone's URL, and the TCP connection to who serves it. Included by this module's sources only.
#pragma once

#include "attempt.hpp"
#include "dns_message.hpp"
#include "ostrakon/base/file_descriptor.hpp"

#include <optional>

namespace ostrakon::fetch {

struct AxfrTarget {
    std::string host, port;
    dns::Name zone;
};

/// axfr://HOST[:PORT]/ZONE. Nothing where it is none.
std::optional<AxfrTarget> read_axfr_target(std::string_view url);

/// One TCP connection to the name server.
class AxfrConnection {
public:
    /// Within the attempt's limit for it.
    static Result<AxfrConnection> open(const Attempt& attempt, const AxfrTarget& target);

    /// False where it cannot be sent.
    bool send(const Bytes& message);
    /// The next message; empty where none comes whole.
    Bytes receive();

private:
    AxfrConnection(FileDescriptor socket, Clock::time_point deadline)
        : socket_(std::move(socket)), deadline_(deadline) {}
    bool read_all(std::span<std::uint8_t> bytes);
    FileDescriptor socket_;
    Clock::time_point deadline_;
};

}  // namespace ostrakon::fetch
