// The zones through which the property tests ask.
#include "world.hpp"

namespace ostrakon::property {
namespace {

// All values, each at its place: what Model::answer writes.
zone::TextTemplate text(const std::string& kind) {
    return *zone::TextTemplate::parse(
        kind + ":{subject}|{query}|{class}|{source}|{zone}|{reason}|{since}|{until}");
}

zone::Zone make_zone(std::string name, std::vector<std::string> sources,
                     std::vector<std::string> classes) {
    zone::Zone zone;
    zone.name = std::move(name);
    zone.origin = *dns::parse_name(zone.name);
    for (std::string& source : sources) {
        const bool excluded = source.front() == '!';
        zone.sources.push_back({excluded ? source.substr(1) : source, excluded});
    }
    zone.classes = std::move(classes);
    zone.texts.emplace("*", text("rest"));
    return zone;
}

}  // namespace

std::vector<zone::Zone> test_zones() {
    std::vector<zone::Zone> zones;
    zones.push_back(make_zone("all.bl.example", {"own", "*"}, {"*"}));

    zone::Zone own = make_zone("own.bl.example", {"own"}, {"*"});
    own.ttl_s = 3600;
    zones.push_back(std::move(own));

    zone::Zone feeds = make_zone("feeds.bl.example", {"*"}, {"*"});
    feeds.texts.emplace("beta", text("beta"));
    feeds.kinds.mail = false;
    zones.push_back(std::move(feeds));

    zone::Zone without = make_zone("without.bl.example", {"own", "*", "!beta"}, {"*"});
    without.codes = {{"alpha", net::Ipv4{0x7F000021}}, {"ip", net::Ipv4{0x7F000016}}};
    without.texts.emplace("isp", text("isp"));
    without.kinds.name = false;
    zones.push_back(std::move(without));

    zone::Zone single = make_zone("single.bl.example", {"*", "own"}, {"ip", "phish"});
    single.codes = {{"phish", net::Ipv4{0x7F000017}}, {"beta", net::Ipv4{0x7F000018}}};
    single.ttl_s = 1;
    single.kinds.ip = false;
    zones.push_back(std::move(single));

    zones.push_back(
        make_zone("named.bl.example", {"beta", "own", "delta"}, {"upstream", "domain", "isp"}));
    zones.push_back(make_zone("no-allow.bl.example", {"*", "!gamma"}, {"*"}));

    zones.push_back(make_zone("all.wl.example", {"own", "*"}, {"allow"}));
    zones.push_back(make_zone("feeds.wl.example", {"*"}, {"allow"}));
    zones.push_back(make_zone("own.wl.example", {"own"}, {"allow"}));
    return zones;
}

}  // namespace ostrakon::property
