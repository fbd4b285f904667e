// The figures of the running server at one moment, gathered from its threads and the database.
//
// Plain data. Who gathers them is Daemon; metrics_text.hpp writes them for Prometheus,
// figures_json.hpp for `ostrakon top` and scripts.
#pragma once

#include "ostrakon/base/time.hpp"
#include "ostrakon/policy/catalogue.hpp"
#include "ostrakon/policy/pull_state.hpp"
#include "ostrakon/server/notifier.hpp"
#include "ostrakon/server/tcp_admission.hpp"
#include "ostrakon/server/worker.hpp"
#include "ostrakon/store/environment.hpp"
#include "ostrakon/verdict/listing_tally.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

namespace ostrakon::server {

/// Partners that have figures of their own; what comes after them is counted together.
inline constexpr std::size_t kPartnerFiguresMax = 1000;
/// The same for feeds and maps.
inline constexpr std::size_t kFeedFiguresMax = 2000;

struct HistogramFigures {
    std::vector<std::uint64_t> counts;  ///< Of each bucket alone.
    std::uint64_t sum = 0;

    template <std::size_t kBounds>
    void add(const metrics::Histogram<kBounds>& histogram) {
        counts.resize(metrics::Histogram<kBounds>::kBuckets);
        for (std::size_t i = 0; i < counts.size(); ++i) {
            counts[i] += histogram.count(i);
        }
        sum += histogram.sum();
    }
};

struct UdpFigures {
    std::uint64_t received = 0, sent = 0, unanswerable = 0, unanswered = 0;
    std::uint64_t send_failed = 0, send_dropped = 0;
    std::uint64_t overflows = 0;
    HistogramFigures microseconds, batch_sizes;

    void add(const Worker& worker);
};

struct TcpFigures {
    TcpCounters connections;
    std::size_t open = 0;
    std::size_t open_max = 0;
};

/// As TransferCounters and NotifyCounters have it.
struct TransferFigures {
    struct Ends {
        std::uint64_t sent = 0, unfinished = 0;
    };
    Ends axfr, ixfr;
    std::uint64_t refused = 0, bytes = 0;
    NotifyCounters notifies;
};

struct PartnerFigures {
    std::string zone, partner;
    std::uint64_t answered = 0;
    std::uint64_t refused = 0;
};

/// How a feed or map stands.
enum class FeedState : std::uint8_t { Fresh, Stale, Held, Failing, Never, Local };
inline constexpr std::array<std::string_view, 6> kFeedStateNames{"fresh",   "stale", "held",
                                                                 "failing", "never", "local"};

struct FeedFigures {
    std::string name;
    FeedState state = FeedState::Never;
    std::uint64_t entries = 0;
    std::optional<UnixTime> last_success;
    std::optional<std::int64_t> max_age_s;
};

/// `state` is null where it was never pulled.
FeedState feed_state(const policy::Feed& feed, const policy::PullState* state, UnixTime at);
/// All feeds and pulled maps, by name. Those whose entries were removed are left out.
std::vector<FeedFigures> feed_figures(const store::Transaction& transaction, UnixTime at);

struct DatabaseFigures {
    std::uint64_t size_bytes = 0, used_bytes = 0;
    std::uint64_t disk_free_bytes = 0;  ///< Of its file system.
    std::uint32_t readers = 0;
    std::uint64_t oldest_reader_changes = 0;
    std::uint32_t serial = 0;
    std::vector<FeedFigures> feeds;
};
/// Nothing where it cannot be read. Holds a snapshot for as long as it takes.
std::optional<DatabaseFigures> database_figures(store::Environment& environment, UnixTime at);

/// What the process uses.
struct ProcessFigures {
    double cpu_seconds = 0;
    std::uint64_t resident_bytes = 0;
    std::uint64_t open_descriptors = 0;
};
ProcessFigures process_figures();

/// One of those that were asked about or that asked most, in the last minute or so.
struct TopFigure {
    std::string what;
    std::string zone;           ///< Of a subject; empty for clients.
    std::uint64_t queries = 0;  ///< Estimated.
    bool is_listed = false;
};

struct Figures {
    UnixTime at;
    UnixTime started;
    double uptime_seconds = 0;  ///< Exact enough for rates.
    std::size_t workers = 0;
    std::vector<std::string> zones;        ///< That are served.
    bool is_configuration_current = true;  ///< The last reload took over what the files say.
    UnixTime configured;                   ///< When the configuration was last taken over.

    /// By zone, and the places in kCountedTypes, kTransports and kAnswerKindNames.
    std::map<std::tuple<std::string, std::size_t, std::size_t, std::size_t>, std::uint64_t> queries;
    verdict::ListingTally::Sums listed;
    UdpFigures udp;
    TcpFigures tcp;
    std::uint64_t limited_dropped = 0, limited_in_brief = 0;
    TransferFigures transfers;
    std::vector<PartnerFigures> partners;
    std::optional<DatabaseFigures> database;
    ProcessFigures process;

    std::vector<TopFigure> top_subjects, top_clients;  ///< Where they were asked for.
    std::int64_t top_seconds = 0;                      ///< The time that these are counted over.
};

}  // namespace ostrakon::server
