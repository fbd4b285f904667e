// How long answers took.
#pragma once

#include "support/dns_client.hpp"

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

namespace ostrakon::test {

class Latencies {
public:
    using Duration = std::chrono::steady_clock::duration;

    void add(Duration duration) { durations_.push_back(duration); }
    std::size_t count() const { return durations_.size(); }
    /// The one that `percent` of all do not exceed; 100 is the longest. Zero where there is none.
    std::chrono::duration<double, std::milli> percentile(double percent) const;
    std::size_t count_above(Duration duration) const;
    /// "p50 0.05 ms, p99 0.31 ms, longest 1.20 ms of 2000".
    std::string text() const;

private:
    std::vector<Duration> durations_;
};

/// Asks one question so many times over UDP, one after the other, and measures. Throws
/// std::runtime_error if an answer is missing or not `data`.
Latencies ask_often(UdpClient& client, const Question& question, const std::string& data,
                    int count);

}  // namespace ostrakon::test
