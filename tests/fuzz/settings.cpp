// Property: any bytes as ostrakon.toml are read whole, or refused with the place of each mistake.
//
// What was read keeps the bounds that the rest of the program relies on, and has the same meaning
// when it is read again.
#include "config_file.hpp"
#include "target.hpp"

#include "ostrakon/config/settings.hpp"

#include <algorithm>

namespace {

using namespace ostrakon;
using fuzz::require;

template <class Range>
bool is_sorted_and_disjoint(const std::vector<Range>& ranges) {
    return std::adjacent_find(ranges.begin(), ranges.end(), [](const Range& a, const Range& b) {
               return !(a.last < b.first);
           }) == ranges.end();
}

void check(const config::Settings& settings) {
    const config::ServerSettings& server = settings.server;
    require(!server.listen.empty(), "there is something to listen on");
    require(server.udp_payload_bytes >= 512, "udp_payload");
    require(server.tcp_connections_max > 0, "tcp_connections");
    require(server.tcp_idle.seconds > 0, "tcp_idle");
    require(settings.zones_directory.is_absolute(), "the directory of zones is absolute");
    require(!settings.lifecycle.repeat.empty(), "[lifecycle] repeat");
    require(is_sorted_and_disjoint(settings.protect.never_ipv4) &&
                is_sorted_and_disjoint(settings.protect.never_ipv6),
            "[protect] never is sorted and disjoint");
    for (const auto& [name, code] : settings.classes) {
        require(!name.empty() && code.bits >> 24 == 127 && code.bits != 0x7F000001,
                "a class has a name, and a code in 127/8");
    }
    for (const config::FeedSettings& feed : settings.feeds) {
        require(!feed.name.empty(), "a feed has a name");
        require(feed.max_width_ipv4 >= 0 && feed.max_width_ipv4 <= 32 && feed.max_width_ipv6 >= 0 &&
                    feed.max_width_ipv6 <= 128,
                "[[feed]] max_width");
        require(feed.every.seconds >= feed.every_least.seconds, "[[feed]] every");
        require(feed.max_covered >= 0 && feed.max_covered <= 1, "[[feed]] max_covered");
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    static const fuzz::ConfigFile file{"ostrakon.toml"};
    file.write(fuzz::as_text(bytes, size));
    const auto settings = config::read_settings(file.path());
    if (!settings) {
        fuzz::require_places(settings.error(), file.directory());
        return 0;
    }
    check(*settings);
    const auto again = config::read_settings(file.path());
    require(again && again->server.listen == settings->server.listen &&
                again->feeds.size() == settings->feeds.size() &&
                again->warnings == settings->warnings,
            "reading again gives the same");
    return 0;
}
