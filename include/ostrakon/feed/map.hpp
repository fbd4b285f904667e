// Reads a map, in whatever format it comes: which addresses belong to which AS or country.
//
// A map is no list of bans: feed/list.hpp. Nothing here touches the database.
#pragma once

#include "ostrakon/base/result.hpp"
#include "ostrakon/feed/list.hpp"
#include "ostrakon/policy/map_contents.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace ostrakon::feed {

struct ReadMap {
    std::string format;          ///< The name of the format that was taken.
    bool is_recognised = false;  ///< It was a guess.
    policy::MapContents contents;
};

/// Reads a map; nothing where the request is for a list, or nothing speaks for a map. A line that
/// cannot be is rejected and the rest goes on; what was cut off or cannot be a map of that format
/// at all is an error of kind Usage. `request.bytes` are unpacked.
Result<std::optional<ReadMap>> read_map(const ReadRequest& request);

/// Checks bytes against the content of a .md5 file beside them, in the dialect of BSD ("MD5 (name)
/// = hex") or of GNU ("hex  name"), whatever the name. Nothing if it holds no such line.
std::optional<bool> matches_md5(std::string_view bytes, std::string_view md5_file);

}  // namespace ostrakon::feed
