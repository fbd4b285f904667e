// What people ask about: an address, a name, a mail address or its hash, or a whole query name
// of one of the zones.
#pragma once

#include "ostrakon/base/result.hpp"
#include "ostrakon/policy/subject.hpp"
#include "ostrakon/zone/zone.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace ostrakon::lookup {

/// One address, name or mail address.
struct QuerySubject {
    policy::Subject subject;
    std::string text;   ///< As people know it.
    std::string asked;  ///< What a client would have asked for: of a mail address, the hash.
};

/// Reads a query. What ends in the origin of a zone is a query name: 7.2.0.192.bl.example.org is
/// the address 192.0.2.7.
Result<QuerySubject> parse_query_subject(std::string_view text,
                                         const std::vector<zone::Zone>& zones);

}  // namespace ostrakon::lookup
