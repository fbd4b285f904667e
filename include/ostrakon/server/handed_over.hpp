// A TCP connection that leaves its worker, for something that takes longer than a query.
#pragma once

#include "ostrakon/base/file_descriptor.hpp"
#include "ostrakon/responder/respond.hpp"

#include <cstdint>
#include <functional>
#include <vector>

namespace ostrakon::server {

struct HandedOver {
    FileDescriptor socket;  ///< Does not block. It stays counted among the open connections.
    responder::Client client;
    std::vector<std::uint8_t> request;  ///< The message, without its length.
    std::vector<std::uint8_t> rest;     ///< What has been read behind it.
    /// Gives the connection back to its worker, from any thread.
    std::function<void(HandedOver)> give_back;
};

}  // namespace ostrakon::server
