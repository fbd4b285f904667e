#include "ostrakon/zone/listing_class.hpp"

#include <algorithm>

namespace ostrakon::zone {
namespace {

constexpr std::size_t kIdentifierSizeMax = 63;

constexpr bool is_lower_alphanumeric(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

}  // namespace

std::optional<net::Ipv4> built_in_code(std::string_view class_name) noexcept {
    for (const BuiltInClass& built_in : kBuiltInClasses) {
        if (built_in.name == class_name) {
            return built_in.code;
        }
    }
    return std::nullopt;
}

bool is_built_in_source(std::string_view name) noexcept {
    return std::find(kBuiltInSources.begin(), kBuiltInSources.end(), name) != kBuiltInSources.end();
}

bool is_valid_identifier(std::string_view text) noexcept {
    return !text.empty() && text.size() <= kIdentifierSizeMax &&
           is_lower_alphanumeric(text.front()) && std::all_of(text.begin(), text.end(), [](char c) {
               return is_lower_alphanumeric(c) || c == '-' || c == '_' || c == '.';
           });
}

}  // namespace ostrakon::zone
