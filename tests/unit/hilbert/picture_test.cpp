// Pictures of a map: files that others can read, with the right colour in the right place.
#include "ostrakon/hilbert/picture.hpp"

#include <cairo.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>
#include <memory>

namespace ostrakon::hilbert {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

net::Ipv4Range range_of(std::string_view text) {
    return std::get<net::Ipv4Range>(*net::parse_range(text));
}

const Caption kCaption{"Listed addresses",
                       "2026-11-22",
                       {{"ip", colour_of("ip", 0)}, {"upstream", colour_of("upstream", 0)}}};

struct Piece {
    std::string_view bytes;
};

// A picture as cairo reads it again.
class ReadPicture {
public:
    explicit ReadPicture(const std::string& png) {
        Piece rest{png};
        surface_.reset(cairo_image_surface_create_from_png_stream(
            [](void* closure, unsigned char* data, unsigned int size) {
                auto& left = *static_cast<Piece*>(closure);
                if (left.bytes.size() < size) {
                    return CAIRO_STATUS_READ_ERROR;
                }
                std::memcpy(data, left.bytes.data(), size);
                left.bytes.remove_prefix(size);
                return CAIRO_STATUS_SUCCESS;
            },
            &rest));
    }
    bool is_good() const { return cairo_surface_status(surface_.get()) == CAIRO_STATUS_SUCCESS; }
    int width() const { return cairo_image_surface_get_width(surface_.get()); }
    Colour at(int x, int y) const {
        const unsigned char* const data = cairo_image_surface_get_data(surface_.get());
        std::uint32_t pixel = 0;
        std::memcpy(&pixel, data + y * cairo_image_surface_get_stride(surface_.get()) + 4 * x,
                    sizeof pixel);
        return {static_cast<std::uint8_t>(pixel >> 16), static_cast<std::uint8_t>(pixel >> 8),
                static_cast<std::uint8_t>(pixel)};
    }
    // The colour in the middle of where an address is drawn.
    Colour at(const Map& map, std::string_view address) const {
        const auto offset = range_of(address).first.bits - map.square().first.bits;
        const Cell cell = map.place(static_cast<std::uint32_t>(offset / map.cell_size()));
        const int scale = kMapSide / static_cast<int>(map.side());
        return at(kMapLeft + static_cast<int>(cell.x) * scale + scale / 2,
                  kMapTop + static_cast<int>(cell.y) * scale + scale / 2);
    }

private:
    struct Destroy {
        void operator()(cairo_surface_t* surface) const { cairo_surface_destroy(surface); }
    };
    std::unique_ptr<cairo_surface_t, Destroy> surface_;
};

TEST(Picture, HasTheColourOfWhatIsListed) {
    Map map{range_of("192.0.2.0/24")};
    map.add(range_of("192.0.2.7"), 0);
    map.add(range_of("192.0.2.128/25"), 1);
    const auto png = draw(map, kCaption, PictureFormat::Png);
    ASSERT_TRUE(png) << message(png.error());
    const ReadPicture picture{*png};
    ASSERT_TRUE(picture.is_good());
    EXPECT_GT(picture.width(), kMapSide);
    EXPECT_EQ(picture.at(map, "192.0.2.7"), colour_of("ip", 0));
    EXPECT_EQ(picture.at(map, "192.0.2.200"), colour_of("upstream", 0));
    EXPECT_EQ(picture.at(map, "192.0.2.8"), kEmptyColour);
}

TEST(Picture, ShowsOneAddressOfAllIpv4) {
    Map map{range_of("0.0.0.0/0")};
    map.add(range_of("203.0.113.9"), 0);
    map.add(range_of("198.51.96.0/19"), 1);
    const auto png = draw(map, kCaption, PictureFormat::Png);
    ASSERT_TRUE(png) << message(png.error());
    const ReadPicture picture{*png};
    ASSERT_TRUE(picture.is_good());
    EXPECT_EQ(picture.at(map, "203.0.113.9"), shade(colour_of("ip", 0), 1, 4096));
    EXPECT_NE(picture.at(map, "203.0.113.9"), kEmptyColour);
    EXPECT_EQ(picture.at(map, "198.51.100.0"), colour_of("upstream", 0));
    EXPECT_EQ(picture.at(map, "10.1.200.0"), kReservedColour);
}

TEST(Picture, IsSvgWhereThatIsWanted) {
    Map map{range_of("192.0.0.0/8")};
    map.add(range_of("192.0.2.0/24"), 0);
    const auto svg = draw(map, kCaption, PictureFormat::Svg);
    ASSERT_TRUE(svg) << message(svg.error());
    EXPECT_THAT(*svg, StartsWith("<?xml"));
    EXPECT_THAT(*svg, HasSubstr("<svg "));
    EXPECT_THAT(*svg, HasSubstr("data:image/png"));
    EXPECT_THAT(*svg, testing::EndsWith("</svg>\n"));
}

TEST(Picture, IsDrawnOfNothing) {
    EXPECT_TRUE(draw(Map{range_of("0.0.0.0/0")}, {"", "", {}}, PictureFormat::Png));
}

TEST(Picture, TellsClassesApart) {
    std::vector<Colour> seen;
    for (const char* const name :
         {"ip", "upstream", "isp", "country", "dynamic", "misconfigured", "domain", "email"}) {
        const Colour colour = colour_of(name, 0);
        EXPECT_THAT(seen, testing::Not(testing::Contains(colour))) << name;
        seen.push_back(colour);
    }
    EXPECT_NE(colour_of("phish", 0), colour_of("other", 1));
}

TEST(Picture, IsStrongerWhereMoreIsListed) {
    const Colour colour{255, 255, 255};
    EXPECT_EQ(shade(colour, 0, 4096), kEmptyColour);
    for (std::uint64_t count = 1; count < 4096; count *= 2) {
        EXPECT_LT(shade(colour, count, 4096).red, shade(colour, count * 2, 4096).red);
    }
    EXPECT_EQ(shade(colour, 4096, 4096), colour);
    EXPECT_EQ(shade(colour, 1, 1), colour);
}

}  // namespace
}  // namespace ostrakon::hilbert
