// Writes a consistent copy of the database while others read and write it.
#pragma once

#include "ostrakon/base/result.hpp"
#include "ostrakon/store/environment.hpp"

#include <functional>
#include <string_view>

namespace ostrakon::store {

/// Takes the copy piece by piece.
using CopySink = std::function<Result<Done>(std::string_view bytes)>;

/// Page by page, free pages too. Waits for no writer, which LMDB's own plain copy does; what is
/// committed meanwhile is not in it.
Result<Done> copy_pages(Environment& environment, const CopySink& sink);

/// LMDB's compacting copy, without free pages, to a descriptor. Waits for no writer. Uses a thread.
Result<Done> copy_compacted(Environment& environment, int descriptor);

}  // namespace ostrakon::store
