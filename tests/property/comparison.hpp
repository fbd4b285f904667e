// Whether the program answers what the model answers.
#pragma once

#include "world.hpp"

namespace ostrakon::property {

/// The index equals what the truth gives when it is derived anew.
Difference compare_index(World& world);

/// The judge answers what the model answers, in every zone at every critical place: codes, TTL and
/// texts.
Difference compare_answers(World& world);

}  // namespace ostrakon::property
