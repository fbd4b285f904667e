#include "ostrakon/server/tcp_server.hpp"

#include "close_and_delete.hpp"
#include "event_loop_handles.hpp"
#include "ostrakon/server/tcp_framing.hpp"
#include "socket_address.hpp"
#include "tcp_connection.hpp"
#include "tcp_listener.hpp"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <uv.h>

#include <algorithm>
#include <array>
#include <deque>
#include <limits>
#include <list>
#include <span>
#include <utility>
#include <vector>

namespace ostrakon::server {
namespace {

using Bytes = std::span<const std::uint8_t>;

// A connection gives back what it needed for a long message once that is answered.
constexpr std::size_t kInputKept = 4096;

}  // namespace

struct TcpServer::State {
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

namespace {

// Whether the kernel holds bytes of this connection that have not been read.
bool has_unread_bytes(Connection& connection) {
    int fd = -1;
    int count = 0;
    return uv_fileno(reinterpret_cast<const uv_handle_t*>(&connection.handle), &fd) == 0 &&
           ::ioctl(fd, FIONREAD, &count) == 0 && count > 0;
}

void on_allocate(uv_handle_t* handle, size_t, uv_buf_t* buffer) {
    auto& space = static_cast<Connection*>(handle->data)->server->read_buffer;
    *buffer =
        uv_buf_init(reinterpret_cast<char*>(space.data()), static_cast<unsigned>(space.size()));
}

void on_read(uv_stream_t* stream, ssize_t size, const uv_buf_t* buffer) {
    auto& connection = *static_cast<Connection*>(stream->data);
    if (size > 0) {
        const auto* bytes = reinterpret_cast<const std::uint8_t*>(buffer->base);
        connection.server->receive(connection, {bytes, static_cast<std::size_t>(size)});
    } else if (size == UV_EOF) {
        connection.peer_has_finished = true;
        connection.server->settle(connection);
    } else if (size < 0) {
        connection.server->close(connection);
    }
}

void on_written(uv_write_t* request, int status) {
    auto& connection = *static_cast<Connection*>(request->data);
    if (connection.is_closing) {  // the server may be gone already
        return;
    }
    connection.is_writing = false;
    connection.output = {};
    if (status != 0) {
        connection.server->close(connection);
        return;
    }
    connection.server->touch(connection);
    connection.server->settle(connection);
}

}  // namespace

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

// Gives the connection to whom serves its query in another thread. It stays counted.
bool TcpServer::State::hand_over(Connection& connection, Bytes request, Bytes rest) {
    int fd = -1;
    if (uv_fileno(reinterpret_cast<const uv_handle_t*>(&connection.handle), &fd) != 0) {
        return false;
    }
    HandedOver handed;
    handed.socket = FileDescriptor{::fcntl(fd, F_DUPFD_CLOEXEC, 0)};
    if (!handed.socket.is_open()) {
        return false;
    }
    handed.client = connection.client;
    handed.request.assign(request.begin(), request.end());
    handed.rest.assign(rest.begin(), rest.end());
    // The loop outlives the threads that may call this, and what is posted too late is closed.
    handed.give_back = [this](HandedOver back) {
        loop.post([this, kept = std::make_shared<HandedOver>(std::move(back))] {
            add(std::move(kept->socket), kept->client, kept->rest);
        });
    };
    if (!handler.take_connection(handed)) {
        return false;
    }
    forget(connection);
    return true;
}

void TcpServer::State::receive(Connection& connection, Bytes bytes) {
    std::vector<std::uint8_t>& input = connection.input;
    if (input.empty()) {
        const std::size_t used = serve(connection, bytes);
        input.assign(bytes.begin() + static_cast<std::ptrdiff_t>(used), bytes.end());
    } else {
        input.insert(input.end(), bytes.begin(), bytes.end());
        const std::size_t used = serve(connection, input);
        input.erase(input.begin(), input.begin() + static_cast<std::ptrdiff_t>(used));
    }
    settle(connection);
}

// Answers complete queries at the start of `bytes`, as many as the turn allows and the client
// takes, and returns the size of what is done with.
std::size_t TcpServer::State::serve(Connection& connection, Bytes bytes) {
    int slice = std::min(turn_queries_left, kTcpQueriesPerSlice);
    std::size_t used = 0;
    std::size_t written = 0;
    handler.begin_batch();
    connection.client.keepalive_100ms = keepalive_100ms();
    for (; slice > 0 && !connection.is_writing && !connection.is_closing; --slice) {
        const Frame frame = first_frame(bytes.subspan(used));
        if (frame.state == FrameState::Incomplete) {
            break;
        }
        const bool is_whole = frame.state == FrameState::Complete;
        if (is_whole) {
            handler.read({&frame.message, 1});
        }
        if (is_whole && !is_finishing && handler.wants_connection(0, connection.client)) {
            if (written > 0) {  // what came before goes out before
                write(connection, std::exchange(written, 0));
            }
            if (connection.is_writing || connection.is_closing) {
                break;
            }
            if (hand_over(connection, frame.message, bytes.subspan(used + frame.size))) {
                return bytes.size();
            }
        }
        const std::span<std::uint8_t> space = std::span(write_buffer).subspan(written);
        const std::size_t size =
            is_whole ? handler.answer(0, connection.client,
                                      space.subspan(kFrameHeaderSize, responder::kTcpAnswerSizeMax))
                     : 0;
        if (size == 0) {
            connection.close_when_written = true;
            break;
        }
        --turn_queries_left;
        write_frame_header(space.first<kFrameHeaderSize>(), size);
        written += kFrameHeaderSize + size;
        used += frame.size;
        if (written >= kTcpWriteSize) {
            write(connection, std::exchange(written, 0));
        }
    }
    if (written > 0) {
        write(connection, written);
    }
    if (used > 0 && !connection.is_closing) {
        touch(connection);
    }
    return used;
}

// Writes the start of write_buffer; what the client does not take at once is kept for it, and
// is_writing is set.
void TcpServer::State::write(Connection& connection, std::size_t size) {
    const auto bytes = std::span(write_buffer).first(size);
    const uv_buf_t all =
        uv_buf_init(reinterpret_cast<char*>(bytes.data()), static_cast<unsigned>(bytes.size()));
    const int taken = uv_try_write(connection.stream(), &all, 1);
    if (taken < 0 && taken != UV_EAGAIN) {
        close(connection);
        return;
    }
    const std::size_t done = taken < 0 ? 0 : static_cast<std::size_t>(taken);
    if (done == size) {
        return;
    }
    connection.output.assign(bytes.begin() + static_cast<std::ptrdiff_t>(done), bytes.end());
    connection.write.data = &connection;
    const uv_buf_t rest = uv_buf_init(reinterpret_cast<char*>(connection.output.data()),
                                      static_cast<unsigned>(connection.output.size()));
    if (uv_write(&connection.write, connection.stream(), &rest, 1, on_written) != 0) {
        close(connection);
        return;
    }
    connection.is_writing = true;
}

// Decides how a connection goes on after something has happened to it.
void TcpServer::State::settle(Connection& connection) {
    if (connection.is_closing) {
        return;
    }
    if (connection.is_writing) {
        stop_reading(connection);  // until on_written
        return;
    }
    if (connection.close_when_written) {
        close(connection);
        return;
    }
    if (first_frame(connection.input).state != FrameState::Incomplete) {
        stop_reading(connection);
        wait_for_turn(connection);
        return;
    }
    if (connection.peer_has_finished || (is_finishing && !has_unread_bytes(connection))) {
        close(connection);
        return;
    }
    if (connection.input.empty() && connection.input.capacity() > kInputKept) {
        connection.input = {};
    }
    start_reading(connection);
}

void TcpServer::State::start_reading(Connection& connection) {
    if (!connection.is_reading) {
        connection.is_reading = true;
        if (uv_read_start(connection.stream(), on_allocate, on_read) != 0) {
            close(connection);
        }
    }
}

void TcpServer::State::stop_reading(Connection& connection) {
    if (connection.is_reading) {
        connection.is_reading = false;
        uv_read_stop(connection.stream());
    }
}

void TcpServer::State::wait_for_turn(Connection& connection) {
    if (connection.is_waiting) {
        return;
    }
    connection.is_waiting = true;
    waiting.push_back(&connection);
    next_turn.start();
}

void TcpServer::State::serve_waiting() {
    turn_queries_left = kTcpQueriesPerTurn;
    for (std::size_t count = waiting.size(); count > 0 && turn_queries_left > 0; --count) {
        Connection& connection = *waiting.front();
        waiting.pop_front();
        connection.is_waiting = false;
        receive(connection, {});
    }
    if (waiting.empty()) {
        next_turn.stop();
    }
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
