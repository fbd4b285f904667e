// What the socket layers know about DNS: that somebody turns a query into an answer.
#pragma once

#include "ostrakon/responder/query_batch.hpp"
#include "ostrakon/server/handed_over.hpp"

#include <cstddef>
#include <cstdint>
#include <span>

namespace ostrakon::server {

/// Queries that are read at once.
inline constexpr std::size_t kBatchSizeMax = responder::QueryBatch::kQueriesMax;

/// Answers the queries of one worker thread. All calls come from that thread; none may allocate,
/// lock or throw.
class QueryHandler {
public:
    virtual ~QueryHandler() = default;

    /// Called when queries have been received and before the first of them is answered: what was
    /// acknowledged before they were sent must be seen by them.
    virtual void begin_batch() noexcept = 0;

    /// Takes queries that are to be answered, at most kBatchSizeMax; borrowed until they are.
    virtual void read(std::span<const std::span<const std::uint8_t>> queries) noexcept = 0;

    /// Answers query number `index` of those read last: writes the answer and returns its size in
    /// bytes; 0: this message gets none. `answer` holds kUdpAnswerSizeMax or kTcpAnswerSizeMax
    /// bytes, by the client's transport.
    virtual std::size_t answer(std::size_t index, const responder::Client& client,
                               std::span<std::uint8_t> answer) noexcept = 0;

    /// Whether query number `index` of those read last, over TCP, asks for what takes longer than
    /// an answer, and may have it.
    virtual bool wants_connection(std::size_t, const responder::Client&) noexcept { return false; }

    /// Takes the connection of such a query over, to serve it in another thread; may allocate.
    /// False: it stays with the caller, and the query is to be answered.
    virtual bool take_connection(HandedOver&) { return false; }

    /// Called before the thread may sleep: nothing that costs others may be held on to.
    virtual void before_sleep() noexcept = 0;
};

}  // namespace ostrakon::server
