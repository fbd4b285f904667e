#include "ostrakon/server/tcp_server.hpp"

#include "close_and_delete.hpp"
#include "event_loop_handles.hpp"
#include "socket_address.hpp"
#include "tcp_server_state.hpp"

#include <uv.h>

#include <algorithm>
#include <limits>
#include <list>
#include <utility>

namespace ostrakon::server {

// Where all connections are taken, a new one is worth more than one on which nothing happens
// (RFC 7766 §6.2.3): whoever holds many open does not keep others out.
bool TcpServer::State::admit(const net::Address& client) {
    TcpEntry entry = admission.enter(client);
    if (entry == TcpEntry::Full && close_longest_idle()) {
        entry = admission.enter(client);
    }
    if (entry != TcpEntry::Admitted) {
        admission.note_refused(entry);
    }
    return entry == TcpEntry::Admitted;
}

bool TcpServer::State::close_longest_idle() {
    const auto idle = static_cast<std::uint64_t>(kTcpIdleBeforeDisplaced.count());
    if (by_activity.empty() ||
        by_activity.front()->active_ms + idle > uv_now(&loop.handles().loop)) {
        return false;
    }
    close(*by_activity.front());
    admission.note_displaced();
    return true;
}

// What the client is told of how long it may be idle, in units of 100 ms.
std::uint16_t TcpServer::State::keepalive_100ms() const noexcept {
    if (is_finishing || admission.is_nearly_full()) {
        return 0;
    }
    return static_cast<std::uint16_t>(
        std::min<std::int64_t>(idle_max.count() / 100, std::numeric_limits<std::uint16_t>::max()));
}

void TcpServer::State::take(FileDescriptor socket, const sockaddr_storage& peer) {
    const auto endpoint = endpoint_of(peer);
    if (endpoint && admit(endpoint->address)) {
        add(std::move(socket), {endpoint->address, responder::Transport::Tcp, 0}, {});
    }
}

// Begins with a connection that has been counted already.
void TcpServer::State::add(FileDescriptor socket, const responder::Client& client, Bytes received) {
    auto* connection = new Connection;
    connection->server = this;
    must(uv_tcp_init(&loop.handles().loop, &connection->handle));
    connection->handle.data = connection;
    if (uv_tcp_open(&connection->handle, socket.get()) != 0) {
        admission.leave(client.address);
        close_and_delete(connection);
        return;
    }
    socket.release();
    connection->client = client;
    connection->position = by_activity.insert(by_activity.end(), connection);
    touch(*connection);
    connection->input.assign(received.begin(), received.end());
    settle(*connection);
}

void TcpServer::State::touch(Connection& connection) {
    connection.active_ms = uv_now(&loop.handles().loop);
    by_activity.splice(by_activity.end(), by_activity, connection.position);
    if (!idle_timer_is_armed) {
        arm_idle_timer();
    }
}

void TcpServer::State::arm_idle_timer() {
    idle_timer_is_armed = !by_activity.empty();
    if (!idle_timer_is_armed) {
        idle_timer.stop();
        return;
    }
    const std::uint64_t due =
        by_activity.front()->active_ms + static_cast<std::uint64_t>(idle_max.count());
    const std::uint64_t now_ms = uv_now(&loop.handles().loop);
    idle_timer.start(std::chrono::milliseconds(due > now_ms ? due - now_ms : 0));
}

void TcpServer::State::close_idle() {
    const std::uint64_t now_ms = uv_now(&loop.handles().loop);
    const auto idle = static_cast<std::uint64_t>(idle_max.count());
    while (!by_activity.empty() && by_activity.front()->active_ms + idle <= now_ms) {
        close(*by_activity.front());
        admission.note_timed_out();
    }
    arm_idle_timer();
}

void TcpServer::State::close(Connection& connection) {
    if (connection.is_closing) {
        return;
    }
    admission.leave(connection.client.address);
    forget(connection);
}

void TcpServer::State::forget(Connection& connection) {
    connection.is_closing = true;
    by_activity.erase(connection.position);
    if (connection.is_waiting) {
        std::erase(waiting, &connection);
    }
    close_and_delete(&connection);
    report_when_done();
}

void TcpServer::State::report_when_done() {
    if (is_finishing && by_activity.empty() && when_done) {
        std::exchange(when_done, nullptr)();
    }
}

TcpServer::TcpServer(EventLoop& loop, QueryHandler& handler, TcpAdmission& admission,
                     std::chrono::milliseconds idle_max)
    : state_(std::make_unique<State>(loop, handler, admission, idle_max)) {}

TcpServer::~TcpServer() {
    state_->when_done = nullptr;
    while (!state_->by_activity.empty()) {
        state_->close(*state_->by_activity.front());
    }
}

void TcpServer::add_listener(FileDescriptor socket) {
    state_->listeners.push_back(std::make_unique<TcpListener>(
        state_->loop, std::move(socket),
        [state = state_.get()](FileDescriptor connection, const sockaddr_storage& peer) {
            state->take(std::move(connection), peer);
        }));
}

void TcpServer::set_idle_max(std::chrono::milliseconds idle_max) {
    state_->idle_max = idle_max;
    state_->arm_idle_timer();
}

void TcpServer::begin_turn() noexcept {
    state_->turn_queries_left = kTcpQueriesPerTurn;
}

void TcpServer::finish(std::function<void()> when_done) {
    state_->is_finishing = true;
    state_->when_done = std::move(when_done);
    state_->listeners.clear();
    const std::list<Connection*> all = state_->by_activity;
    for (Connection* connection : all) {  // closing one deletes it only in a later turn
        state_->settle(*connection);
    }
    state_->report_when_done();
}

std::size_t TcpServer::connection_count() const noexcept {
    return state_->by_activity.size();
}

}  // namespace ostrakon::server
