// What no list changes, for `why`: the names and addresses of zone/test_point.hpp. Included by
// explain.cpp only.
#pragma once

#include "ostrakon/config/settings.hpp"
#include "ostrakon/policy/explain.hpp"
#include "ostrakon/policy/subject.hpp"
#include "ostrakon/zone/zone.hpp"

namespace ostrakon::policy {

/// Whether every zone lists it.
bool is_test_point(const Subject& subject);
/// Whether no zone ever does.
bool is_never_listed(const Subject& subject);

/// What a zone answers for a test point.
ExplainedZone explain_test_point(const zone::Zone& zone, const config::Settings& settings,
                                 const Subject& subject);

}  // namespace ostrakon::policy
