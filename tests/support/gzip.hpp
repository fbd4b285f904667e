// Packs texts with gzip (RFC 1952).
#pragma once

#include <string>
#include <string_view>

namespace ostrakon::test {

std::string gzip(std::string_view text);

}  // namespace ostrakon::test
