// What upstreams and web servers send instead of a list is refused as a whole, before a lax reader
// finds a line in it that happens to look like an entry.
#include "format.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <array>

namespace ostrakon::feed {
namespace {

using namespace std::string_view_literals;

struct Magic {
    std::string_view bytes;
    std::string_view what;
    std::string_view remedy;
};

constexpr auto kRecode =
    "turn it into UTF-8 first: iconv -f UTF-16 -t UTF-8 FILE | ostrakon import -"sv;
constexpr auto kSaveAsText = "save it as csv or plain text first"sv;

constexpr auto kMagics = std::to_array<Magic>({
    {"\x1F\x8B"sv, "is packed with gzip twice"sv,
     "unpack it first: zcat FILE | ostrakon import -"sv},
    {"\x28\xB5\x2F\xFD"sv, "is packed with zstd"sv,
     "unpack it first: zstdcat FILE | ostrakon import -"sv},
    {"\xFD"
     "7zXZ\0"sv,
     "is packed with xz"sv, "unpack it first: xzcat FILE | ostrakon import -"sv},
    {"BZh"sv, "is packed with bzip2"sv, "unpack it first: bzcat FILE | ostrakon import -"sv},
    {"PK\x03\x04"sv, "is a zip archive or a spreadsheet"sv, kSaveAsText},
    {"%PDF"sv, "is a PDF document"sv, kSaveAsText},
    {"\xD0\xCF\x11\xE0"sv, "is an office document"sv, kSaveAsText},
    {"\xFF\xFE"sv, "is UTF-16 text"sv, kRecode},
    {"\xFE\xFF"sv, "is UTF-16 text"sv, kRecode},
});

// ASCII in UTF-16 without a mark: every other byte of the first ones is zero.
bool is_bare_utf16(std::string_view bytes) {
    constexpr std::size_t kLooked = 16;
    if (bytes.size() < kLooked) {
        return false;
    }
    std::array<std::size_t, 2> zeros{};
    for (std::size_t i = 0; i < kLooked; ++i) {
        zeros[i % 2] += bytes[i] == '\0' ? 1 : 0;
    }
    return zeros[0] + zeros[1] == kLooked / 2 && (zeros[0] == 0 || zeros[1] == 0);
}

}  // namespace

Result<Done> check_outer_form(std::string_view file, std::string_view bytes, bool may_be_json) {
    for (const Magic& magic : kMagics) {
        if (bytes.substr(0, magic.bytes.size()) == magic.bytes) {
            return refuse(file, std::string{magic.what}, std::string{magic.remedy});
        }
    }
    if (is_bare_utf16(bytes)) {
        return refuse(file, "is UTF-16 text", std::string{kRecode});
    }
    const std::size_t first = bytes.find_first_not_of(" \t\v\f\r\n");
    if (first == std::string_view::npos) {
        return Done{};
    }
    if (bytes[first] == '<') {
        return refuse(file, "is a web page or XML, not a list",
                      "look at it: the address may have moved, or want a login");
    }
    if (bytes[first] == '{' && !may_be_json) {
        return refuse(file, "is a JSON document, not a list of this format",
                      "look at it: it may be an error report; lists in JSON are --format json and "
                      "spamhaus-json");
    }
    return Done{};
}

}  // namespace ostrakon::feed
