// JSON as programs of this project write it. Text that is not UTF-8 comes out with U+FFFD in place
// of what is wrong.
#pragma once

#include "ostrakon/base/time.hpp"

#include <nlohmann/json.hpp>

#include <optional>
#include <string>
#include <vector>

namespace ostrakon::json {

using Json = nlohmann::ordered_json;

/// In one line; or indented.
std::string dumped(const Json& json, int indent = -1);
/// A whole document, indented.
std::string document(const Json& json);
/// An array with one element a line.
std::string lines(const std::vector<Json>& elements);

Json time_or_null(const std::optional<UnixTime>& time);
/// Null for an empty text.
Json text_or_null(const std::string& text);
template <class T>
Json value_or_null(const std::optional<T>& value) {
    return value ? Json(*value) : Json(nullptr);
}

}  // namespace ostrakon::json
