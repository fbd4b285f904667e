// What `why` says, as the JSON document that scripts rely on.
#pragma once

#include "ostrakon/policy/explain.hpp"

#include <string>
#include <string_view>

namespace ostrakon::lookup {

/// `query` as people know it.
std::string explanation_json(std::string_view query, const policy::Explanation& explanation);

}  // namespace ostrakon::lookup
