// What the files of a database may be: owner and group, nobody else; they hold evidence.
#pragma once

#include <sys/types.h>

namespace ostrakon::store {

inline constexpr mode_t kFileMode = 0660;

}  // namespace ostrakon::store
