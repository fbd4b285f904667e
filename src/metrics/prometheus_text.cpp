#include "ostrakon/metrics/prometheus_text.hpp"

#include <fmt/format.h>

#include <array>
#include <iterator>

namespace ostrakon::metrics {
namespace {

std::string_view type_of(Kind kind) {
    switch (kind) {
        case Kind::Counter:
            return "counter";
        case Kind::Gauge:
            return "gauge";
        case Kind::Histogram:
            return "histogram";
    }
    return "untyped";
}

// What is not UTF-8 would make the whole of the text unreadable; names of zones and feeds are
// ASCII.
void append_label_value(std::string_view value, std::string& text) {
    for (const char c : value) {
        if (c == '\\' || c == '"') {
            text += '\\';
            text += c;
        } else if (c == '\n') {
            text += "\\n";
        } else {
            text += static_cast<unsigned char>(c) < 0x80 ? c : '?';
        }
    }
}

}  // namespace

void PrometheusText::family(std::string_view name, Kind kind, std::string_view help) {
    name_ = name;
    fmt::format_to(std::back_inserter(text_), "# HELP {} {}\n# TYPE {} {}\n", name, help, name,
                   type_of(kind));
}

void PrometheusText::put(std::string_view suffix, std::span<const Label> labels,
                         std::string_view value) {
    text_ += name_;
    text_ += suffix;
    for (std::size_t i = 0; i < labels.size(); ++i) {
        text_ += i == 0 ? '{' : ',';
        text_ += labels[i].first;
        text_ += "=\"";
        append_label_value(labels[i].second, text_);
        text_ += '"';
    }
    text_ += labels.empty() ? " " : "} ";
    text_ += value;
    text_ += '\n';
}

void PrometheusText::sample(Labels labels, std::uint64_t value) {
    put("", {labels.begin(), labels.size()}, fmt::format("{}", value));
}

void PrometheusText::sample(Labels labels, double value) {
    put("", {labels.begin(), labels.size()}, fmt::format("{}", value));
}

void PrometheusText::histogram(std::span<const std::uint64_t> counts, std::uint64_t sum,
                               double unit) {
    std::uint64_t total = 0;
    double bound = unit;
    for (std::size_t i = 0; i < counts.size(); ++i, bound *= 2) {
        total += counts[i];
        const std::string le = i + 1 == counts.size() ? "+Inf" : fmt::format("{:.7g}", bound);
        const std::array<Label, 1> label{{{"le", le}}};
        put("_bucket", label, fmt::format("{}", total));
    }
    put("_sum", {}, fmt::format("{:.15g}", static_cast<double>(sum) * unit));
    put("_count", {}, fmt::format("{}", total));
}

}  // namespace ostrakon::metrics
