// What is worked out once per configuration: origins, names of [a], codes that a zone serves, who
// may ask.
#include "ostrakon/responder/prepared.hpp"

#include "support/wire_labels.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ostrakon::responder {
namespace {

using testing::ElementsAre;

dns::Name name(std::string_view text) {
    return *dns::parse_name(text);
}
net::Ipv4 ipv4(std::string_view text) {
    return *net::parse_ipv4(text);
}

zone::Zone make_zone(std::string_view origin) {
    zone::Zone zone;
    zone.name = origin;
    zone.origin = name(origin);
    zone.ns = {name("ns1.example.org")};
    zone.contact = name("hostmaster.example.org");
    zone.sources = {{"own", false}, {"*", false}};
    zone.classes = {"*"};
    return zone;
}

Site make_site(std::vector<zone::Zone> zones, std::map<std::string, net::Ipv4> classes = {}) {
    auto rulebook = std::make_shared<verdict::Rulebook>();
    rulebook->zones = std::move(zones);
    rulebook->classes = std::move(classes);
    return Site{rulebook, {}};
}

/// The name of a question, with its bytes.
struct Asked {
    explicit Asked(std::string_view dotted)
        : wire(test::wire_name(dotted)), bytes(wire.begin(), wire.end()) {
        EXPECT_TRUE(name.parse(bytes));
    }
    std::string wire;
    std::vector<std::uint8_t> bytes;
    dns::QuestionName name;
};

std::string zone_of(const Site& site, std::string_view question) {
    const PreparedZone* const zone = site.prepared().find_zone(Asked{question}.name);
    return zone == nullptr ? "none" : zone->zone->name;
}

const Node* node_of(const Site& site, std::string_view question) {
    const Asked asked{question};
    const PreparedZone& zone = *site.prepared().find_zone(asked.name);
    return site.prepared().find_node(zone, asked.name,
                                     asked.name.label_count() - zone.origin_labels);
}

TEST(Site, FindsTheLongestOrigin) {
    const Site site = make_site(
        {make_zone("example.org"), make_zone("bl.example.org"), make_zone("in.de.bl.example.org")});
    EXPECT_EQ(zone_of(site, "bl.example.org"), "bl.example.org");
    EXPECT_EQ(zone_of(site, "5.BL.Example.ORG"), "bl.example.org");
    EXPECT_EQ(zone_of(site, "de.bl.example.org"), "bl.example.org");
    EXPECT_EQ(zone_of(site, "x.in.de.bl.example.org"), "in.de.bl.example.org");
    EXPECT_EQ(zone_of(site, "other.example.org"), "example.org");
    EXPECT_EQ(zone_of(site, "notexample.org"), "none");
    EXPECT_EQ(zone_of(site, "org"), "none");
    EXPECT_EQ(zone_of(site, ""), "none");
}

TEST(Site, FindsOneOriginAmongThousands) {
    std::vector<zone::Zone> zones;
    for (int i = 0; i < 3000; ++i) {
        zones.push_back(make_zone("z" + std::to_string(i) + ".example.org"));
    }
    const Site site = make_site(std::move(zones));
    EXPECT_EQ(zone_of(site, "5.2.0.192.z2999.example.org"), "z2999.example.org");
    EXPECT_EQ(zone_of(site, "5.2.0.192.z3000.example.org"), "none");
}

TEST(Site, KnowsTheNamesOnTheWayToAddressesAndInnerZones) {
    zone::Zone outer = make_zone("bl.example.org");
    outer.addresses = {{name("www.web.bl.example.org"), {ipv4("192.0.2.80")}, {}}};
    const Site site = make_site({outer, make_zone("in.de.bl.example.org")});
    ASSERT_NE(node_of(site, "www.web.bl.example.org"), nullptr);
    EXPECT_TRUE(node_of(site, "WWW.web.bl.example.org")->has_addresses());
    ASSERT_NE(node_of(site, "web.bl.example.org"), nullptr);
    EXPECT_FALSE(node_of(site, "web.bl.example.org")->has_addresses());
    ASSERT_NE(node_of(site, "de.bl.example.org"), nullptr);
    EXPECT_EQ(node_of(site, "fr.bl.example.org"), nullptr);
    EXPECT_EQ(node_of(site, "x.web.bl.example.org"), nullptr);
}

TEST(Site, GivesAnAddressToTheInnermostZoneAroundIt) {
    zone::Zone outer = make_zone("bl.example.org");
    zone::Zone inner = make_zone("in.bl.example.org");
    outer.ns_ttl_s = 7;
    inner.ns = {name("ns.in.bl.example.org")};
    outer.addresses = {{name("ns.in.bl.example.org"), {ipv4("192.0.2.53")}, {}}};
    const Site site = make_site({outer, inner});
    ASSERT_NE(node_of(site, "ns.in.bl.example.org"), nullptr);
    EXPECT_EQ(node_of(site, "ns.in.bl.example.org")->ttl_s, 7U);
    ASSERT_EQ(site.prepared().zones[1].glue.size(), 1U);
}

TEST(Site, ListsTheCodesAZoneServes) {
    zone::Zone zone = make_zone("bl.example.org");
    const auto codes = [&](const std::map<std::string, net::Ipv4>& classes = {}) {
        std::vector<std::string> texts;
        for (const net::Ipv4 code : zone::served_codes(zone, classes)) {
            texts.push_back(net::to_string(code));
        }
        return texts;
    };
    EXPECT_THAT(codes(), ElementsAre("127.0.0.2", "127.0.0.3", "127.0.0.4", "127.0.0.5",
                                     "127.0.0.6", "127.0.0.10", "127.0.1.2", "127.0.3.2"));
    zone.classes = {"allow"};
    EXPECT_THAT(codes(), ElementsAre("127.0.4.2"));
    zone.classes = {"domain", "phish"};
    zone.codes = {{"domain", ipv4("127.0.0.99")}, {"ip", ipv4("127.0.0.98")}};
    EXPECT_THAT(codes({{"phish", ipv4("127.0.0.7")}}), ElementsAre("127.0.0.7", "127.0.0.99"));
    zone.classes = {"domain"};
    zone.codes = {{"partner", ipv4("127.0.0.50")}, {"other", ipv4("127.0.0.51")}};
    zone.sources = {{"*", false}, {"other", true}};
    EXPECT_THAT(codes(), ElementsAre("127.0.0.50", "127.0.1.2"));
    zone.sources = {{"partner/A", false}};
    EXPECT_THAT(codes(), ElementsAre("127.0.0.50", "127.0.1.2"));
}

TEST(Site, ChoosesCodesForTheTestPointsThatTheZoneServes) {
    zone::Zone zone = make_zone("bl.example.org");
    const auto codes = [&] {
        const Site site = make_site({zone});
        const PreparedZone& prepared = site.prepared().zones[0];
        return net::to_string(prepared.test_points.address_code) + " " +
               net::to_string(prepared.test_points.name_code);
    };
    EXPECT_EQ(codes(), "127.0.0.2 127.0.1.2");
    zone.classes = {"isp", "country"};
    EXPECT_EQ(codes(), "127.0.0.4 127.0.0.4");
    zone.classes = {"isp", "domain"};
    zone.codes = {{"domain", ipv4("127.0.0.2")}};
    EXPECT_EQ(codes(), "127.0.0.2 127.0.0.2");
    zone.classes = {"allow"};
    EXPECT_EQ(codes(), "127.0.4.2 127.0.4.2");
}

TEST(QueryFilter, AdmitsWhoIsInOneOfThePrefixes) {
    zone::QueryAccess access;
    EXPECT_TRUE(QueryFilter{access}.admits(ipv4("203.0.113.1")));
    access.any = false;
    EXPECT_FALSE(QueryFilter{access}.admits(ipv4("203.0.113.1")));
    for (const std::string_view prefix : {"192.0.2.0/24", "192.0.2.128/25", "198.51.100.7",
                                          "198.51.100.8", "2001:db8::/32", "0.0.0.0/32"}) {
        access.prefixes.push_back(*net::parse_range(prefix));
    }
    const QueryFilter filter{access};
    for (const std::string_view in :
         {"192.0.2.0", "192.0.2.255", "198.51.100.7", "198.51.100.8", "0.0.0.0"}) {
        EXPECT_TRUE(filter.admits(ipv4(in))) << in;
    }
    for (const std::string_view out :
         {"192.0.1.255", "192.0.3.0", "198.51.100.6", "198.51.100.9", "255.255.255.255"}) {
        EXPECT_FALSE(filter.admits(ipv4(out))) << out;
    }
    EXPECT_TRUE(filter.admits(*net::parse_ipv6("2001:db8::1")));
    EXPECT_FALSE(filter.admits(*net::parse_ipv6("2001:db9::1")));
}

}  // namespace
}  // namespace ostrakon::responder
