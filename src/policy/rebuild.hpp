// The whole index from nothing: for `check --repair` and `restore`. Included by this module's
// sources only.
#pragma once

#include "ostrakon/base/time.hpp"
#include "ostrakon/policy/catalogue.hpp"
#include "ostrakon/store/transaction.hpp"

#include <cstdint>

namespace ostrakon::policy {

/// Throws away index, verdict sets and journal, begins a new epoch, derives everything from the
/// truth, and raises the serial, which it returns. Set numbers begin again: nobody may go on
/// believing what an old one meant, which is what the epoch tells.
std::uint32_t rebuild_index(store::WriteTransaction& transaction, const Catalogue& catalogue,
                            UnixTime at);

}  // namespace ostrakon::policy
