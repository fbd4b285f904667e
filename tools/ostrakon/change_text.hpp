// How a change set is told to a person.
#pragma once

#include "command.hpp"
#include "ostrakon/policy/decide.hpp"

#include <string>

namespace ostrakon::tool {

/// Lines for the listings of a change, the first of them at least, and one for the whole.
std::string change_text(const policy::ChangeReport& report);

/// The outcome of a command that made this change: JSON or text, nothing with --quiet; prints the
/// notes.
Outcome change_outcome(const policy::ChangeReport& report, const CommonOptions& common);

}  // namespace ostrakon::tool
