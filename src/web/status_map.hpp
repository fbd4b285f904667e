// The map of what is listed, as a picture that is drawn beside the answers: nobody waits for it.
#pragma once

#include "ostrakon/config/settings.hpp"
#include "readable_database.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

namespace ostrakon::web {

struct MapPicture {
    UnixTime at;      ///< When it was begun.
    std::string png;  ///< Empty where it could not be drawn.
    std::string why;  ///< Then, why.
    std::uint32_t serial = 0;
    std::uint64_t addresses = 0;
};

/// What is listed of IPv4, in all sources.
MapPicture draw_listed(ReadableDatabase& database, const config::Settings& settings);

class StatusMap {
public:
    /// Until it is drawn anew, where the database has changed meanwhile.
    static constexpr std::int64_t kLifeSeconds = 60;

    explicit StatusMap(std::function<MapPicture()> draw) : draw_(std::move(draw)) {}
    /// Waits for a picture that is being drawn.
    ~StatusMap();
    StatusMap(const StatusMap&) = delete;
    StatusMap& operator=(const StatusMap&) = delete;

    /// The latest picture; null before the first is there. Where it is of an older serial and not
    /// of the last minute, another one is begun. Any thread.
    std::shared_ptr<const MapPicture> get(std::uint32_t serial, UnixTime now);
    /// Waits for the picture that is being drawn.
    void finish();

private:
    void draw(UnixTime now);

    std::function<MapPicture()> draw_;
    std::mutex mutex_;
    std::shared_ptr<const MapPicture> picture_;
    bool is_drawing_ = false;
    std::thread thread_;
};

}  // namespace ostrakon::web
