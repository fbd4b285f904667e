#include "event_loop_handles.hpp"
#include "tcp_server_state.hpp"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <uv.h>

#include <algorithm>
#include <span>
#include <utility>
#include <vector>

namespace ostrakon::server {
namespace {

// A connection gives back what it needed for a long message once that is answered.
constexpr std::size_t kInputKept = 4096;

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

}  // namespace ostrakon::server
