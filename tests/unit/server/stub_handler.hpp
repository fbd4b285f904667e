// Answers without DNS: each query comes back with the bit set that makes it an answer, as long as a
// test wants it.
#pragma once

#include "ostrakon/server/query_handler.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>

namespace ostrakon::server {

/// What a test sees of a StubHandler, from any thread.
struct StubRecord {
    std::atomic<std::size_t> batches{0};
    std::atomic<std::size_t> queries{0};
    std::atomic<std::size_t> sleeps{0};
    std::atomic<std::size_t> unrenewed{
        0};  ///< Queries answered without begin_batch() since the last sleep.
};

class StubHandler : public QueryHandler {
public:
    explicit StubHandler(StubRecord& record, std::size_t answer_size = 0)
        : record_(record), answer_size_(answer_size) {}

    void begin_batch() noexcept override {
        ++record_.batches;
        has_begun_ = true;
    }

    void read(std::span<const std::span<const std::uint8_t>> queries) noexcept override {
        std::copy(queries.begin(), queries.end(), queries_.begin());
    }

    std::size_t answer(std::size_t index, const responder::Client& client,
                       std::span<std::uint8_t> answer) noexcept override {
        const std::span<const std::uint8_t> query = queries_[index];
        ++record_.queries;
        record_.unrenewed += has_begun_ ? 0 : 1;
        last_client = client;
        if (query.size() < 12 || (query[2] & 0x80) != 0) {
            return 0;
        }
        std::copy(query.begin(), query.end(), answer.begin());
        answer[2] |= 0x80;
        const std::size_t size = std::max(answer_size_, query.size());
        std::fill(answer.begin() + static_cast<std::ptrdiff_t>(query.size()),
                  answer.begin() + static_cast<std::ptrdiff_t>(size), std::uint8_t{0});
        return size;
    }

    void before_sleep() noexcept override {
        ++record_.sleeps;
        has_begun_ = false;
    }

    responder::Client last_client;

private:
    StubRecord& record_;
    std::size_t answer_size_;
    std::array<std::span<const std::uint8_t>, kBatchSizeMax> queries_;
    bool has_begun_ = false;
};

}  // namespace ostrakon::server
