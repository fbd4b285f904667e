// The figures as JSON, for `ostrakon top` and for scripts.
#pragma once

#include "ostrakon/server/figures.hpp"

#include <string>
#include <string_view>

namespace ostrakon::server {

/// One object. Counts are those since "started"; keys are never removed.
std::string figures_json(const Figures& figures, std::string_view version);

}  // namespace ostrakon::server
