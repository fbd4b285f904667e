#include "ostrakon/hilbert/picture.hpp"

#include "cairo_library.hpp"
#include "ostrakon/net/private_ranges.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <memory>

namespace ostrakon::hilbert {
namespace {

constexpr int kLegendLeft = kMapLeft + kMapSide + 28;
constexpr int kWidth = kLegendLeft + 268;
constexpr int kHeight = kMapTop + kMapSide + 44;
constexpr unsigned kGridOrder = 4;  // 16 by 16 labelled squares
constexpr int kGridSide = kMapSide >> kGridOrder;
constexpr std::size_t kPictureSizeMax = std::size_t{64} << 20;
constexpr const char* kFont = "DejaVu Sans";

constexpr Colour kPage{0xFB, 0xFB, 0xFA};
constexpr Colour kInk{0x1B, 0x1F, 0x24};
constexpr Colour kFaintInk{0x5F, 0x67, 0x70};

std::string grouped_number(std::uint64_t number) {
    std::string text = std::to_string(number);
    for (auto at = static_cast<std::ptrdiff_t>(text.size()) - 3; at > 0; at -= 3) {
        text.insert(static_cast<std::size_t>(at), ",");
    }
    return text;
}

std::string share_text(double share) {
    constexpr double kShown = 0.000001;
    return share > 0 && share < kShown ? "< 0.0001 %" : fmt::format("{:.2g} %", share * 100);
}

// One drawing, whose every part knows where it belongs.
class Drawing {
public:
    Drawing(const CairoLibrary& cairo, cairo_t* target, const Map& map, const Caption& caption)
        : cairo_(cairo), target_(target), map_(map), caption_(caption) {}

    void draw(cairo_surface_t* cells) const {
        fill(0, 0, kWidth, kHeight, kPage);
        draw_cells(cells);
        draw_grid();
        draw_heading();
        draw_legend();
    }

private:
    void use(Colour colour, double opacity = 1) const {
        cairo_.set_source_rgba(target_, colour.red / 255.0, colour.green / 255.0,
                               colour.blue / 255.0, opacity);
    }
    void fill(double x, double y, double width, double height, Colour colour) const {
        use(colour);
        cairo_.rectangle(target_, x, y, width, height);
        cairo_.fill(target_);
    }
    void font(double size, bool is_bold = false) const {
        cairo_.select_font_face(target_, kFont, CAIRO_FONT_SLANT_NORMAL,
                                is_bold ? CAIRO_FONT_WEIGHT_BOLD : CAIRO_FONT_WEIGHT_NORMAL);
        cairo_.set_font_size(target_, size);
    }
    double width_of(const std::string& text) const {
        cairo_text_extents_t extents{};
        cairo_.text_extents(target_, text.c_str(), &extents);
        return extents.x_advance;
    }
    void write(double x, double y, const std::string& text) const {
        cairo_.move_to(target_, x, y);
        cairo_.show_text(target_, text.c_str());
    }
    // At most so wide: a smaller size where it is longer.
    void write_within(double x, double y, double width, double size, bool is_bold,
                      const std::string& text) const {
        font(size, is_bold);
        const double needed = width_of(text);
        if (needed > width) {
            font(size * width / needed, is_bold);
        }
        write(x, y, text);
    }

    void draw_cells(cairo_surface_t* cells) const {
        cairo_.save(target_);
        cairo_.translate(target_, kMapLeft, kMapTop);
        const double scale = static_cast<double>(kMapSide) / map_.side();
        cairo_.scale(target_, scale, scale);
        cairo_.set_source_surface(target_, cells, 0, 0);
        cairo_.pattern_set_filter(cairo_.get_source(target_), CAIRO_FILTER_NEAREST);
        cairo_.paint(target_);
        cairo_.restore(target_);
    }

    void draw_grid() const {
        use({0xFF, 0xFF, 0xFF}, 0.16);
        cairo_.set_line_width(target_, 1);
        for (int line = 0; line <= 1 << kGridOrder; ++line) {
            const double at = line * kGridSide;
            cairo_.move_to(target_, kMapLeft + at - 0.5, kMapTop);
            cairo_.line_to(target_, kMapLeft + at - 0.5, kMapTop + kMapSide);
            cairo_.move_to(target_, kMapLeft, kMapTop + at - 0.5);
            cairo_.line_to(target_, kMapLeft + kMapSide, kMapTop + at - 0.5);
        }
        cairo_.stroke(target_);
        const unsigned cell_order = order_of_side() - kGridOrder;
        for (std::uint32_t square = 0; square < 1U << (2 * kGridOrder); ++square) {
            const Cell cell = map_.place(square << (2 * cell_order));
            const std::uint32_t per_square = map_.side() >> kGridOrder;
            label(cell.x / per_square, cell.y / per_square, label_of(square));
        }
    }

