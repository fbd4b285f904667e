// The sockets that requests arrive on.
#pragma once

#include "ostrakon/base/file_descriptor.hpp"
#include "ostrakon/base/result.hpp"
#include "ostrakon/net/address.hpp"

#include <cstdint>
#include <string>

namespace ostrakon::http {

/// Connections that may wait to be accepted.
inline constexpr int kBacklog = 128;

struct Listening {
    FileDescriptor socket;
    std::uint16_t port = 0;  ///< What port 0 became; 0 for a UNIX socket.
};

/// Listens on a TCP port. Error: System.
Result<Listening> listen_on(const net::Address& address, std::uint16_t port);

/// Listens on a UNIX socket that its owner and group may use (0660). One of a process that is gone
/// is replaced; one that somebody listens on is an error, as is a file of another kind.
Result<Listening> listen_on(const std::string& path);

}  // namespace ostrakon::http
