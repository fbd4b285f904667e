// A map as a picture, with legend and labels: PNG or SVG.
#pragma once

#include "ostrakon/base/result.hpp"
#include "ostrakon/hilbert/map.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace ostrakon::hilbert {

struct Colour {
    std::uint8_t red = 0, green = 0, blue = 0;
    friend constexpr bool operator==(Colour, Colour) = default;
};

/// The colour of a class of listings; those of a site's own classes go by their number. Colours
/// that people who see few of them can tell apart (Okabe and Ito).
Colour colour_of(std::string_view listing_class, std::size_t number) noexcept;
bool has_own_colour(std::string_view listing_class) noexcept;

/// What a cell looks like of which `addresses` of `size` are listed: few are already seen.
Colour shade(Colour colour, std::uint64_t addresses, std::uint64_t size) noexcept;

/// The places that no list holds, and those where nothing is listed.
inline constexpr Colour kEmptyColour{0x16, 0x1A, 0x20};
inline constexpr Colour kReservedColour{0x2B, 0x31, 0x3A};

struct Kind {
    std::string name;
    Colour colour;
};

enum class PictureFormat : std::uint8_t { Png, Svg };

struct Caption {
    std::string title;  ///< ASCII or UTF-8, as the next.
    std::string subtitle;
    std::vector<Kind> kinds;  ///< By their numbers on the map.
};

/// Where the map begins in the picture, and its side, in pixels.
inline constexpr int kMapLeft = 24;
inline constexpr int kMapTop = 88;
inline constexpr int kMapSide = 1024;

/// The file's bytes. Opens the library that draws; error: it is not there.
Result<std::string> draw(const Map& map, const Caption& caption, PictureFormat format);

}  // namespace ostrakon::hilbert
