// The query log: a line a question, written by a thread of its own out of the workers' rings.
//
// Workers never wait for it: where the disk is slower than the questions, lines are lost, and the
// log says how many.
#pragma once

#include "ostrakon/base/file_descriptor.hpp"
#include "ostrakon/base/result.hpp"
#include "ostrakon/config/settings.hpp"
#include "ostrakon/server/query_record.hpp"
#include "ostrakon/server/query_ring.hpp"

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace ostrakon::server {

/// What `queries_client` says.
LoggedClient logged_client_of(std::string_view word);

/// All of it but write_all() is for the main thread.
class QueryLog {
public:
    /// A file that has been opened to be written to.
    struct Target {
        std::string path;
        LoggedClient client = LoggedClient::Full;
        FileDescriptor file;
        LogFormat format = LogFormat::Plain;
    };

    explicit QueryLog(std::size_t workers);
    /// Writes what is there and ends the thread. No worker puts anything in any more.
    ~QueryLog();
    QueryLog(const QueryLog&) = delete;
    QueryLog& operator=(const QueryLog&) = delete;

    /// Opens the file that the settings name, at its end, or makes it; nothing where they name
    /// none.
    static Result<std::optional<Target>> open(const config::LogSettings& settings);

    /// Writes to this file from now on, to the last one what came before; starts the thread.
    Result<Done> take(Target target);
    /// Writes what is there, and ends the thread. No worker puts anything in any more.
    void stop();

    /// Where a worker puts its records.
    QueryRing& ring(std::size_t worker) { return *rings_[worker]; }

private:
    using Clock = std::chrono::steady_clock;
    void run();
    void drain(Target& target);
    void write(Target& target, std::string_view text);
    void tell_of_losses(Target& target);

    std::vector<std::unique_ptr<QueryRing>> rings_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::optional<Target> next_;  // under the mutex
    bool is_to_stop_ = false;     // under the mutex
    std::thread thread_;

    // The thread's own.
    std::string lines_;
    std::uint64_t lost_told_ = 0;
    std::uint64_t failed_ = 0, failed_told_ = 0;  // writes
    bool is_line_open_ = false;
    int last_error_ = 0;
    Clock::time_point told_{};
};

}  // namespace ostrakon::server
