// A port for a program that cannot choose one itself.
#pragma once

#include <cstdint>

namespace ostrakon::test {

/// A port of 127.0.0.1 that nobody has at this moment; `type` is SOCK_STREAM or SOCK_DGRAM.
/// Somebody could take it before the program does, which then does not start; in a network of its
/// own nobody can. Throws std::runtime_error where there is none.
std::uint16_t free_port(int type);

}  // namespace ostrakon::test
