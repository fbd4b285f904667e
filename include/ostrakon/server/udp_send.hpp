// Sends a batch of datagrams so that one which cannot be sent costs no other.
//
// sendmmsg(2) stops at the first datagram that fails and reports an error only when that is the
// first of the call. The system call itself is a parameter, so that every failure can be tried.
#pragma once

#include <cerrno>
#include <cstddef>

namespace ostrakon::server {

/// How often one batch waits for room in the socket's send buffer before what is left of it is
/// dropped.
inline constexpr int kSendWaitsMax = 3;

struct SendOutcome {
    std::size_t sent = 0;
    std::size_t failed = 0;   ///< Refused by the system, each by itself.
    std::size_t dropped = 0;  ///< Left when the socket stayed full.
};

/// Sends datagrams 0 to count - 1. `send_some(first, count)` returns how many it has sent, or minus
/// errno when the first one failed; `wait_writable()` waits a short, bounded time for room.
template <class SendSome, class WaitWritable>
SendOutcome send_all(std::size_t count, SendSome&& send_some,
                     WaitWritable&& wait_writable) noexcept {
    SendOutcome outcome;
    int waits_left = kSendWaitsMax;
    for (std::size_t next = 0; next < count;) {
        const int result = send_some(next, count - next);
        if (result > 0) {
            outcome.sent += static_cast<std::size_t>(result);
            next += static_cast<std::size_t>(result);
        } else if (result == -EAGAIN || result == -EINTR) {
            if (waits_left-- == 0) {
                outcome.dropped = count - next;
                break;
            }
            wait_writable();
        } else {
            ++outcome.failed;
            ++next;
        }
    }
    return outcome;
}

}  // namespace ostrakon::server
