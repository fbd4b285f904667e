// Which system calls a confined reader is left: to read its list, write its result, get memory, ask
// the time and end. Any other kills it.
#pragma once

namespace ostrakon::feed {

/// Opens the library, so that nothing is to be opened later. False where it is missing.
bool prepare_system_call_filter();

/// Filters from here on, and for ever. `list` can be read, the other two can be written to. False
/// where the kernel, or the container, has no filters: then nothing has changed.
bool filter_system_calls(int list, int result, int news);

}  // namespace ostrakon::feed
