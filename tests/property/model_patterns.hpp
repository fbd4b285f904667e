// What patterns match, by other means than the project's: std::regex, and the text of a glob taken
// apart by hand.
#pragma once

#include "model.hpp"

namespace ostrakon::property {

bool pattern_holds(const pattern::Pattern& pattern, const dns::Name& name);

/// The labels at the end that have no star, as a name; the root for a regular expression and where
/// there are none.
dns::Name end_of(const pattern::Pattern& pattern);

}  // namespace ostrakon::property
