// Text as a page can carry it.
#pragma once

#include <string>
#include <string_view>

namespace ostrakon::web {

/// The same as valid UTF-8: what is none, and control characters but line ends and tabs, become
/// U+FFFD, as do characters that turn the direction of writing.
std::string only_utf8(std::string_view bytes);

}  // namespace ostrakon::web
