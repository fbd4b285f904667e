#include "ostrakon/server/udp_batch.hpp"

#include "ostrakon/server/udp_send.hpp"
#include "socket_address.hpp"

#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>

namespace ostrakon::server {
namespace {

// How long one wait for room in the send buffer may take.
constexpr int kSendWaitMs = 1;

using BatchClock = std::chrono::steady_clock;  // read without entering the kernel

// Buffers lie a cache line more than a power of two apart, so that the starts of a batch do not
// share one set of the cache.
constexpr std::size_t kCacheLineSize = 64;

struct alignas(kCacheLineSize) QueryBuffer {
    std::array<std::uint8_t, kUdpQuerySizeMax + kCacheLineSize> bytes;
};
struct alignas(kCacheLineSize) AnswerBuffer {
    std::array<std::uint8_t, responder::kUdpAnswerSizeMax + kCacheLineSize> bytes;
};
struct ControlBuffer {
    alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(in6_pktinfo))> bytes;
};

// Makes of the address that was asked, as received, the address to answer from.
void answer_from_address_asked(msghdr& received, msghdr& answer, ControlBuffer& control) noexcept {
    cmsghdr* asked = CMSG_FIRSTHDR(&received);
    if (asked == nullptr || asked->cmsg_len > control.bytes.size()) {
        return;
    }
    std::memcpy(control.bytes.data(), asked, asked->cmsg_len);
    auto* header = reinterpret_cast<cmsghdr*>(control.bytes.data());
    if (header->cmsg_level == IPPROTO_IP && header->cmsg_type == IP_PKTINFO) {
        in_pktinfo info;
        std::memcpy(&info, CMSG_DATA(header), sizeof info);
        info.ipi_ifindex =
            0;  // the routing table chooses the interface; ipi_spec_dst is the source
        std::memcpy(CMSG_DATA(header), &info, sizeof info);
        answer.msg_controllen = CMSG_SPACE(sizeof info);
    } else if (header->cmsg_level == IPPROTO_IPV6 && header->cmsg_type == IPV6_PKTINFO) {
        in6_pktinfo info;
        std::memcpy(&info, CMSG_DATA(header), sizeof info);
        if (!IN6_IS_ADDR_LINKLOCAL(&info.ipi6_addr)) {
            info.ipi6_ifindex = 0;
        }
        std::memcpy(CMSG_DATA(header), &info, sizeof info);
        answer.msg_controllen = CMSG_SPACE(sizeof info);
    } else {
        return;
    }
    answer.msg_control = control.bytes.data();
}

// Ports from which nobody asks. To port 0 no answer can be sent, and it would hold up those behind
// it. At the others sits what answers to every datagram (echo, daytime, qotd, chargen, time): a
// forged question from there would begin a conversation without an end. Another name server at
// port 53 does not answer to an answer.
bool is_no_clients_port(std::uint16_t port) noexcept {
    constexpr std::uint64_t kPorts =
        1U | 1U << 7 | 1U << 13 | 1U << 17 | 1U << 19 | std::uint64_t{1} << 37;
    return port < 64 && (kPorts >> port & 1) != 0;
}

void add(std::atomic<std::uint64_t>& counter, std::size_t count) noexcept {
    counter.store(counter.load(std::memory_order_relaxed) + count, std::memory_order_relaxed);
}

}  // namespace

struct UdpBatch::Buffers {
    std::array<QueryBuffer, kBatchSizeMax> queries;
    std::array<AnswerBuffer, kBatchSizeMax> answers;
    std::array<sockaddr_storage, kBatchSizeMax> peers;
    std::array<ControlBuffer, kBatchSizeMax> received_controls;
    std::array<ControlBuffer, kBatchSizeMax> sent_controls;
    std::array<iovec, kBatchSizeMax> received_parts;
    std::array<iovec, kBatchSizeMax> sent_parts;
    std::array<mmsghdr, kBatchSizeMax> received;
    std::array<mmsghdr, kBatchSizeMax> sent;
    std::array<std::span<const std::uint8_t>, kBatchSizeMax> packets;
};

UdpBatch::UdpBatch() : buffers_(std::make_unique<Buffers>()) {
    Buffers& b = *buffers_;
    for (std::size_t i = 0; i < kBatchSizeMax; ++i) {
        b.received_parts[i] = {b.queries[i].bytes.data(), kUdpQuerySizeMax};
        b.received[i] = {};
        b.received[i].msg_hdr.msg_name = &b.peers[i];
        b.received[i].msg_hdr.msg_iov = &b.received_parts[i];
        b.received[i].msg_hdr.msg_iovlen = 1;
        b.sent[i] = {};
        b.sent[i].msg_hdr.msg_iov = &b.sent_parts[i];
        b.sent[i].msg_hdr.msg_iovlen = 1;
    }
}

