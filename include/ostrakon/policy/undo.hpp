// Change sets as people see them: the latest ones, and taking one back as a whole. `undo` is for
// mistakes: what is undone counts as if it had never been, so that no strike stays.
#pragma once

#include "ostrakon/config/settings.hpp"
#include "ostrakon/policy/decide.hpp"
#include "ostrakon/store/event.hpp"

#include <string>
#include <vector>

namespace ostrakon::policy {

/// A change set older than this is undone with --override alone.
inline constexpr std::int64_t kUndoSecondsMax = std::int64_t{24} * 3600;

struct ChangeRow {
    store::Change change;
    std::string what;  ///< "192.0.2.7 (ip): banned", "198.51.100.0/24 (ip): lifted, and 2 more".
};
/// The latest change sets, newest first.
Result<std::vector<ChangeRow>> changes(store::Environment& environment, std::uint64_t rows_max);

struct Undo {
    store::ChangeId change = 0;
    std::string reason;
    bool override_age = false;  ///< --override: also what is older than a day.
    bool confirmed = false;     ///< --yes: lifts the blast radius.
    bool dry_run = false;
};

/// Takes back what still stands of a change set, and notes the rest: what a later change set has
/// decided anew stays as that has left it. Errors: Absent (there is no such change set), Refused
/// (too old, blast radius, nothing is kept to undo it with), Store. The caller holds the writer
/// lock.
Result<ChangeReport> undo(store::Environment& environment, const config::Settings& settings,
                          const Undo& undo, const Author& author);

}  // namespace ostrakon::policy
