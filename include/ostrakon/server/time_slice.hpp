// How soon a thread has its turn beside other programs.
#pragma once

namespace ostrakon::server {

/// Asks for short slices of the CPU for the calling thread: when it wakes it goes before programs
/// that have longer ones, and has no larger share for it. Linux 6.12 and later do so (sched(7));
/// older ones take no notice, and where a sandbox refuses it all stays as it was.
void ask_for_short_slices() noexcept;

/// Lets others go before the calling thread (nice 5, SCHED_BATCH). Not by setpriority(2),
/// which the systemd unit does not allow.
void ask_for_low_priority() noexcept;

}  // namespace ostrakon::server
