// What upstreams and web servers send instead of a list is refused as a whole, before a lax reader
// finds a line in it that happens to look like an entry.
#include "format.hpp"
#include "lines.hpp"
#include "unpack.hpp"

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

// What servers say in place of a list, whatever status they say it with.
constexpr auto kServerTexts = std::to_array<std::string_view>({
    "error code:",
    "internal server error",
    "bad gateway",
    "service unavailable",
    "gateway timeout",
    "could not connect",
    "connection refused",
    "too many requests",
    "rate limit",
    "you can only fetch",
    "access denied",
    "404: not found",
    "404 not found",
    "403 forbidden",
    "permission denied",
    "invalid api key",
    "invalid auth-key",
});
constexpr auto kServerWords =
    std::to_array<std::string_view>({"forbidden", "not found", "unauthorized", "misuse", "error"});

// A short text whose first line is no comment and no entry but such a message.
bool is_server_text(std::string_view bytes, std::size_t first) {
    constexpr std::size_t kServerTextSizeMax = 4096;
    if (bytes.size() > kServerTextSizeMax || bytes.find_first_of("#;!/", first) == first) {
        return false;
    }
    std::string line{bytes.substr(first, bytes.find_first_of("\r\n", first) - first)};
    std::transform(line.begin(), line.end(), line.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; });
    return std::any_of(
               kServerTexts.begin(), kServerTexts.end(),
               [&line](std::string_view text) { return line.find(text) != std::string::npos; }) ||
           std::find(kServerWords.begin(), kServerWords.end(), line) != kServerWords.end();
}

// How many lines of a text hold zero bytes.
Result<Done> check_zero_bytes(std::string_view file, std::string_view bytes) {
    constexpr std::uint64_t kLinesADamagedOne = 1000;  // one damaged line in so many is borne
    if (bytes.find('\0') == std::string_view::npos) {
        return Done{};
    }
    std::uint64_t damaged = 0;
    std::uint64_t all = 0;
    Lines lines{bytes};
    Line line;
    while (lines.next(line)) {
        ++all;
        damaged += line.text.find('\0') == std::string_view::npos ? 0 : 1;
    }
    if (damaged * kLinesADamagedOne <= all) {
        return Done{};
    }
    return refuse(
        file,
        fmt::format("holds zero bytes in {} of {} lines, as a damaged file does", damaged, all),
        "get it again; as own bans, without --source, its sound lines are taken");
}

}  // namespace

Result<Done> check_outer_form(std::string_view file, std::string_view bytes, Form form,
                              bool is_feed) {
    if (const Packing packing = packing_of(bytes); packing != Packing::None) {
        return refuse(file, fmt::format("is packed twice, with {} within", name_of(packing)),
                      "unpack it first");
    }
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
    if (bytes[first] == '{' && form != Form::Json) {
        return refuse(file, "is a JSON document, not a list of this format",
                      "look at it: it may be an error report; lists in JSON have a --format of "
                      "their own");
    }
    if (is_feed && form == Form::Text && is_server_text(bytes, first)) {
        return refuse(file, "is a message of a server, not a list",
                      "look at it: it was asked too often, or has an error; try again later");
    }
    return is_feed && form == Form::Text ? check_zero_bytes(file, bytes) : Result<Done>{Done{}};
}

}  // namespace ostrakon::feed
