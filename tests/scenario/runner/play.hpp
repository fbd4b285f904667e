// Plays a scenario on a host and reports to GoogleTest what is not as the scenario says.
#pragma once

#include "scenario/runner/host.hpp"

#include <filesystem>

namespace ostrakon::scenario {

/// All files *.scenario of a folder, sorted.
std::vector<std::filesystem::path> scenario_files(const std::filesystem::path& folder);

/// A file's name as a name of a test.
std::string test_name(const std::filesystem::path& file);

/// Plays one file; skips the test from the point on where the host cannot go on.
void play(const std::filesystem::path& file, Host& host);

}  // namespace ostrakon::scenario
