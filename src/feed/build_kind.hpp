// Whether this build is watched by a sanitizer, which takes terabytes of address space, memory and
// system calls of its own.
#pragma once

namespace ostrakon::feed {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr bool kIsSanitizedBuild = true;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
inline constexpr bool kIsSanitizedBuild = true;
#else
inline constexpr bool kIsSanitizedBuild = false;
#endif
#else
inline constexpr bool kIsSanitizedBuild = false;
#endif

}  // namespace ostrakon::feed
