// Bringing the index up to date with the truth: whatever a change touched is derived again, in the
// same transaction.
#pragma once

#include "ostrakon/policy/catalogue.hpp"
#include "ostrakon/policy/touched.hpp"
#include "ostrakon/store/journal.hpp"
#include "ostrakon/store/transaction.hpp"

namespace ostrakon::policy {

/// Derives the touched ranges again and writes what differs.
void reindex(store::WriteTransaction& transaction, const Catalogue& catalogue,
             TouchedRanges&& touched, store::IndexWriter& index);

}  // namespace ostrakon::policy
