#include "status_map.hpp"

#include "number_text.hpp"
#include "ostrakon/atlas/listed_map.hpp"
#include "ostrakon/server/time_slice.hpp"

#include <fmt/format.h>

#include <exception>
#include <system_error>
#include <utility>

namespace ostrakon::web {
namespace {

hilbert::Caption caption_of(const atlas::ListedMap& listed, UnixTime at) {
    constexpr double kAddresses = 4294967296.0;
    hilbert::Caption caption;
    caption.title = "Listed addresses";
    caption.subtitle =
        fmt::format("{} \u00B7 serial {} \u00B7 {} addresses listed, {:.4g} % of IPv4",
                    to_string(at), listed.serial, count_text(listed.addresses),
                    static_cast<double>(listed.addresses) / kAddresses * 100);
    caption.kinds = listed.kinds;
    return caption;
}

Result<MapPicture> drawn(store::Environment& environment, const config::Settings& settings) {
    const UnixTime at = now();
    const auto listed = atlas::read_listed_map(environment, settings, atlas::zone_of_everything(),
                                               net::everything<net::Ipv4>());
    if (!listed) {
        return Unexpected{listed.error()};
    }
    auto png = hilbert::draw(listed->map, caption_of(*listed, at), hilbert::PictureFormat::Png);
    if (!png) {
        return Unexpected{std::move(png.error())};
    }
    return MapPicture{at, std::move(*png), "", listed->serial, listed->addresses};
}

}  // namespace

MapPicture draw_listed(ReadableDatabase& database, const config::Settings& settings) {
    auto picture = database.with(
        [&](store::Environment& environment) { return drawn(environment, settings); });
    return picture ? std::move(*picture) : MapPicture{now(), "", message(picture.error()), 0, 0};
}

StatusMap::~StatusMap() {
    finish();
}

void StatusMap::finish() {
    std::thread running;
    {
        const std::scoped_lock lock(mutex_);
        running = std::move(thread_);
    }
    if (running.joinable()) {
        running.join();
    }
}

std::shared_ptr<const MapPicture> StatusMap::get(std::uint32_t serial, UnixTime now) {
    const std::scoped_lock lock(mutex_);
    const bool is_due = picture_ == nullptr || (picture_->serial != serial &&
                                                now.seconds - picture_->at.seconds >= kLifeSeconds);
    if (!is_due || is_drawing_) {
        return picture_;
    }
    if (thread_.joinable()) {
        thread_.join();  // has ended, or is about to
    }
    try {
        thread_ = std::thread([this, now] { draw(now); });
        is_drawing_ = true;
    } catch (const std::system_error&) {  // no thread is to be had: the next visit tries again
    }
    return picture_;
}

void StatusMap::draw(UnixTime now) {
    server::ask_for_low_priority();
    MapPicture made;
    try {
        made = draw_();
    } catch (const std::exception& problem) {  // out of memory
        made.why = problem.what();
    }
    made.at = now;
    const std::scoped_lock lock(mutex_);
    picture_ = std::make_shared<const MapPicture>(std::move(made));
    is_drawing_ = false;
}

}  // namespace ostrakon::web
