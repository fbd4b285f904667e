#include "whole_zones.hpp"

namespace ostrakon::property {

std::vector<zone::Zone> whole_zones(const std::vector<zone::Zone>& from) {
    std::vector<zone::Zone> zones = from;
    const auto name = [](const zone::Zone& zone, const std::string& relative) {
        return *dns::Name::from_labels([&] {
            std::vector<std::string> labels;
            for (std::size_t at = 0; at <= relative.size();) {
                const std::size_t dot = std::min(relative.find('.', at), relative.size());
                labels.push_back(relative.substr(at, dot - at));
                at = dot + 1;
            }
            for (const std::string& more : zone.origin.labels()) {
                labels.push_back(more);
            }
            return labels;
        }());
    };
    zone::Zone& crowded = zones.front();
    for (const char* const owner :
         {"www", "a.b.example", "test.example", "q.a.example.org", "7.2.0.192", "x.255.2.0.192",
          "1.2", "b.d.0.1.0.0.2", "8.8.b.d.0.1.0.0.2"}) {
        crowded.addresses.push_back({name(crowded, owner), {net::Ipv4{0xC0000250}}, {}});
    }
    zone::Zone inner = zones[1];
    inner.origin = name(crowded, "aa.example.com");
    inner.name = dns::to_string(inner.origin);
    zones.push_back(std::move(inner));
    for (std::size_t i = 0; i < zones.size(); ++i) {
        zones[i].ns = {*dns::parse_name("ns1.example.net")};
        zones[i].contact = *dns::parse_name("hostmaster.example.net");
        if (i % 2 == 0) {  // the same for all that are listed together
            zones[i].texts.clear();
            zones[i].texts.emplace(
                "*", *zone::TextTemplate::parse("{subject}|{class}|{source}|{reason}|{until}"));
        }
    }
    return zones;
}

}  // namespace ostrakon::property
