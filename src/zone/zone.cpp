#include "ostrakon/zone/zone.hpp"

#include "ostrakon/zone/listing_class.hpp"

#include <algorithm>
#include <string_view>

namespace ostrakon::zone {
namespace {

constexpr std::string_view kAll = "*";
constexpr std::string_view kBaseLabel = "@";

// "own" and the built-in sources are no feeds: "*" does not take them in.
bool is_feed(std::string_view source) {
    return source != kOwnSource && !is_built_in_source(source);
}

// Whether a pattern covers this data set of this source: by "*", by the source's name or by
// "NAME/LABEL".
bool covers(std::string_view pattern, std::string_view source, std::string_view label) {
    if (pattern == kAll) {
        return is_feed(source);
    }
    if (!pattern.starts_with(source)) {
        return false;
    }
    pattern.remove_prefix(source.size());
    if (pattern.empty()) {
        return true;
    }
    return pattern.front() == '/' && is_data_set_of(label, pattern.substr(1));
}

}  // namespace

bool is_data_set_of(std::string_view label, std::string_view sub_zone) {
    if (label.empty()) {
        return sub_zone == kBaseLabel;
    }
    std::string_view names = label.substr(0, label.find('#'));
    while (true) {
        const std::size_t comma = names.find(',');
        if (names.substr(0, comma) == sub_zone) {
            return true;
        }
        if (comma == std::string_view::npos) {
            return false;
        }
        names.remove_prefix(comma + 1);
    }
}

bool Zone::serves_class(const std::string& class_name) const {
    return std::any_of(classes.begin(), classes.end(), [&class_name](const std::string& served) {
        return served == kAll ? class_name != kAllowClass : served == class_name;
    });
}

bool Zone::serves_source(const std::string& source, const std::string& label) const {
    bool is_served = false;
    for (const SourcePattern& pattern : sources) {
        if (covers(pattern.name, source, label)) {
            if (pattern.excluded) {
                return false;  // wherever it stands in the list
            }
            is_served = true;
        }
    }
    return is_served;
}

}  // namespace ostrakon::zone
