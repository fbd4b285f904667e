// The domains of SPF records, with their macros (RFC 7208 §7.1). Included by this module's sources
// only.
#pragma once

#include "ostrakon/dns/name.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace ostrakon::diagnose {

struct SpfDomain {
    std::optional<dns::Name> name;  ///< Where it has no macro.
    std::string why;                ///< Not empty: it is no domain, in words behind the term.
};

SpfDomain parse_spf_domain(std::string_view text);

/// Why a text is not made of visible characters and macros; empty: it is.
std::string why_no_macro_string(std::string_view text);

}  // namespace ostrakon::diagnose
