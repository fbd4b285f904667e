// Asks a DNS server on this machine as fast as it answers, or at a steady rate, and counts.
//
// Questions of equal size go out sixteen at a time as one message that the kernel cuts
// (UDP_SEGMENT); the generator then needs less CPU than the fastest server.
#pragma once

#include "bench/histogram.hpp"
#include "bench/outstanding.hpp"
#include "support/query_builder.hpp"

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <vector>

namespace ostrakon::bench {

/// Fits into the smallest receive buffer that servers have.
inline constexpr std::size_t kFloodWindow = 224;
/// More than a second of the usual rates, so that a server that stands still is noticed.
inline constexpr std::size_t kRateWindow = 32768;

struct LoadOptions {
    std::uint16_t port = 0;  ///< Of 127.0.0.1.
    double seconds = 3;
    double rate_per_s = 0;   ///< 0: as fast as it answers.
    std::size_t window = 0;  ///< Most questions that wait at once; 0: kFloodWindow, or at a rate
                             ///< kRateWindow.
    std::size_t sockets = 4;
    std::uint64_t first_question = 0;
    std::chrono::milliseconds patience{1000};  ///< What is not answered then is lost.
};

struct LoadResult {
    std::uint64_t sent = 0;
    std::uint64_t answered = 0;
    std::uint64_t lost = 0;
    std::uint64_t unsent = 0;   ///< Due at the rate, but the window was full.
    std::uint64_t strange = 0;  ///< Answers to nothing that waits.
    std::uint64_t listed = 0;   ///< With records in the answer section.
    std::array<std::uint64_t, 16> rcodes{};
    double seconds = 0;
    Histogram times_ns;
    std::chrono::nanoseconds longest_gap{};  ///< Without an answer, from the first one on.
};

/// Packets that lie one after another, in groups of equal size.
class QuestionTrain {
public:
    static constexpr std::size_t kGroup = 16;

    /// Leaves out those of a size that do not fill a group. Throws std::runtime_error where none
    /// are left.
    explicit QuestionTrain(const std::vector<test::Bytes>& questions);

    std::size_t count() const { return starts_.size() - 1; }
    std::uint8_t* packet(std::size_t question) { return &bytes_[starts_[question]]; }
    std::size_t size(std::size_t question) const {
        return starts_[question + 1] - starts_[question];
    }

private:
    test::Bytes bytes_;
    std::vector<std::uint32_t> starts_;
};

/// Runs for the time that the options say, or until `stop` is set; then waits for what is missing.
LoadResult run_load(const LoadOptions& options, QuestionTrain& questions,
                    const std::atomic<bool>& stop);

}  // namespace ostrakon::bench
