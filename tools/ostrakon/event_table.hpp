// The audit trail as a table.
#pragma once

#include "ostrakon/policy/inspect.hpp"
#include "output.hpp"

#include <vector>

namespace ostrakon::tool {

/// One row an event; the subject only where several are meant.
Table event_table(const std::vector<policy::Event>& events, bool with_subject);

}  // namespace ostrakon::tool