UdpBatch::~UdpBatch() = default;

std::size_t UdpBatch::serve(const Socket& socket, QueryHandler& handler, int rounds_max) noexcept {
    std::size_t total = 0;
    for (int round = 0; round < rounds_max; ++round) {
        const std::size_t received = serve_one_batch(socket, handler);
        total += received;
        if (received <
            kBatchSizeMax) {  // the socket is empty; asking again would cost a system call
            break;
        }
    }
    return total;
}

std::size_t UdpBatch::receive(const Socket& socket) noexcept {
    Buffers& b = *buffers_;
    // The kernel changes the headers of what it received, and no others: after a single query a
    // single one is made ready again.
    const std::size_t used = is_ready_for_wildcard_ == socket.is_wildcard ? used_ : kBatchSizeMax;
    for (std::size_t i = 0; i < used; ++i) {
        msghdr& header = b.received[i].msg_hdr;
        header.msg_namelen = sizeof b.peers[i];
        header.msg_control = socket.is_wildcard ? b.received_controls[i].bytes.data() : nullptr;
        header.msg_controllen = socket.is_wildcard ? b.received_controls[i].bytes.size() : 0;
    }
    const int count =
        ::recvmmsg(socket.fd, b.received.data(), kBatchSizeMax, MSG_DONTWAIT, nullptr);
    used_ = count > 0 ? static_cast<std::size_t>(count) : 0;
    is_ready_for_wildcard_ = socket.is_wildcard;
    return used_;
}

bool UdpBatch::answer(std::size_t query, std::size_t answer, const Socket& socket,
                      QueryHandler& handler) noexcept {
    Buffers& b = *buffers_;
    msghdr& received = b.received[query].msg_hdr;
    const auto peer = endpoint_of(b.peers[query]);
    if (!peer || is_no_clients_port(peer->port) || (received.msg_flags & MSG_TRUNC) != 0) {
        ++tally_.unanswerable;
        return false;
    }
    const std::span<std::uint8_t> space(b.answers[answer].bytes.data(),
                                        responder::kUdpAnswerSizeMax);
    const std::size_t size =
        handler.answer(query, {peer->address, responder::Transport::Udp}, space);
    if (size == 0) {
        ++tally_.unanswered;
        return false;
    }
    b.sent_parts[answer] = {space.data(), size};
    msghdr& sent = b.sent[answer].msg_hdr;
    sent.msg_name = received.msg_name;
    sent.msg_namelen = received.msg_namelen;
    sent.msg_control = nullptr;
    sent.msg_controllen = 0;
    if (socket.is_wildcard) {
        answer_from_address_asked(received, sent, b.sent_controls[answer]);
    }
    return true;
}

std::size_t UdpBatch::serve_one_batch(const Socket& socket, QueryHandler& handler) noexcept {
    const std::size_t count = receive(socket);
    if (count == 0) {
        return 0;
    }
    const auto begin = BatchClock::now();
    tally_ = {};
    handler.begin_batch();
    for (std::size_t query = 0; query < count; ++query) {
        buffers_->packets[query] = {buffers_->queries[query].bytes.data(),
                                    buffers_->received[query].msg_len};
    }
    handler.read(std::span{buffers_->packets}.first(count));
    std::size_t answers = 0;
    for (std::size_t query = 0; query < count; ++query) {
        answers += answer(query, answers, socket, handler) ? 1 : 0;
    }
    const SendOutcome outcome = send_all(
        answers,
        [&](std::size_t first, std::size_t left) {
            const int sent = ::sendmmsg(socket.fd, buffers_->sent.data() + first,
                                        static_cast<unsigned>(left), MSG_DONTWAIT);
            return sent >= 0 ? sent : -errno;
        },
        [&] {
            pollfd writable{socket.fd, POLLOUT, 0};
            ::poll(&writable, 1, kSendWaitMs);
        });
    const auto taken =
        std::chrono::duration_cast<std::chrono::microseconds>(BatchClock::now() - begin);
    counters_.microseconds.note(static_cast<std::uint64_t>(taken.count()) + 1, count);
    counters_.batch_sizes.note(count);
    add(counters_.received, count);
    add(counters_.unanswerable, tally_.unanswerable);
    add(counters_.unanswered, tally_.unanswered);
    add(counters_.sent, outcome.sent);
    add(counters_.send_failed, outcome.failed);
    add(counters_.send_dropped, outcome.dropped);
    return count;
}

}  // namespace ostrakon::server
