// A name out of its key, spelled as patterns see it, without an allocation.
#pragma once

#include "ostrakon/dns/name.hpp"

#include <array>
#include <string_view>

namespace ostrakon::pattern {

/// What dns::to_string makes of the name whose dns::reversed_key this is.
class NameText {
public:
    explicit NameText(std::string_view reversed_key) noexcept;
    std::string_view view() const noexcept { return {begin_, size_}; }

private:
    static constexpr std::size_t kEscapedSize = 4;  // \DDD
    std::array<char, kEscapedSize * dns::kNameSizeMax> bytes_;
    const char* begin_;
    std::size_t size_;
};

}  // namespace ostrakon::pattern
