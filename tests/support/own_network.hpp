// A network that only this process and its children have.
#pragma once

#include <string>

namespace ostrakon::test {

/// Moves this process into a network of its own, with a loopback interface and nothing else, where
/// every port is free; as another user than root it becomes root in a user namespace. Returns why
/// that cannot be had, or nothing. To be called before this process has threads; calling it again
/// does nothing.
std::string enter_own_network();

}  // namespace ostrakon::test
