// Writes figures as Prometheus reads them: its text exposition format, version 0.0.4.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace ostrakon::metrics {

/// The type of the text, for HTTP.
inline constexpr std::string_view kPrometheusType = "text/plain; version=0.0.4; charset=utf-8";

enum class Kind : std::uint8_t { Counter, Gauge, Histogram };

/// One family of samples after the other.
class PrometheusText {
public:
    /// A label and its value, which may hold any bytes.
    using Label = std::pair<std::string_view, std::string_view>;
    using Labels = std::initializer_list<Label>;

    /// Begins a family: the samples that follow are of this name. `help` is one line.
    void family(std::string_view name, Kind kind, std::string_view help);

    void sample(Labels labels, std::uint64_t value);
    void sample(Labels labels, double value);
    void sample(std::uint64_t value) { sample({}, value); }

    /// All samples of a histogram. `counts` are those of each bucket alone, the last without a
    /// bound; bounds are 1, 2, 4, … times `unit`, as is the sum.
    void histogram(std::span<const std::uint64_t> counts, std::uint64_t sum, double unit);

    const std::string& text() const { return text_; }

private:
    void put(std::string_view suffix, std::span<const Label> labels, std::string_view value);

    std::string name_;
    std::string text_;
};

}  // namespace ostrakon::metrics
