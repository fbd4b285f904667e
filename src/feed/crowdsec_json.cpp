// crowdsec-json: decisions of CrowdSec, as `cscli decisions list -o json` prints them (alerts with
// their decisions) or its local API answers (an array of them, or "new" in a stream). Those that
// ban an address, range, AS or country are entries, with their end.
#include "json_records.hpp"
#include "list_subject.hpp"
#include "ostrakon/base/printable.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <charconv>
#include <cmath>
#include <nlohmann/json.hpp>
#include <optional>

namespace ostrakon::feed {
namespace {

constexpr std::size_t kScenarioSizeMax = 200;
constexpr std::int64_t kDurationSecondsMax = std::int64_t{100} * 365 * 86'400;

// Go's spelling: "3h59m53.123456789s", "-2m1s". Nothing if it is none.
std::optional<std::int64_t> parse_go_duration(std::string_view text) {
    const bool is_negative = text.starts_with('-');
    text.remove_prefix(is_negative ? 1 : 0);
    if (text.empty()) {
        return std::nullopt;
    }
    double seconds = 0;
    while (!text.empty()) {
        double amount = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), amount,
                                                  std::chars_format::fixed);
        if (error != std::errc{} || amount < 0) {
            return std::nullopt;
        }
        text.remove_prefix(static_cast<std::size_t>(end - text.data()));
        const std::string_view unit = text.substr(0, text.find_first_of("0123456789."));
        text.remove_prefix(unit.size());
        const double size = unit == "h"                    ? 3600
                            : unit == "m"                  ? 60
                            : unit == "s"                  ? 1
                            : unit == "ms"                 ? 1e-3
                            : unit == "us" || unit == "µs" ? 1e-6
                            : unit == "ns"                 ? 1e-9
                                                           : -1;
        if (size < 0) {
            return std::nullopt;
        }
        seconds += amount * size;
    }
    if (seconds > static_cast<double>(kDurationSecondsMax)) {
        return std::nullopt;
    }
    const auto whole = static_cast<std::int64_t>(std::ceil(seconds));
    return is_negative ? -whole : whole;
}

// The subject as this program spells it; empty where the scope is not known.
std::string subject_of(std::string scope, const std::string& value) {
    std::transform(scope.begin(), scope.end(), scope.begin(), [](char c) {
        return static_cast<char>(dns::lower(static_cast<std::uint8_t>(c)));
    });
    if (scope == "ip" || scope == "range") {
        return value;
    }
    if (scope == "as") {
        return value.starts_with("AS") ? value : "AS" + value;
    }
    return scope == "country" ? "country:" + value : std::string{};
}

class DecisionReader {
public:
    DecisionReader(const Document& document, Collector& collector)
        : document_(document), collector_(collector) {}

    void read(std::uint32_t line, const nlohmann::json& decision) {
        const std::string type = json_text(decision, "type");
        const bool is_simulated =
            decision.is_object() && decision.value("simulated", nlohmann::json{}) == true;
        if (type != "ban" || is_simulated) {
            collector_.note("type", [&] {
                return fmt::format("decisions that do not ban (line {}: {}) are left out", line,
                                   is_simulated ? "simulated" : printable(type, kScenarioSizeMax));
            });
            return;
        }
        const std::string value = json_text(decision, "value");
        const std::string subject = subject_of(json_text(decision, "scope"), value);
        if (subject.empty()) {
            collector_.reject(line, value, "is of a scope other than Ip, Range, AS and Country");
            return;
        }
        policy::Statement said;
        if (!set_reason(said, json_text(decision, "scenario").substr(0, kScenarioSizeMax))) {
            said.reason.clear();
        }
        const std::string duration = json_text(decision, "duration");
        if (!duration.empty()) {
            const auto left = parse_go_duration(duration);
            if (!left) {
                collector_.reject(line, duration, "is no duration, as in 3h59m53s");
                return;
            }
            if (*left <= 0) {
                collector_.note("over", [] { return "decisions that have ended are left out"; });
                return;
            }
            said.until = UnixTime{document_.now.seconds + *left};
        }
        add_subject(collector_, line, subject, collector_.statement(said));
    }

private:
    const Document& document_;
    Collector& collector_;
};

}  // namespace

Result<Done> read_crowdsec_json(const Document& document, Collector& collector) {
    const bool has_alerts = document.bytes.find("\"decisions\"") != std::string_view::npos;
    const IsJsonEntry is_decision =
        has_alerts ? [](std::string_view path) { return path == "[].decisions[]"; }
                   : [](std::string_view path) { return path == "[]" || path == ".new[]"; };
    DecisionReader reader{document, collector};
    collector.may_be_empty();
    const auto found =
        for_each_json_entry(document, collector, is_decision,
                            [&](std::string_view /*path*/, std::uint32_t line,
                                const nlohmann::json& entry) { reader.read(line, entry); });
    if (!found) {
        return Unexpected{found.error()};
    }
    const bool is_null = document.bytes.starts_with("null");
    if (!found->has_array && !is_null) {
        return refuse(document.file, "has no decisions of CrowdSec in it",
                      "look at it: it may be an error report");
    }
    return Done{};
}

}  // namespace ostrakon::feed
