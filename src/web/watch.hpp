// Looks at the running server once a minute and remembers how often what happened; asks it anew for
// who wants to see it now.
//
// One object for the life of the program. What a page makes of it is status_report.hpp's.
#pragma once

#include "ostrakon/figures/server_rates.hpp"
#include "ostrakon/hits/history.hpp"

#include <condition_variable>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

namespace ostrakon::web {

/// Names in the history: "queries" counts all; the kinds are these.
namespace counted {
inline constexpr const char* kQueries = "queries";
inline constexpr const char* kTransport = "transport";
inline constexpr const char* kOutcome = "outcome";
inline constexpr const char* kZone = "zone";
inline constexpr const char* kClass = "class";
}  // namespace counted

/// What grew between two readings; nothing where that is not known or was too long ago.
std::optional<hits::Growth> growth_between(const std::optional<figures::ServerFigures>& before,
                                           const figures::ServerFigures& after);

/// The server at one moment.
struct Standing {
    UnixTime at;
    std::optional<figures::ServerFigures> figures;
    Error error;                                ///< Where there are no figures.
    std::optional<figures::ServerRates> rates;  ///< Where there was a reading shortly before.
};

struct WatchOptions {
    std::function<Result<figures::ServerFigures>()> ask;
    std::function<UnixTime()> now;
    std::filesystem::path file;  ///< For the history; empty: it is kept in memory alone.
    std::function<void(const std::string&)> say;  ///< For the log.
};

class Watch {
public:
    /// Between two samples in one run of the server; longer ones leave a gap.
    static constexpr std::int64_t kSampleSeconds = 60;
    static constexpr std::int64_t kGrowthSecondsMax = 150;

    /// Reads the history of the run before.
    explicit Watch(WatchOptions options);
    /// Writes it.
    ~Watch();
    Watch(const Watch&) = delete;
    Watch& operator=(const Watch&) = delete;

    /// Samples at the full minutes from now on, in a thread of its own.
    void start();
    /// Takes one sample. Not while a thread does.
    void sample();

    /// Any thread. Asks the server, at most once in two seconds.
    std::shared_ptr<const Standing> look();
    std::vector<hits::Bucket> read(const hits::Window& window,
                                   const std::vector<std::string>& names) const;
    std::vector<std::string> names(std::string_view kind) const;
    std::optional<UnixTime> since() const;
    /// Whether the history outlives this program.
    bool is_kept() const;

private:
    void run();
    void save();
    void tell(const Result<figures::ServerFigures>& answer);

    WatchOptions options_;
    mutable std::mutex mutex_;  // of what follows
    hits::History history_;
    std::optional<figures::ServerFigures> before_, last_;  // the latest samples
    bool is_answering_ = true;
    bool is_kept_ = true;
    UnixTime saved_;

    std::mutex looking_;  // of what follows, and held while the server is asked
    std::shared_ptr<const Standing> standing_;

    std::condition_variable is_ending_changed_;
    bool is_ending_ = false;
    std::thread thread_;
};

}  // namespace ostrakon::web
