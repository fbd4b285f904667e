#include "ostrakon/hilbert/picture.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace ostrakon::hilbert {
namespace {

struct NamedColour {
    std::string_view name;
    Colour colour;
};
constexpr std::array<NamedColour, 9> kClasses{{
    {"ip", {0xD5, 0x5E, 0x00}},
    {"upstream", {0x56, 0xB4, 0xE9}},
    {"isp", {0xF0, 0xE4, 0x42}},
    {"country", {0xCC, 0x79, 0xA7}},
    {"dynamic", {0xE6, 0x9F, 0x00}},
    {"misconfigured", {0xC8, 0xC8, 0xC8}},
    {"domain", {0x00, 0x9E, 0x73}},
    {"email", {0x8C, 0x6B, 0x3F}},
    {"allow", {0x00, 0x9E, 0x73}},
}};
constexpr std::array<Colour, 4> kOthers{
    {{0x1F, 0x8F, 0xD6}, {0xB7, 0x8B, 0xFF}, {0xA8, 0xD0, 0x8D}, {0xF4, 0xB6, 0xB6}}};

// One address of thousands is seen, and differs from all of them.
constexpr double kStrengthOfOne = 0.45;

std::uint8_t mixed(std::uint8_t from, std::uint8_t to, double part) {
    return static_cast<std::uint8_t>(std::lround(from + (to - from) * part));
}

}  // namespace

bool has_own_colour(std::string_view listing_class) noexcept {
    return std::any_of(kClasses.begin(), kClasses.end(),
                       [&](const auto& each) { return each.name == listing_class; });
}

Colour colour_of(std::string_view listing_class, std::size_t number) noexcept {
    const auto* const found = std::find_if(kClasses.begin(), kClasses.end(), [&](const auto& each) {
        return each.name == listing_class;
    });
    return found != kClasses.end() ? found->colour : kOthers[number % kOthers.size()];
}

Colour shade(Colour colour, std::uint64_t addresses, std::uint64_t size) noexcept {
    if (addresses == 0) {
        return kEmptyColour;
    }
    const double share = size <= 1 ? 1.0
                                   : std::log2(static_cast<double>(addresses)) /
                                         std::log2(static_cast<double>(size));
    const double part = kStrengthOfOne + (1 - kStrengthOfOne) * std::min(share, 1.0);
    return {mixed(kEmptyColour.red, colour.red, part),
            mixed(kEmptyColour.green, colour.green, part),
            mixed(kEmptyColour.blue, colour.blue, part)};
}

}  // namespace ostrakon::hilbert