    void label(std::uint32_t column, std::uint32_t row, const std::string& text) const {
        constexpr double kLabelSize = 10.5;
        const double x = kMapLeft + static_cast<int>(column) * kGridSide + 4;
        const double y = kMapTop + static_cast<int>(row) * kGridSide + 13;
        use({0, 0, 0}, 0.75);
        write_within(x + 0.8, y + 0.8, kGridSide - 8, kLabelSize, false, text);
        use({0xFF, 0xFF, 0xFF}, 0.88);
        write_within(x, y, kGridSide - 8, kLabelSize, false, text);
    }

    // The octets in which the squares of the grid differ, and those before them that the heading
    // does not say.
    std::string label_of(std::uint32_t square) const {
        const int length = map_.length() + 2 * static_cast<int>(kGridOrder);
        const net::Ipv4 first{map_.square().first.bits | square << (net::Ipv4::kWidth - length)};
        const int said = map_.length() / 8;
        const int last = (length + 7) / 8;
        std::string text = said > 0 ? "." : "";
        for (int octet = said; octet < last; ++octet) {
            text +=
                fmt::format("{}{}", octet > said ? "." : "", first.bits >> (24 - 8 * octet) & 255);
        }
        return text;
    }

    void draw_heading() const {
        use(kInk);
        write_within(kMapLeft, 42, kWidth - 2 * kMapLeft, 25, true, caption_.title);
        use(kFaintInk);
        write_within(kMapLeft, 69, kWidth - 2 * kMapLeft, 14.5, false, caption_.subtitle);
        const std::string cell =
            map_.cell_size() == 1
                ? "one address"
                : fmt::format("{} addresses (a /{})", grouped_number(map_.cell_size()),
                              map_.length() + 2 * static_cast<int>(order_of_side()));
        write_within(kMapLeft, kMapTop + kMapSide + 26, kMapSide, 12.5, false,
                     fmt::format("Hilbert curve of {}: what is close in number is close in the "
                                 "picture. Each dot is {}; each labelled square a /{}.",
                                 map_.length() == 0 ? "IPv4" : net::to_string(map_.square()), cell,
                                 map_.length() + 2 * static_cast<int>(kGridOrder)));
    }

    void swatch(double y, Colour colour) const { fill(kLegendLeft, y, 18, 18, colour); }

    void draw_legend() const {
        const auto size = static_cast<double>(map_.cells()) * static_cast<double>(map_.cell_size());
        double y = kMapTop;
        use(kInk);
        font(15, true);
        write(kLegendLeft, y + 14, "Listed as");
        y += 32;
        for (std::size_t kind = 0; kind < caption_.kinds.size(); ++kind) {
            const std::uint64_t total = map_.total(kind);
            swatch(y, caption_.kinds[kind].colour);
            use(kInk);
            write_within(kLegendLeft + 28, y + 14, kWidth - kLegendLeft - 44, 14.5, false,
                         caption_.kinds[kind].name);
            use(kFaintInk);
            write_within(kLegendLeft + 28, y + 32, kWidth - kLegendLeft - 44, 12.5, false,
                         fmt::format("{} addresses, {}", grouped_number(total),
                                     share_text(static_cast<double>(total) / size)));
            y += 46;
        }
        swatch(y, kEmptyColour);
        use(kInk);
        font(14.5);
        write(kLegendLeft + 28, y + 14, "nothing");
        y += 30;
        swatch(y, kReservedColour);
        use(kInk);
        write(kLegendLeft + 28, y + 14, "private or reserved");
        draw_scale(y + 52);
    }

    // What strength of a colour means.
    void draw_scale(double y) const {
        if (map_.cell_size() == 1 || caption_.kinds.empty()) {
            return;
        }
        use(kInk);
        font(15, true);
        write(kLegendLeft, y + 14, "Addresses in a dot");
        y += 26;
        constexpr std::uint64_t kStep = 16;
        std::vector<std::uint64_t> counts;
        for (std::uint64_t count = 1; count < map_.cell_size(); count *= kStep) {
            counts.push_back(count);
        }
        counts.push_back(map_.cell_size());
        for (const std::uint64_t count : counts) {
            swatch(y, shade(caption_.kinds.front().colour, count, map_.cell_size()));
            use(kInk);
            font(14.5);
            write(kLegendLeft + 28, y + 14,
                  grouped_number(count) + (count == map_.cell_size() ? " (all)" : ""));
            y += 26;
        }
    }

    unsigned order_of_side() const {
        unsigned order = 0;
        while (1U << order < map_.side()) {
            ++order;
        }
        return order;
    }

