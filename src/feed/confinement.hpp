// Makes of a process that was just forked one that can compute, and nothing else.
#pragma once

#include "ostrakon/feed/confined_reading.hpp"

#include <sys/types.h>
#include <cstddef>

namespace ostrakon::feed {

/// What a confined process keeps open, by the numbers that it has there.
struct KeptDescriptors {
    int list = 3;
    int result = 4;
    int news = 5;
};

/// Confines this process, a child of `parent` without other threads: it dies with its parent, has
/// no descriptor but those of `kept`, which move to the numbers of KeptDescriptors{}, cannot gain
/// rights or be traced, has only so much memory and time, can write only so many bytes, open no
/// file, start no process, and do no system call but those of system_call_filter.hpp. Whatever
/// opens files when it is first used has to be used before.
///
/// False where system calls could not be filtered; all the rest holds. Where that fails, the
/// process ends with kExitUnconfined.
bool confine(const ReaderLimits& limits, const KeptDescriptors& kept, pid_t parent);

inline constexpr int kExitUnconfined = 10;

}  // namespace ostrakon::feed
