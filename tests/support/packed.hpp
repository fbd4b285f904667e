// Packs texts with xz, zstd, bzip2 and zip.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ostrakon::test {

/// `how` is xz, zstd or bzip2.
std::string packed(std::string_view how, std::string_view text);

struct ZipMember {
    std::string name;  ///< That of a directory ends in a slash.
    std::string text;
};
/// With a password, the members are encrypted.
std::string zip(const std::vector<ZipMember>& members, const std::string& password = "");

}  // namespace ostrakon::test