    const CairoLibrary& cairo_;
    cairo_t* target_;
    const Map& map_;
    const Caption& caption_;
};

Unexpected<Error> failed_drawing(const std::string& why) {
    return Unexpected{Error{ErrorCode::System, "draw the map", why, ""}};
}

// A surface that is destroyed.
class Surface {
public:
    Surface(const CairoLibrary& cairo, cairo_surface_t* surface)
        : surface_(surface, cairo.surface_destroy) {}
    cairo_surface_t* get() const { return surface_.get(); }

private:
    std::unique_ptr<cairo_surface_t, decltype(&cairo_surface_destroy)> surface_;
};

std::vector<net::Ipv4Range> reserved_ranges() {
    std::vector<net::Ipv4Range> ranges;
    for (const std::string_view text : net::kPrivateRanges) {
        const auto range = net::parse_range(text);
        if (const auto* ipv4 = range ? std::get_if<net::Ipv4Range>(&*range) : nullptr) {
            ranges.push_back(*ipv4);
        }
    }
    return ranges;
}

Colour colour_at(const Map& map, const Caption& caption,
                 const std::vector<net::Ipv4Range>& reserved, std::uint32_t index) {
    const Map::Content content = map.content(index);
    if (content.addresses > 0) {
        return shade(caption.kinds[content.kind].colour, content.addresses, map.cell_size());
    }
    const net::Ipv4 first{static_cast<std::uint32_t>(map.square().first.bits +
                                                     std::uint64_t{index} * map.cell_size())};
    const bool is_reserved =
        std::any_of(reserved.begin(), reserved.end(),
                    [first](const net::Ipv4Range& range) { return range.contains(first); });
    return is_reserved ? kReservedColour : kEmptyColour;
}

void paint_cells(const CairoLibrary& cairo, cairo_surface_t* cells, const Map& map,
                 const Caption& caption) {
    cairo.surface_flush(cells);
    unsigned char* const data = cairo.image_surface_get_data(cells);
    const int stride = cairo.image_surface_get_stride(cells);
    const std::vector<net::Ipv4Range> reserved = reserved_ranges();
    for (std::uint32_t index = 0; index < map.cells(); ++index) {
        const Colour colour = colour_at(map, caption, reserved, index);
        const Cell cell = map.place(index);
        const std::uint32_t pixel =
            std::uint32_t{colour.red} << 16 | std::uint32_t{colour.green} << 8 | colour.blue;
        std::memcpy(data + static_cast<std::ptrdiff_t>(cell.y) * stride +
                        static_cast<std::ptrdiff_t>(cell.x) * 4,
                    &pixel, sizeof pixel);
    }
    cairo.surface_mark_dirty(cells);
}

cairo_status_t take_bytes(void* closure, const unsigned char* data, unsigned int length) {
    auto& bytes = *static_cast<std::string*>(closure);
    if (bytes.size() + length > kPictureSizeMax) {
        return CAIRO_STATUS_WRITE_ERROR;
    }
    bytes.append(reinterpret_cast<const char*>(data), length);  // NOLINT: bytes
    return CAIRO_STATUS_SUCCESS;
}

}  // namespace

Result<std::string> draw(const Map& map, const Caption& caption, PictureFormat format) {
    const auto library = load_cairo_library();
    if (!library) {
        return Unexpected{library.error()};
    }
    const CairoLibrary& cairo = *library;
    const int side = static_cast<int>(map.side());
    const Surface cells{cairo, cairo.image_surface_create(CAIRO_FORMAT_RGB24, side, side)};
    if (const auto status = cairo.surface_status(cells.get()); status != CAIRO_STATUS_SUCCESS) {
        return failed_drawing(cairo.status_to_string(status));
    }
    paint_cells(cairo, cells.get(), map, caption);
    std::string bytes;
    const Surface picture{
        cairo, format == PictureFormat::Svg
                   ? cairo.svg_surface_create_for_stream(take_bytes, &bytes, kWidth, kHeight)
                   : cairo.image_surface_create(CAIRO_FORMAT_RGB24, kWidth, kHeight)};
    cairo_t* const target = cairo.create(picture.get());
    Drawing{cairo, target, map, caption}.draw(cells.get());
    cairo_status_t status = cairo.status(target);
    cairo.destroy(target);
    if (status == CAIRO_STATUS_SUCCESS && format == PictureFormat::Png) {
        status = cairo.surface_write_to_png_stream(picture.get(), take_bytes, &bytes);
    }
    cairo.surface_finish(picture.get());
    if (status == CAIRO_STATUS_SUCCESS) {
        status = cairo.surface_status(picture.get());
    }
    if (status != CAIRO_STATUS_SUCCESS) {
        return failed_drawing(cairo.status_to_string(status));
    }
    return bytes;
}

}  // namespace ostrakon::hilbert
