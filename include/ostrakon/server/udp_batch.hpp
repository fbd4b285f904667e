// Queries over UDP, received, answered and sent in batches: the hot path's outermost layer.
//
// One system call receives up to 64 queries, one sends their answers. Between them nothing
// allocates, locks, logs or enters the kernel.
#pragma once

#include "ostrakon/metrics/counter.hpp"
#include "ostrakon/server/query_handler.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>

namespace ostrakon::server {

/// Bytes of the longest query that is looked at; a longer datagram gets no answer.
inline constexpr std::size_t kUdpQuerySizeMax = 2048;
/// Batches taken from one socket before the loop's other events have their turn.
inline constexpr int kRoundsMax = 16;

/// What has gone over UDP in one worker. Written by that worker alone; any thread may read.
struct UdpCounters {
    std::atomic<std::uint64_t> received{0};
    std::atomic<std::uint64_t> sent{0};
    std::atomic<std::uint64_t> unanswerable{
        0};  ///< From a port that is no client's, or longer than kUdpQuerySizeMax.
    std::atomic<std::uint64_t> unanswered{0};    ///< The handler had no answer.
    std::atomic<std::uint64_t> send_failed{0};   ///< The system refused to send this answer.
    std::atomic<std::uint64_t> send_dropped{0};  ///< The socket stayed full.
    /// Microseconds from when a batch was received until its answers were sent, for each of its
    /// queries. What waits in the socket before that is not in it.
    metrics::Histogram<21> microseconds;
    metrics::Histogram<7> batch_sizes;
};

/// The buffers of one worker, used for all its UDP sockets in turn.
class UdpBatch {
public:
    UdpBatch();
    ~UdpBatch();
    UdpBatch(const UdpBatch&) = delete;
    UdpBatch& operator=(const UdpBatch&) = delete;

    struct Socket {
        int fd = -1;               ///< Not blocking.
        bool is_wildcard = false;  ///< Bound to 0.0.0.0 or ::, with packet information switched on.
    };

    /// Receives and answers what waits at the socket, at most `rounds_max` batches. Returns how
    /// many queries were received.
    std::size_t serve(const Socket& socket, QueryHandler& handler,
                      int rounds_max = kRoundsMax) noexcept;

    const UdpCounters& counters() const noexcept { return counters_; }

private:
    struct Buffers;

    /// Counts of one batch, before they go into the counters.
    struct Tally {
        std::size_t unanswerable = 0;
        std::size_t unanswered = 0;
    };

    std::size_t serve_one_batch(const Socket& socket, QueryHandler& handler) noexcept;
    std::size_t receive(const Socket& socket) noexcept;
    /// Answers query number `query` of the batch as answer number `answer`; false where it gets
    /// none.
    bool answer(std::size_t query, std::size_t answer, const Socket& socket,
                QueryHandler& handler) noexcept;

    std::unique_ptr<Buffers> buffers_;
    std::size_t used_ = kBatchSizeMax;    ///< Headers that are to be made ready again.
    bool is_ready_for_wildcard_ = false;  ///< The kind of socket that all headers are ready for.
    Tally tally_;
    UdpCounters counters_;
};

}  // namespace ostrakon::server
