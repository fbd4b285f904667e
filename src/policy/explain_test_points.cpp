#include "explain_test_points.hpp"

#include "ostrakon/zone/test_point.hpp"

#include <string_view>
#include <variant>

namespace ostrakon::policy {
namespace {

bool is_name(const Subject& subject, std::string_view label) {
    const auto* name = std::get_if<NameSubject>(&subject);
    return name != nullptr && name->name == *dns::parse_name(label);
}

bool is_address(const Subject& subject, net::Ipv4 address) {
    const auto* v4 = std::get_if<net::Ipv4Range>(&subject);  // a mapped address is one of IPv4
    return v4 != nullptr && v4->first == address;
}

}  // namespace

bool is_test_point(const Subject& subject) {
    return is_address(subject, zone::kTestAddress) || is_name(subject, zone::kTestName);
}

bool is_never_listed(const Subject& subject) {
    return is_address(subject, zone::kNeverListedAddress) ||
           is_name(subject, zone::kNeverListedName);
}

ExplainedZone explain_test_point(const zone::Zone& zone, const config::Settings& settings,
                                 const Subject& subject) {
    const zone::TestPoints points = zone::test_points(zone, settings.classes);
    const bool is_of_address = std::holds_alternative<net::Ipv4Range>(subject);
    ExplainedZone explained;
    explained.zone = zone.name;
    explained.is_allow_zone = zone.is_allow_zone();
    explained.listed = is_of_address ? zone.kinds.ip : zone.kinds.name;
    if (explained.listed) {
        explained.codes = {is_of_address ? points.address_code : points.name_code};
        explained.text = {points.text};
        explained.ttl_s = zone.ttl_s;
    }
    return explained;
}

}  // namespace ostrakon::policy
