// The limit of the sockets: sends every packet back as an answer, and does nothing else. One
// thread, libuv's poll, recvmmsg and sendmmsg, as a worker of ostrakond has them.
//
//   bench_echo PORT     on 127.0.0.1, until it is ended
#include <netinet/in.h>
#include <sys/socket.h>
#include <uv.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstdlib>

namespace ostrakon::bench {
namespace {

constexpr std::size_t kBatch = 64;
constexpr int kBatchesPerWakeup = 16;
constexpr std::size_t kPacketSizeMax = 1500;
constexpr int kBufferBytes = 4 << 20;
constexpr std::uint8_t kAnswerFlag = 0x80;  // QR, in the third byte of the header
constexpr std::size_t kFlagsAt = 2;

class Echo {
public:
    explicit Echo(int fd) : fd_(fd) {
        for (std::size_t i = 0; i < kBatch; ++i) {
            msghdr& header = messages_[i].msg_hdr;
            header.msg_iov = &parts_[i];
            header.msg_iovlen = 1;
            header.msg_name = &peers_[i];
        }
    }

    /// Answers one batch; false if the socket was left empty.
    bool serve() {
        for (std::size_t i = 0; i < kBatch; ++i) {
            parts_[i] = {packets_[i].data(), kPacketSizeMax};
            messages_[i].msg_hdr.msg_namelen = sizeof peers_[i];
        }
        const int received = ::recvmmsg(fd_, messages_.data(), kBatch, MSG_DONTWAIT, nullptr);
        const auto count = static_cast<unsigned>(received > 0 ? received : 0);
        for (unsigned i = 0; i < count; ++i) {
            packets_[i][kFlagsAt] |= kAnswerFlag;
            parts_[i].iov_len = messages_[i].msg_len;
        }
        send(count);
        return count == kBatch;
    }

private:
    void send(unsigned count) {
        for (unsigned done = 0; done < count;) {
            const int sent = ::sendmmsg(fd_, &messages_[done], count - done, 0);
            if (sent > 0) {
                done += static_cast<unsigned>(sent);
            } else if (errno != EINTR && errno != EAGAIN) {
                ++done;  // this one cannot be sent
            }
        }
    }

    int fd_;
    std::array<std::array<std::uint8_t, kPacketSizeMax>, kBatch> packets_{};
    std::array<sockaddr_storage, kBatch> peers_{};
    std::array<iovec, kBatch> parts_{};
    std::array<mmsghdr, kBatch> messages_{};
};

int open_socket(std::uint16_t port) {
    const int fd = ::socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    ::setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &kBufferBytes, sizeof kBufferBytes);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (fd < 0 || ::bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
        std::perror("bench_echo");
        std::exit(1);
    }
    return fd;
}

int run(std::uint16_t port) {
    const int fd = open_socket(port);
    static Echo echo{fd};
    uv_poll_t poll;
    uv_poll_init_socket(uv_default_loop(), &poll, fd);
    uv_poll_start(&poll, UV_READABLE, [](uv_poll_t*, int, int) {
        for (int batch = 0; batch < kBatchesPerWakeup && echo.serve(); ++batch) {
        }
    });
    return uv_run(uv_default_loop(), UV_RUN_DEFAULT);
}

}  // namespace
}  // namespace ostrakon::bench

int main(int argc, char** argv) {
    const int port = argc == 2 ? std::atoi(argv[1]) : 0;
    if (port < 1 || port > UINT16_MAX) {
        std::fputs("usage: bench_echo PORT\n", stderr);
        return 2;
    }
    return ostrakon::bench::run(static_cast<std::uint16_t>(port));
}
