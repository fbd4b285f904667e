// What a command line does, by calling the policy: the few options that scenarios use.
#pragma once

#include "scenario/runner/scenario.hpp"

#include "ostrakon/config/settings.hpp"
#include "ostrakon/store/environment.hpp"

#include <string>

namespace ostrakon::scenario {

/// Runs `ban`, `allow`, `unban`, `import -`, `diagnose` or `expire` at time `now`; returns the exit
/// status, and in `output` why it is not 0.
int run_command(store::Environment& environment, const config::Settings& settings,
                const Command& command, UnixTime now, std::string& output);

}  // namespace ostrakon::scenario
