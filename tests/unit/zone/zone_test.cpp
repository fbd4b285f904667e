// Which classes and sources a zone serves.
#include "ostrakon/zone/zone.hpp"

#include <gtest/gtest.h>

namespace ostrakon::zone {
namespace {

Zone zone_of_classes(std::vector<std::string> classes) {
    Zone zone;
    zone.classes = std::move(classes);
    return zone;
}

// As in zones/NAME.toml: "!" before what is left out.
Zone zone_of_sources(std::initializer_list<std::string_view> sources) {
    Zone zone;
    for (std::string_view source : sources) {
        const bool is_excluded = source.starts_with('!');
        zone.sources.push_back({std::string{source.substr(is_excluded ? 1 : 0)}, is_excluded});
    }
    return zone;
}

TEST(Zone, ServesAllClassesButAllowForAStar) {
    const Zone zone = zone_of_classes({"*"});
    EXPECT_TRUE(zone.serves_class("ip"));
    EXPECT_TRUE(zone.serves_class("phish"));
    EXPECT_FALSE(zone.serves_class("allow"));
    EXPECT_FALSE(zone.is_allow_zone());
}

TEST(Zone, ServesNamedClassesOnly) {
    const Zone zone = zone_of_classes({"ip", "phish"});
    EXPECT_TRUE(zone.serves_class("ip"));
    EXPECT_TRUE(zone.serves_class("phish"));
    EXPECT_FALSE(zone.serves_class("isp"));
    EXPECT_FALSE(zone.serves_class("allow"));
}

TEST(Zone, ServesNothingButAllowAsAnAllowZone) {
    const Zone zone = zone_of_classes({"allow"});
    EXPECT_TRUE(zone.is_allow_zone());
    EXPECT_TRUE(zone.serves_class("allow"));
    EXPECT_FALSE(zone.serves_class("ip"));
}

TEST(Zone, ServesSourcesAsItsPatternsSay) {
    struct Case {
        std::initializer_list<std::string_view> patterns;
        std::string source;
        std::string label;
        bool is_served;
    };
    const std::initializer_list<Case> cases = {
        // own must be named, and is no feed
        {{"own"}, "own", "", true},
        {{"*"}, "own", "", false},
        {{"own"}, "drop", "", false},
        {{}, "own", "", false},
        {{}, "drop", "", false},
        // "*" is all feeds and all their data sets, but no built-in source
        {{"own", "*"}, "drop", "", true},
        {{"*"}, "combined", "spam", true},
        {{"*"}, "dynamic-names", "", false},
        {{"*"}, "unknown-tld", "", false},
        {{"*", "dynamic-names"}, "dynamic-names", "", true},
        {{"*", "dynamic-names"}, "unknown-tld", "", false},
        // a name takes all data sets of a combined feed, NAME/LABEL one of them
        {{"combined"}, "combined", "", true},
        {{"combined"}, "combined", "spam", true},
        {{"combined"}, "combined2", "", false},
        {{"combined2"}, "combined", "", false},
        {{"combined/spam"}, "combined", "spam", true},
        {{"combined/spam"}, "combined", "", false},
        {{"combined/spam"}, "combined", "spam2", false},
        {{"combined/spam"}, "other", "spam", false},
        {{"combined/@"}, "combined", "", true},
        {{"combined/@"}, "combined", "spam", false},
        // a data set can be of several sub-zones, and one sub-zone can have several
        {{"combined/spam"}, "combined", "dul,spam", true},
        {{"combined/dul"}, "combined", "dul,spam#2", true},
        {{"combined/spam"}, "combined", "dul,spam#2", true},
        {{"combined/@"}, "combined", "dul,@#3", true},
        {{"combined/dul"}, "combined", "@,dul2", false},
        {{"combined/dul"}, "combined", "a.dul", false},
        // what is left out is left out wherever that stands
        {{"*", "!drop"}, "drop", "", false},
        {{"!drop", "*"}, "drop", "", false},
        {{"*", "!drop"}, "dshield", "", true},
        {{"*", "!combined"}, "combined", "spam", false},
        {{"*", "!combined/spam"}, "combined", "spam", false},
        {{"*", "!combined/spam"}, "combined", "", true},
        {{"combined", "!combined/@"}, "combined", "", false},
        {{"combined", "!combined/@"}, "combined", "spam", true},
        {{"!drop"}, "dshield", "", false},
    };
    for (const auto& [patterns, source, label, is_served] : cases) {
        std::string trace;
        for (const std::string_view pattern : patterns) {
            trace += std::string{pattern} + ' ';
        }
        SCOPED_TRACE(trace + "serves " + source + '/' + label);
        EXPECT_EQ(zone_of_sources(patterns).serves_source(source, label), is_served);
    }
}

}  // namespace
}  // namespace ostrakon::zone
