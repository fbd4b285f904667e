// The questions that wait for their answers. Ids are given out in turn, so that the oldest question
// is always known.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace ostrakon::bench {

using Clock = std::chrono::steady_clock;

class Outstanding {
public:
    /// A question that was sent.
    struct Sent {
        Clock::time_point at;
        std::uint32_t question;
        bool waits = false;
    };

    Outstanding() : sent_(kIds) {}

    /// Whether so many more can be sent.
    bool has_ids(std::size_t count) const { return next_ - oldest_ + count <= kIds; }
    std::size_t waiting() const { return waiting_; }

    /// Notes a question that is sent now, and returns its id; has_ids(1) holds.
    std::uint16_t add(Clock::time_point now, std::uint32_t question) {
        sent_[next_ % kIds] = {now, question, true};
        ++waiting_;
        return static_cast<std::uint16_t>(next_++ % kIds);
    }
    /// What waits under this id; nothing where nothing does.
    const Sent* find(std::uint16_t id) const { return sent_[id].waits ? &sent_[id] : nullptr; }
    /// What find() gave was answered.
    void finish(std::uint16_t id) {
        sent_[id].waits = false;
        --waiting_;
        drop_finished();
    }
    /// Gives those up that were sent before `limit`, and returns how many there were.
    std::size_t give_up(Clock::time_point limit) {
        std::size_t lost = 0;
        while (oldest_ < next_ && sent_[oldest_ % kIds].at < limit) {
            sent_[oldest_ % kIds].waits = false;
            ++lost;
            --waiting_;
            drop_finished();
        }
        return lost;
    }

private:
    static constexpr std::size_t kIds = 65536;

    void drop_finished() {
        while (oldest_ < next_ && !sent_[oldest_ % kIds].waits) {
            ++oldest_;
        }
    }

    std::vector<Sent> sent_;
    std::uint64_t oldest_ = 0;  ///< Waits, or equals next_.
    std::uint64_t next_ = 0;
    std::size_t waiting_ = 0;
};

}  // namespace ostrakon::bench
