// Takes in what strangers have filed at the page, before a command looks at requests.
#pragma once

#include "command.hpp"
#include "ostrakon/base/result.hpp"

namespace ostrakon::tool {

/// Where the caller may not write, what waits stays, with a note. Errors: the configuration cannot
/// be read.
Result<Done> take_in_filed_requests(const CommonOptions& common);

}  // namespace ostrakon::tool
