// The database as it was: own decisions from their records, the rest from the journal. Included by
// explain.cpp only.
#pragma once

#include "ostrakon/policy/answer_text.hpp"
#include "ostrakon/policy/subject.hpp"
#include "ostrakon/store/event.hpp"

#include <optional>
#include <string>

namespace ostrakon::policy {

/// The first change set that was made after `at`; nothing if the present state is that of `at`.
std::optional<store::Change> first_change_after(const store::Transaction& transaction, UnixTime at);

/// Finds the own listings that were in force at `at`, before `change`, and hold the subject, one
/// address or one name with scope Exact. False where not all that later changes overwrote is kept:
/// then a listing that was updated since is taken as it is now.
bool find_own_matches_at(const store::Transaction& transaction, const Catalogue& catalogue,
                         const Subject& subject, UnixTime at, const store::Change& change,
                         MatchList& found);

/// The content of the verdict set that the index held for the subject before `change` and all that
/// came after it; nothing where the journal does not reach back that far.
std::optional<std::string> set_before(const store::Transaction& transaction, const Subject& subject,
                                      const store::Change& change);

}  // namespace ostrakon::policy
