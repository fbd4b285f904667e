// What on the operator's page needs somebody.
#include "number_text.hpp"
#include "status_report.hpp"

#include <fmt/format.h>
#include <algorithm>

namespace ostrakon::web {
namespace {

constexpr double kFillWorth = 0.85;  // as the alert of doc/metrics.md
constexpr double kFillGrave = 0.95;
constexpr std::uint64_t kDiskFreeMin = 1'000'000'000;
constexpr std::uint64_t kRequestsMany = 20;
constexpr std::int64_t kRequestAgeMany = std::int64_t{3} * 86400;
constexpr std::size_t kNamesSaidMax = 6;
constexpr double kServfailShare = 0.01;

class WarningList {
public:
    explicit WarningList(const StatusReport& report) : report_(report) {}

    void of_server() {
        const Standing& server = *report_.server;
        if (!server.figures) {
            add("silent", "", message(server.error), true);
            return;
        }
        if (!server.figures->has_database) {
            add("blind", "", "", true);
        }
        if (!server.figures->is_configuration_current) {
            add("old_configuration", "", "", false);
        }
        if (server.rates && server.rates->lost > 0) {
            add("lost", rate_text(server.rates->lost), "", true);
        }
        if (server.rates && server.figures->has_database) {
            const auto servfail = server.rates->outcomes.find("servfail");
            if (servfail != server.rates->outcomes.end() &&
                servfail->second > kServfailShare * server.rates->queries) {
                add("servfail", rate_text(servfail->second), "", true);
            }
        }
    }

    void of_database() {
        if (!report_.database) {
            add("unreadable", "", report_.database_error, true);
            return;
        }
        const DatabaseReport& database = *report_.database;
        if (database.fill() >= kFillWorth) {
            add("filling", fmt::format("{:.0f}\u202F%", database.fill() * 100), "",
                database.fill() >= kFillGrave);
        }
        if (database.disk_free_bytes < kDiskFreeMin) {
            add("disk", bytes_text(database.disk_free_bytes), "", true);
        }
        if (database.is_disk_read_only) {
            add("read_only", "", "", true);
        }
    }

    void of_feeds() {
        for (const char* state : {"stale", "held", "failing", "never"}) {
            add_feeds(std::string("feed_") + state, std::string_view(state) == "stale",
                      [state](const FeedReport& feed) { return feed.row.state == state; });
        }
        add_feeds("feed_overdue", false, [](const FeedReport& feed) {
            return feed.row.state == "fresh" && feed.is_overdue;
        });
    }

    void of_requests() {
        const std::uint64_t waiting = report_.open_count + report_.filed_count;
        const auto is_old = [this](const std::vector<RequestReport>& requests) {
            return !requests.empty() &&
                   report_.at.seconds - requests.front().request.received.seconds > kRequestAgeMany;
        };
        if (waiting >= kRequestsMany) {
            add("requests", count_text(waiting), "", false);
        } else if (is_old(report_.open) || is_old(report_.filed)) {
            add("requests_old", "", "", false);
        }
    }

    std::vector<Warning> take() {
        std::stable_sort(warnings_.begin(), warnings_.end(),
                         [](const auto& a, const auto& b) { return a.is_grave && !b.is_grave; });
        return std::move(warnings_);
    }

private:
    void add(std::string kind, std::string about, std::string detail, bool is_grave) {
        warnings_.push_back({std::move(kind), std::move(about), std::move(detail), is_grave});
    }

    template <class Predicate>
    void add_feeds(const std::string& kind, bool is_grave, Predicate&& is_meant) {
        std::string names;
        std::size_t count = 0;
        for (const FeedReport& feed : report_.feeds) {
            if (is_meant(feed) && ++count <= kNamesSaidMax) {
                names += (names.empty() ? "" : ", ") + feed.row.name;
            }
        }
        if (count > kNamesSaidMax) {
            names += fmt::format(", … ({})", count);
        }
        if (count > 0) {
            add(kind, names, "", is_grave);
        }
    }

    const StatusReport& report_;
    std::vector<Warning> warnings_;
};

}  // namespace

std::vector<Warning> warnings_of(const StatusReport& report) {
    WarningList list(report);
    list.of_server();
    list.of_database();
    list.of_feeds();
    list.of_requests();
    return list.take();
}

}  // namespace ostrakon::web
