// What an older schema lacks, made from what it has. Included by this module's sources only.
#pragma once

#include "ostrakon/store/environment.hpp"

namespace ostrakon::store {

/// Brings a database up to date, of which all tables were made. Whole, or not done.
Result<Done> migrate(Environment& environment);

}  // namespace ostrakon::store
