// Random rbldnsd files of every type, with names to ask about in each.
//
// They use every rule of the format, rightly and wrongly. Left out is what the importer does better
// on purpose (rbldnsd_test.cpp names it), so that both sides must agree on all the rest.
#pragma once

#include "property/random.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace ostrakon::rbldnsd {

/// What to ask in one zone. Names are dotted, relative to the zone, "\DDD" for bytes.
struct ZoneQuestions {
    std::string sub_zone;  ///< Empty: the base.
    std::vector<std::string> names;
};

struct ListFile {
    std::string type;  ///< As rbldnsd calls it.
    std::string text;
    std::vector<ZoneQuestions> zones;
};

/// A file of this type.
ListFile write_file(property::Random& random, const std::string& type);

/// All types that are compared.
inline const std::vector<std::string> kTypes{"ip4set",  "ip4tset", "ip4trie", "ip6tset",
                                             "ip6trie", "dnset",   "combined"};

}  // namespace ostrakon::rbldnsd
