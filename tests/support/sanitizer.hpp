// Whether the tests of this build are watched by a sanitizer.
#pragma once

namespace ostrakon::test {

/// AddressSanitizer and ThreadSanitizer take terabytes of address space, and memory of their own.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr bool kIsSanitized = true;
#else
inline constexpr bool kIsSanitized = false;
#endif

}  // namespace ostrakon::test
