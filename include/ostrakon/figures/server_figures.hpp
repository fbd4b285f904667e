// The figures of the running server, asked for over its control socket.
#pragma once

#include "ostrakon/base/result.hpp"
#include "ostrakon/json/document.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace ostrakon::figures {

struct FeedStanding {
    std::string name, state;
    std::uint64_t entries = 0;
    std::optional<UnixTime> last_success;
};

/// One of those that were asked about or that asked most.
struct TopItem {
    std::string what, zone;
    std::uint64_t queries = 0;
    bool is_listed = false;
};

/// Counts are those since the server's start.
struct ServerFigures {
    UnixTime at;
    UnixTime started;
    double uptime_seconds = 0;
    std::string version;
    std::uint64_t workers = 0;
    std::vector<std::string> zones;
    bool is_configuration_current = true;
    std::map<std::string, std::map<std::string, std::uint64_t>> outcomes;  ///< By zone.
    std::map<std::string, std::uint64_t> types, transports;
    std::map<std::string, std::uint64_t>
        listed;  ///< By class, once for each source that listed it.
    std::uint64_t limited = 0;
    std::uint64_t lost = 0;                          ///< Found no room in a socket.
    std::vector<std::uint64_t> answer_microseconds;  ///< Of each bucket: up to 1, 2, 4, …
    std::uint64_t tcp_open = 0, tcp_open_max = 0;
    bool has_database = false;
    std::uint64_t database_used = 0, database_size = 0, disk_free = 0, serial = 0;
    std::vector<FeedStanding> feeds;
    std::vector<TopItem> subjects, clients;
    std::uint64_t top_seconds = 1;  ///< That these are counted over.
};

/// What the server writes. Error: System.
Result<ServerFigures> parse_figures(const std::string& json);

/// How long an answer may take.
inline constexpr std::chrono::seconds kAnswerPatience{10};

/// Asks the server whose control socket this is. Error: System, with what to do.
Result<ServerFigures> ask_server(const std::filesystem::path& control,
                                 std::chrono::seconds patience = kAnswerPatience);

}  // namespace ostrakon::figures
