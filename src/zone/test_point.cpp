#include "ostrakon/zone/test_point.hpp"

#include "ostrakon/zone/listing_class.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <optional>

namespace ostrakon::zone {
namespace {

using Classes = std::map<std::string, net::Ipv4>;

constexpr net::Ipv4 kTestCode{0x7F000002};  // RFC 5782 §2.1

std::optional<net::Ipv4> code_of_class(const Zone& zone, const Classes& site_classes,
                                       const std::string& name) {
    if (const auto own = zone.codes.find(name); own != zone.codes.end()) {
        return own->second;
    }
    if (const auto site = site_classes.find(name); site != site_classes.end()) {
        return site->second;
    }
    return built_in_code(name);
}

// Whether any part of a feed may answer in the zone.
bool takes_in_feed(const Zone& zone, const std::string& name) {
    return zone.serves_source(name) ||
           std::any_of(zone.sources.begin(), zone.sources.end(),
                       [&name](const SourcePattern& pattern) {
                           return !pattern.excluded && pattern.name.starts_with(name + "/");
                       });
}

}  // namespace

TestPoints test_points(const Zone& zone, const Classes& site_classes) {
    const std::vector<net::Ipv4> served = served_codes(zone, site_classes);
    const net::Ipv4 lowest = served.empty() ? kTestCode : served.front();
    const bool serves_test_code = std::binary_search(served.begin(), served.end(), kTestCode);
    const std::string domain{"domain"};
    return {serves_test_code ? kTestCode : lowest,
            zone.serves_class(domain) ? *code_of_class(zone, site_classes, domain) : lowest,
            fmt::format("This is a test entry, which {} always lists (RFC 5782)", zone.name)};
}

std::vector<net::Ipv4> served_codes(const Zone& zone, const Classes& site_classes) {
    std::vector<net::Ipv4> codes;
    const auto add_class = [&](const std::string& name) {
        if (const auto code =
                zone.serves_class(name) ? code_of_class(zone, site_classes, name) : std::nullopt) {
            codes.push_back(*code);
        }
    };
    for (const BuiltInClass& built_in : kBuiltInClasses) {
        add_class(std::string{built_in.name});
    }
    for (const auto& [name, code] : site_classes) {
        add_class(name);
    }
    for (const auto& [name, code] : zone.codes) {
        const bool is_class = built_in_code(name) || site_classes.contains(name);
        if (!is_class && takes_in_feed(zone, name)) {
            codes.push_back(code);
        }
    }
    std::sort(codes.begin(), codes.end());
    codes.erase(std::unique(codes.begin(), codes.end()), codes.end());
    return codes;
}

}  // namespace ostrakon::zone
