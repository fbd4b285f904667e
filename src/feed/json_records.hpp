// Goes through a JSON document and hands over the values that are entries, one at a time: a tree of
// a long list would need many times its size.
#pragma once

#include "format.hpp"

#include <cstdint>
#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <string_view>

namespace ostrakon::feed {

/// Values of one entry; an entry with more of them is rejected.
inline constexpr std::size_t kJsonEntryValuesMax = 1000;

/// Whether what lies there is an entry. A path is made of ".KEY" for each object and "[]" for each
/// array on the way: ".data[]" is an element of the array "data".
using IsJsonEntry = bool (*)(std::string_view path);
using TakeJsonEntry =
    std::function<void(std::string_view path, std::uint32_t line, const nlohmann::json& entry)>;

/// Whether there was an array of entries at all.
struct JsonRecordsFound {
    bool has_array = false;
};
/// Hands the entries to `take` in the order of the document. The error refuses what is no JSON, or
/// is nested too deep.
Result<JsonRecordsFound> for_each_json_entry(const Document& document, Collector& collector,
                                             IsJsonEntry is_entry, const TakeJsonEntry& take);

/// The text of a key of an object; empty where it has none, or something else there.
std::string json_text(const nlohmann::json& object, const char* key);

}  // namespace ostrakon::feed
