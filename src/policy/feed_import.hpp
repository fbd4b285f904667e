// Writing the difference between a list and its feed. Part of import.cpp's work; included by this
// module's sources only.
#pragma once

#include "change_set.hpp"
#include "feed_comparison.hpp"
#include "ostrakon/policy/import.hpp"

namespace ostrakon::policy {

/// Carries out what was compared and commits; `comparison` is current. Adds to the report's notes.
Result<Done> write_feed(ChangeSet& change, const config::Settings& settings, const Import& import,
                        FeedComparison&& comparison, ImportReport& report);

}  // namespace ostrakon::policy
