// What a worker keeps for each TCP connection. How it behaves is tcp_server.cpp's.
#pragma once

#include "ostrakon/responder/respond.hpp"
#include "ostrakon/server/tcp_server.hpp"

#include <uv.h>

#include <cstdint>
#include <list>
#include <vector>

namespace ostrakon::server {

// Lives until libuv has called on_closed, which may be after its server is gone.
struct Connection {
    uv_tcp_t handle{};
    uv_write_t write{};
    TcpServer::State* server = nullptr;
    responder::Client client;
    std::vector<std::uint8_t> input;   // received and not answered yet
    std::vector<std::uint8_t> output;  // handed to libuv while is_writing
    std::list<Connection*>::iterator position;
    std::uint64_t active_ms = 0;
    bool is_reading = false;
    bool is_writing = false;
    bool is_waiting = false;          // for its turn, with a complete query in `input`
    bool peer_has_finished = false;   // nothing more will come
    bool close_when_written = false;  // what came cannot be answered, nor what follows it
    bool is_closing = false;

    uv_stream_t* stream() { return reinterpret_cast<uv_stream_t*>(&handle); }
};

}  // namespace ostrakon::server
