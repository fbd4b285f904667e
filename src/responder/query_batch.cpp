#include "ostrakon/responder/query_batch.hpp"

#include "ostrakon/base/assert.hpp"

namespace ostrakon::responder {

void QueryBatch::read(std::span<const std::span<const std::uint8_t>> packets, const Site& site,
                      verdict::Judge& judge, bool has_snapshot, UnixTime now) noexcept {
    OSTRAKON_ASSERT(packets.size() <= kQueriesMax);
    site_ = &site.prepared();
    judge_ = &judge;
    has_snapshot_ = has_snapshot;
    now_ = now;
    const std::span<PendingQuery> queries = std::span{queries_}.first(packets.size());
    for (std::size_t i = 0; i < packets.size(); ++i) {
        read_query(packets[i], *site_, queries[i]);
        if (has_snapshot) {
            announce_address(queries[i], judge);
        }
    }
    if (!has_snapshot) {
        return;
    }
    for (const PendingQuery& query : queries) {
        approach_address(query, judge);
    }
    for (PendingQuery& query : queries) {
        locate_address(query, judge, now);
    }
}

std::size_t QueryBatch::answer(std::size_t index, const Client& client,
                               std::span<std::uint8_t> answer) noexcept {
    return answer_query(queries_[index], client, *site_, *judge_, has_snapshot_, now_, answer);
}

bool QueryBatch::gets_answer(std::size_t index) const noexcept {
    return responder::gets_answer(queries_[index]);
}

bool QueryBatch::shows_good_cookie(std::size_t index, const Client& client) const noexcept {
    return responder::shows_good_cookie(queries_[index], client, *site_, now_);
}

std::size_t QueryBatch::answer_in_brief(std::size_t index, const Client& client,
                                        std::span<std::uint8_t> answer) noexcept {
    return responder::answer_in_brief(queries_[index], client, *site_, now_, answer);
}

}  // namespace ostrakon::responder
