#include "support/latencies.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace ostrakon::test {

std::chrono::duration<double, std::milli> Latencies::percentile(double percent) const {
    if (durations_.empty()) {
        return {};
    }
    std::vector<Duration> sorted = durations_;
    const double rank = std::ceil(static_cast<double>(sorted.size()) * percent / 100);
    const auto index = static_cast<std::ptrdiff_t>(std::max(rank, 1.0)) - 1;
    std::nth_element(sorted.begin(), sorted.begin() + index, sorted.end());
    return sorted[static_cast<std::size_t>(index)];
}

std::size_t Latencies::count_above(Duration duration) const {
    return static_cast<std::size_t>(
        std::count_if(durations_.begin(), durations_.end(),
                      [duration](Duration each) { return each > duration; }));
}

std::string Latencies::text() const {
    return fmt::format("p50 {:.2f} ms, p99 {:.2f} ms, longest {:.2f} ms of {}",
                       percentile(50).count(), percentile(99).count(), percentile(100).count(),
                       count());
}

Latencies ask_often(UdpClient& client, const Question& question, const std::string& data,
                    int count) {
    Latencies latencies;
    for (int i = 0; i < count; ++i) {
        const auto asked = std::chrono::steady_clock::now();
        const Reply reply = client.ask(question);
        latencies.add(std::chrono::steady_clock::now() - asked);
        if (reply.data != std::vector<std::string>{data}) {
            throw std::runtime_error(fmt::format("question {} was answered {} {}", i, reply.rcode,
                                                 reply.data.empty() ? "" : reply.data.front()));
        }
    }
    return latencies;
}

}  // namespace ostrakon::test
