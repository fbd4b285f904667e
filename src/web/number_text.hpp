// Numbers as the operator reads them, in any language: groups of digits apart by a narrow blank,
// units of the SI.
#pragma once

#include <cstdint>
#include <string>

namespace ostrakon::web {

/// "1 234 567", with narrow blanks that do not break.
std::string count_text(std::uint64_t count);
/// A rate with as many digits as say something: "0", "0.03", "7.4", "1 250".
std::string rate_text(double rate);
/// "812 kB", "3.4 GB".
std::string bytes_text(std::uint64_t bytes);
/// In one unit: "45 s", "12 min", "3 h", "2 d". Less than nothing is nothing.
std::string age_text(std::int64_t seconds);

}  // namespace ostrakon::web
