#include "ostrakon/server/key_watch.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <cerrno>
#include <utility>

namespace ostrakon::server {
namespace {

std::int64_t nanoseconds(const timespec& time) {
    constexpr std::int64_t kPerSecond = 1'000'000'000;
    return time.tv_sec * kPerSecond + time.tv_nsec;
}

}  // namespace

KeyWatch::FileState KeyWatch::state_of(const std::string& file) {
    struct stat status {};
    if (::stat(file.c_str(), &status) != 0) {
        FileState missing;
        missing.error = errno;
        return missing;
    }
    return {0,
            status.st_dev,
            status.st_ino,
            status.st_size,
            nanoseconds(status.st_mtim),
            nanoseconds(status.st_ctim)};
}

Result<Done> KeyWatch::take(const std::vector<zone::Zone>& zones) {
    std::vector<FileState> states;  // as they are before they are read: what comes later is seen
    states.reserve(zones.size());
    for (const zone::Zone& zone : zones) {
        states.push_back(zone.keys_file.empty() ? FileState{} : state_of(zone.keys_file));
    }
    auto keys = partner::read_all_keys(zones, counters_);
    if (!keys) {
        return Unexpected{std::move(keys.error())};
    }
    keys_ = std::move(*keys);
    states_ = std::move(states);
    return Done{};
}

bool KeyWatch::look(const std::vector<zone::Zone>& zones) {
    bool is_new = false;
    for (std::size_t i = 0; i < zones.size(); ++i) {
        if (!zones[i].keys_file.empty()) {
            is_new |= look_at(zones[i], zones, i);
        }
    }
    return is_new;
}

bool KeyWatch::look_at(const zone::Zone& zone, const std::vector<zone::Zone>& zones,
                       std::size_t number) {
    const FileState state = state_of(zone.keys_file);
    if (std::exchange(states_[number], state) == state) {
        return false;
    }
    auto keys = partner::read_zone_keys(zone, zones, counters_);
    if (!keys) {
        news_.push_back(
            {LogLevel::Error, fmt::format("{}\nkeys of {} not taken over: those of before hold",
                                          message(keys.error()), zone.name)});
        return false;
    }
    keys_[number] = std::move(*keys);
    const std::size_t count = keys_[number]->size();
    news_.push_back({LogLevel::Info, fmt::format("keys of {} read anew: {} {}", zone.name, count,
                                                 count == 1 ? "key" : "keys")});
    return true;
}

std::vector<KeyNews> KeyWatch::take_news() {
    return std::exchange(news_, {});
}

}  // namespace ostrakon::server
