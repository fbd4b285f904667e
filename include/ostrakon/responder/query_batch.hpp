// The queries of one batch: read and looked up together, answered one by one.
#pragma once

#include "ostrakon/responder/pending_query.hpp"

#include <array>
#include <cstddef>
#include <span>

namespace ostrakon::responder {

/// Answers as respond() does, and faster where there is more than one query. It is large: it lives
/// as long as the thread that uses it.
class QueryBatch {
public:
    static constexpr std::size_t kQueriesMax = 64;

    /// Reads the packets, at most kQueriesMax, and finds what is listed for them. Packets, site and
    /// judge are borrowed until the last of them is answered; the rest is as for respond().
    void read(std::span<const std::span<const std::uint8_t>> packets, const Site& site,
              verdict::Judge& judge, bool has_snapshot, UnixTime now) noexcept;

    /// Answers packet number `index` of those read last, as respond() does.
    std::size_t answer(std::size_t index, const Client& client,
                       std::span<std::uint8_t> answer) noexcept;

    /// What was read of it.
    const PendingQuery& query(std::size_t index) const noexcept { return queries_[index]; }
    // See responder/pending_query.hpp.
    bool gets_answer(std::size_t index) const noexcept;
    bool shows_good_cookie(std::size_t index, const Client& client) const noexcept;
    std::size_t answer_in_brief(std::size_t index, const Client& client,
                                std::span<std::uint8_t> answer) noexcept;

private:
    std::array<PendingQuery, kQueriesMax> queries_;
    const Site::Prepared* site_ = nullptr;
    verdict::Judge* judge_ = nullptr;
    bool has_snapshot_ = false;
    UnixTime now_;
};

}  // namespace ostrakon::responder
