#include "ostrakon/base/assert.hpp"

#include <cstdio>
#include <cstdlib>

namespace ostrakon {

void invariant_broken(const char* condition, const char* file, int line) noexcept {
    std::fprintf(stderr, "%s:%d: invariant broken: %s\n", file, line, condition);
    std::abort();
}

}  // namespace ostrakon
