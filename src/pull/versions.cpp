#include "versions.hpp"

#include <algorithm>

namespace ostrakon::pull {

void take_version(policy::PullState& state, const policy::PulledVersion& version) {
    state.versions.insert(state.versions.begin(), version);
    if (state.versions.size() > policy::PullState::kVersionsMax) {
        state.versions.pop_back();
    }
    state.next_version = std::max(state.next_version, version.number + 1);
    state.held.reset();
    state.is_rolled_back = false;
}

void take_back(policy::PullState& state, const std::string& why) {
    if (!state.held) {
        state.held = policy::HeldVersion{state.versions.front(), why, false};
    }
    state.versions.erase(state.versions.begin());
    state.is_rolled_back = true;
}

}  // namespace ostrakon::pull
