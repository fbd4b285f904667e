// Brings the whole index back to what was decided.
#include "change_set.hpp"
#include "ostrakon/policy/inspect.hpp"

namespace ostrakon::policy {

Result<store::ChangeId> repair(store::Environment& environment, const Author& author) {
    auto change = ChangeSet::begin(environment, author);
    if (!change) {
        return Unexpected{change.error()};
    }
    change->tell("", "", "the index derived again from nothing", "");
    return change->finish_rebuilt();
}

}  // namespace ostrakon::policy
