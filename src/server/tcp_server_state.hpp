// What a worker knows of all its TCP connections. How they come and go is tcp_server.cpp's, what is
// read and written on them tcp_serving.cpp's, which alone include this.
#pragma once

#include "ostrakon/server/tcp_framing.hpp"
#include "ostrakon/server/tcp_server.hpp"
#include "tcp_connection.hpp"
#include "tcp_listener.hpp"

#include <sys/socket.h>

#include <array>
#include <deque>
#include <list>
#include <span>
#include <vector>

namespace ostrakon::server {

struct TcpServer::State {
    using Bytes = std::span<const std::uint8_t>;

    State(EventLoop& event_loop, QueryHandler& query_handler, TcpAdmission& tcp_admission,
          std::chrono::milliseconds idle)
        : loop(event_loop),
          handler(query_handler),
          admission(tcp_admission),
          idle_max(idle),
          idle_timer(event_loop, [this] { close_idle(); }),
          next_turn(event_loop, [this] { serve_waiting(); }) {}

    bool admit(const net::Address& client);
    bool close_longest_idle();
    std::uint16_t keepalive_100ms() const noexcept;
    void take(FileDescriptor socket, const sockaddr_storage& peer);
    void add(FileDescriptor socket, const responder::Client& client, Bytes received);
    bool hand_over(Connection& connection, Bytes request, Bytes rest);
    void forget(Connection& connection);
    void receive(Connection& connection, Bytes bytes);
    std::size_t serve(Connection& connection, Bytes bytes);
    void write(Connection& connection, std::size_t size);
    void settle(Connection& connection);
    void start_reading(Connection& connection);
    void stop_reading(Connection& connection);
    void wait_for_turn(Connection& connection);
    void serve_waiting();
    void touch(Connection& connection);
    void arm_idle_timer();
    void close_idle();
    void close(Connection& connection);
    void report_when_done();

    EventLoop& loop;
    QueryHandler& handler;
    TcpAdmission& admission;
    std::chrono::milliseconds idle_max;
    Timer idle_timer;
    EveryTurn next_turn;
    bool idle_timer_is_armed = false;
    std::vector<std::unique_ptr<TcpListener>> listeners;
    std::list<Connection*> by_activity;  // the one that has been idle for longest first
    std::deque<Connection*> waiting;
    int turn_queries_left = kTcpQueriesPerTurn;
    bool is_finishing = false;
    std::function<void()> when_done;
    std::array<std::uint8_t, kTcpReadSize> read_buffer{};
    std::array<std::uint8_t, kTcpWriteSize + kFrameHeaderSize + responder::kTcpAnswerSizeMax>
        write_buffer{};
};

}  // namespace ostrakon::server
