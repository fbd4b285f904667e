// Reads the entries of one data set of an rbldnsd file.
#pragma once

#include "format.hpp"
#include "rbldnsd_outline.hpp"

#include <optional>

namespace ostrakon::feed {

/// Gives the data set's entries to the collector. It is one that is read (see DataSetOutline).
void read_data_set(const Document& document, const DataSetOutline& data_set,
                   std::optional<UnixTime> expires, Collector& collector);

}  // namespace ostrakon::feed
