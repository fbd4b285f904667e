#include "ostrakon/json/document.hpp"

namespace ostrakon::json {

std::string dumped(const Json& json, int indent) {
    return json.dump(indent, ' ', false, Json::error_handler_t::replace);
}

std::string document(const Json& json) {
    constexpr int kIndent = 2;
    return dumped(json, kIndent) + "\n";
}

std::string lines(const std::vector<Json>& elements) {
    std::string text = "[";
    for (const Json& element : elements) {
        text += (text.size() == 1 ? "\n" : ",\n") + dumped(element);
    }
    return text + (elements.empty() ? "]\n" : "\n]\n");
}

Json time_or_null(const std::optional<UnixTime>& time) {
    return time ? Json(to_string(*time)) : Json(nullptr);
}

Json text_or_null(const std::string& text) {
    return text.empty() ? Json(nullptr) : Json(text);
}

}  // namespace ostrakon::json
