#include "pull_text.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <map>

namespace ostrakon::tool {
namespace {

using pull::FeedReport;
using pull::FeedResult;

// "3 skipped (2 × no address, 1 × …)"; of many, the first hundred stand for all.
std::string skipped_text(const FeedReport& report) {
    if (report.rejected == 0) {
        return "";
    }
    std::map<std::string, std::uint64_t> reasons;
    for (const policy::ImportReject& reject : report.rejects) {
        ++reasons[reject.why];
    }
    std::string text;
    for (const auto& [why, count] : reasons) {
        text += fmt::format("{}{} × {}", text.empty() ? "" : ", ", count, why);
    }
    return fmt::format("{} skipped{}", grouped(report.rejected),
                       text.empty() ? "" : " (" + text + ")");
}

std::string took_text(std::chrono::milliseconds took) {
    return fmt::format("{:.1f} s", static_cast<double>(took.count()) / 1000);
}

std::string line_of(const FeedReport& report) {
    std::string text = fmt::format("{}: {}", report.name, to_string(report.result));
    if (!report.message.empty()) {
        text += ": " + report.message;
    }
    if (const std::string skipped = skipped_text(report); !skipped.empty()) {
        text += ", " + skipped;
    }
    if (report.result != FeedResult::NotDue) {
        text += fmt::format(" ({}{})", took_text(report.took),
                            report.next ? ", next " + to_string(*report.next) : "");
    }
    return text + "\n";
}

// What the table does not say.
bool needs_words(const FeedReport& report) {
    return report.result == FeedResult::Held || report.result == FeedResult::Failed ||
           report.rejected > 0;
}

}  // namespace

std::string pull_text(const std::vector<FeedReport>& reports) {
    std::string text;
    for (const FeedReport& report : reports) {
        text += line_of(report);
    }
    return text;
}

std::string quiet_pull_text(const std::vector<FeedReport>& reports) {
    std::string text;
    for (const FeedReport& report : reports) {
        if (report.result == FeedResult::Held || report.result == FeedResult::Failed) {
            text += line_of(report);
        }
    }
    return text;
}

std::string pull_table(const std::vector<FeedReport>& reports, std::size_t width,
                       const Style& style) {
    if (reports.empty()) {
        return "";
    }
    Table table{{"FEED", "RESULT", "ENTRIES", "ADDED", "REMOVED", "SKIPPED", "TOOK", "NEXT"}};
    std::string words;
    for (const FeedReport& report : reports) {
        const bool is_fetched = report.result != FeedResult::NotDue;
        const bool is_step = report.result == FeedResult::Updated;
        table.add({report.name, std::string{to_string(report.result)},
                   is_step && report.before != report.after
                       ? grouped(report.before) + " → " + grouped(report.after)
                       : grouped(report.after),
                   is_step ? grouped(report.added) : "", is_step ? grouped(report.removed) : "",
                   report.rejected == 0 ? "" : grouped(report.rejected),
                   is_fetched ? took_text(report.took) : "",
                   report.next ? minute_of(*report.next) : ""});
        if (needs_words(report)) {
            words += wrapped(line_of(report), 2, width);
        }
    }
    return table.print(width, style) + (words.empty() ? "" : "\n" + words);
}

}  // namespace ostrakon::tool
