// Records on their way from one worker to the thread that writes them: bytes in a ring.
//
// One thread puts in, one takes out; neither waits, locks or allocates. Where there is no room a
// record is lost, and counted.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

namespace ostrakon::server {

class QueryRing {
public:
    /// Bytes of it: some 60,000 questions as they usually are.
    static constexpr std::size_t kSize = std::size_t{4} << 20;
    /// Bytes of a record at most, where the ring is not made for others.
    static constexpr std::size_t kRecordSizeMax = 1024;

    /// For records of at most so many bytes, less than 65536.
    explicit QueryRing(std::size_t record_size_max = kRecordSizeMax)
        : record_size_max_(record_size_max), bytes_(std::make_unique<std::uint8_t[]>(kSize)) {}

    /// Puts a record in; by the one thread.
    void put(std::span<const std::uint8_t> record) noexcept;

    /// Takes the oldest record out into `buffer`, of as many bytes as a record has at most, and
    /// returns its size; 0: there is none. By the other thread.
    std::size_t take(std::span<std::uint8_t> buffer) noexcept;

    /// Records that found no room. Any thread.
    std::uint64_t lost() const noexcept { return lost_.load(std::memory_order_relaxed); }

private:
    void copy_in(std::uint64_t at, std::span<const std::uint8_t> bytes) noexcept;
    void copy_out(std::uint64_t at, std::span<std::uint8_t> bytes) const noexcept;

    static constexpr std::size_t kCacheLine = 64;
    const std::size_t record_size_max_;
    std::unique_ptr<std::uint8_t[]>
        bytes_;  // NOLINT(*-avoid-c-arrays): untouched pages cost nothing
    alignas(kCacheLine) std::atomic<std::uint64_t> end_{0};    // the putter's; both only grow
    alignas(kCacheLine) std::atomic<std::uint64_t> begin_{0};  // the taker's
    alignas(kCacheLine) std::atomic<std::uint64_t> lost_{0};
};

}  // namespace ostrakon::server
