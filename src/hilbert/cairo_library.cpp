#include "cairo_library.hpp"

#include "ostrakon/base/shared_library.hpp"

namespace ostrakon::hilbert {

Result<CairoLibrary> load_cairo_library() {
    auto library = SharedLibrary::open("libcairo.so.2", "libcairo2");
    if (!library) {
        return Unexpected{std::move(library.error())};
    }
    CairoLibrary cairo{};
    library->find(cairo.create, "cairo_create");
    library->find(cairo.destroy, "cairo_destroy");
    library->find(cairo.fill, "cairo_fill");
    library->find(cairo.get_source, "cairo_get_source");
    library->find(cairo.image_surface_create, "cairo_image_surface_create");
    library->find(cairo.image_surface_get_data, "cairo_image_surface_get_data");
    library->find(cairo.image_surface_get_stride, "cairo_image_surface_get_stride");
    library->find(cairo.line_to, "cairo_line_to");
    library->find(cairo.move_to, "cairo_move_to");
    library->find(cairo.paint, "cairo_paint");
    library->find(cairo.pattern_set_filter, "cairo_pattern_set_filter");
    library->find(cairo.rectangle, "cairo_rectangle");
    library->find(cairo.restore, "cairo_restore");
    library->find(cairo.save, "cairo_save");
    library->find(cairo.scale, "cairo_scale");
    library->find(cairo.select_font_face, "cairo_select_font_face");
    library->find(cairo.set_font_size, "cairo_set_font_size");
    library->find(cairo.set_line_width, "cairo_set_line_width");
    library->find(cairo.set_source_rgba, "cairo_set_source_rgba");
    library->find(cairo.set_source_surface, "cairo_set_source_surface");
    library->find(cairo.show_text, "cairo_show_text");
    library->find(cairo.status, "cairo_status");
    library->find(cairo.status_to_string, "cairo_status_to_string");
    library->find(cairo.stroke, "cairo_stroke");
    library->find(cairo.surface_destroy, "cairo_surface_destroy");
    library->find(cairo.surface_finish, "cairo_surface_finish");
    library->find(cairo.surface_flush, "cairo_surface_flush");
    library->find(cairo.surface_mark_dirty, "cairo_surface_mark_dirty");
    library->find(cairo.surface_status, "cairo_surface_status");
    library->find(cairo.surface_write_to_png_stream, "cairo_surface_write_to_png_stream");
    library->find(cairo.svg_surface_create_for_stream, "cairo_svg_surface_create_for_stream");
    library->find(cairo.text_extents, "cairo_text_extents");
    library->find(cairo.translate, "cairo_translate");
    auto whole = library->whole();
    return whole ? Result<CairoLibrary>{cairo} : Unexpected{std::move(whole.error())};
}

}  // namespace ostrakon::hilbert
