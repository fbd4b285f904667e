#include "tcp_listener.hpp"

#include "ostrakon/net/socket_address.hpp"
#include "socket_address.hpp"

#include <cerrno>
#include <utility>

namespace ostrakon::server {
namespace {

bool is_shortage(int error_number) {
    return error_number == EMFILE || error_number == ENFILE || error_number == ENOBUFS ||
           error_number == ENOMEM;
}

}  // namespace

TcpListener::TcpListener(EventLoop& loop, FileDescriptor socket, OnConnection on_connection)
    : loop_(loop),
      socket_(std::move(socket)),
      on_connection_(std::move(on_connection)),
      pause_(loop, [this] { watch(); }) {
    watch();
}

void TcpListener::watch() {
    watch_.emplace(loop_, socket_.get(), [this] { accept_some(); });
}

void TcpListener::accept_some() {
    for (int i = 0; i < kAcceptsPerTurn; ++i) {
        net::SocketAddress peer;
        peer.size = sizeof peer.storage;
        FileDescriptor connection(
            ::accept4(socket_.get(), peer.get(), &peer.size, SOCK_NONBLOCK | SOCK_CLOEXEC));
        if (connection.is_open()) {
            on_connection_(std::move(connection), peer.storage);
        } else if (is_shortage(errno)) {
            watch_.reset();  // the socket stays readable: watching it would be work for nothing
            pause_.start(kAcceptPause);
            return;
        } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
            return;
        }  // anything else was that connection's own end (accept(2))
    }
}

}  // namespace ostrakon::server
