// The functions of libseccomp that are used, loaded before a child is confined. Included by
// system_call_filter.cpp only.
#pragma once

#include "ostrakon/base/result.hpp"

#include <seccomp.h>

namespace ostrakon::feed {

struct SeccompLibrary {
    decltype(&seccomp_init) init;
    decltype(&seccomp_release) release;
    decltype(&seccomp_attr_set) attr_set;
    decltype(&seccomp_rule_add_array) rule_add;
    decltype(&seccomp_load) load;
};

Result<SeccompLibrary> load_seccomp_library();

}  // namespace ostrakon::feed
