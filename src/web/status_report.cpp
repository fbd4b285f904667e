#include "status_report.hpp"

#include "ostrakon/policy/request_box.hpp"
#include "ostrakon/pull/schedule.hpp"
#include "ostrakon/store/meta.hpp"
#include "ostrakon/zone/listing_class.hpp"

#include <sys/statvfs.h>

#include <algorithm>
#include <array>
#include <tuple>

namespace ostrakon::web {
namespace {

constexpr std::int64_t kReportSeconds = 2;

DatabaseReport database_report(store::Environment& environment,
                               const store::Transaction& snapshot) {
    DatabaseReport report;
    report.size_bytes = environment.size_bytes();
    report.used_bytes = environment.used_bytes();
    report.serial =
        static_cast<std::uint32_t>(store::meta_number(snapshot, store::meta_key::kSerial));
    if (report.serial > 1) {  // the time of the latest change; 1 before there was one
        report.changed = UnixTime{report.serial};
    }
    struct statvfs disk {};
    if (::statvfs(environment.directory().c_str(), &disk) == 0) {
        report.disk_free_bytes = std::uint64_t{disk.f_bavail} * disk.f_frsize;
        report.is_disk_read_only = (disk.f_flag & ST_RDONLY) != 0;
    }
    return report;
}

// Where a feed stands in the list: the sickest first.
std::size_t rank_of(const FeedReport& feed) {
    constexpr std::array<std::string_view, 6> kOrder{"stale", "held",  "failing",
                                                     "never", "fresh", "local"};
    const auto rank = static_cast<std::size_t>(
        std::find(kOrder.begin(), kOrder.end(), feed.row.state) - kOrder.begin());
    return 2 * rank + (feed.is_overdue ? 0 : 1);
}

FeedReport feed_report(const Visit& visit, pull::FeedRow row) {
    FeedReport report{std::move(row), {}, false};
    const auto& feeds = visit.site.options.settings.feeds;
    const auto found = std::find_if(feeds.begin(), feeds.end(),
                                    [&](const auto& feed) { return feed.name == report.row.name; });
    if (found != feeds.end() && found->max_age) {
        report.is_overdue = pull::is_overdue(*found, report.row.last_success, visit.now);
    }
    for (const zone::Zone& zone : visit.site.options.zones) {
        if (!report.row.is_map && zone.serves_source(report.row.name) &&
            zone.serves_class(report.row.listing_class)) {
            report.zones.push_back(zone.name);
        }
    }
    return report;
}

std::vector<FeedReport> feed_reports(const Visit& visit, const store::Transaction& snapshot) {
    std::vector<FeedReport> reports;
    for (auto& row : pull::feed_rows(visit.site.options.settings, snapshot, visit.now)) {
        reports.push_back(feed_report(visit, std::move(row)));
    }
    std::stable_sort(reports.begin(), reports.end(), [](const FeedReport& a, const FeedReport& b) {
        return std::tuple(rank_of(a), a.row.last_success) <
               std::tuple(rank_of(b), b.row.last_success);
    });
    return reports;
}

std::vector<RequestReport> request_reports(const Visit& visit,
                                           std::vector<policy::Request> requests) {
    std::vector<RequestReport> reports;
    for (policy::Request& request : requests) {
        RequestReport report{std::move(request), {}, false};
        if (const auto finding = find_out(visit, report.request.subject)) {
            report.is_known = true;
            for (const policy::ExplainedMatch& match : finding->explanation.matches) {
                if (!match.won || match.listing_class == zone::kAllowClass) {
                    continue;
                }
                KnownListing known{
                    match.source, match.listing_class, match.subject, match.reason, {}, {}, 0};
                if (const auto* listing = match.id ? finding->listing(*match.id) : nullptr) {
                    known.since = listing->since;
                    known.earliest_lift = listing->earliest_lift;
                    known.strikes = listing->strikes;
                }
                report.known.push_back(std::move(known));
            }
        }
        reports.push_back(std::move(report));
    }
    return reports;
}

Result<Done> read_database(const Visit& visit, StatusReport& report) {
    std::vector<policy::Request> open;
    auto read = visit.site.database.with([&](store::Environment& environment) -> Result<Done> {
        const auto snapshot = store::Snapshot::begin(environment);
        if (!snapshot) {
            return Unexpected{snapshot.error()};
        }
        const DatabaseReport database = database_report(environment, *snapshot);
        report.feeds = feed_reports(visit, *snapshot);
        auto requests = policy::open_requests(environment, kRequestsShownMax);
        if (!requests) {
            return Unexpected{std::move(requests.error())};
        }
        if (snapshot->is_broken()) {
            return Unexpected{snapshot->failure()};
        }
        open = std::move(requests->oldest);
        report.open_count = requests->count;
        report.database = database;
        return Done{};
    });
    if (read) {
        report.open = request_reports(visit, std::move(open));
    }
    return read;
}

std::shared_ptr<const StatusReport> gather(const Visit& visit) {
    auto report = std::make_shared<StatusReport>();
    report->at = visit.now;
    report->server = visit.site.options.watch->look();
    if (auto read = read_database(visit, *report); !read) {
        report->database_error = message(read.error());
    }
    const auto box = policy::request_box(visit.site.options.settings.database.path);
    auto filed = policy::filed_requests(box, kRequestsShownMax);
    report->filed_count = filed.count;
    report->filed = request_reports(visit, std::move(filed.oldest));
    report->warnings = warnings_of(*report);
    return report;
}

}  // namespace

std::shared_ptr<const StatusReport> status_report(const Visit& visit) {
    const std::scoped_lock lock(visit.site.report_mutex);
    auto& known = visit.site.report;
    if (!known || std::abs(visit.now.seconds - known->at.seconds) >= kReportSeconds) {
        known = gather(visit);
    }
    return known;
}

}  // namespace ostrakon::web
