// The figures as Prometheus reads them. doc/metrics.md says what each means.
#pragma once

#include "ostrakon/server/figures.hpp"

#include <string>
#include <string_view>

namespace ostrakon::server {

/// All figures but those of top subjects and clients: these are too many, and people's.
std::string metrics_text(const Figures& figures, std::string_view version);

}  // namespace ostrakon::server
