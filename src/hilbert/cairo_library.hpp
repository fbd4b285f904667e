// The functions of cairo that are used, loaded when a picture is to be drawn. Included by this
// module's drawing alone.
#pragma once

#include "ostrakon/base/result.hpp"

#include <cairo-svg.h>
#include <cairo.h>

namespace ostrakon::hilbert {

struct CairoLibrary {
    decltype(&cairo_create) create;
    decltype(&cairo_destroy) destroy;
    decltype(&cairo_fill) fill;
    decltype(&cairo_get_source) get_source;
    decltype(&cairo_image_surface_create) image_surface_create;
    decltype(&cairo_image_surface_get_data) image_surface_get_data;
    decltype(&cairo_image_surface_get_stride) image_surface_get_stride;
    decltype(&cairo_line_to) line_to;
    decltype(&cairo_move_to) move_to;
    decltype(&cairo_paint) paint;
    decltype(&cairo_pattern_set_filter) pattern_set_filter;
    decltype(&cairo_rectangle) rectangle;
    decltype(&cairo_restore) restore;
    decltype(&cairo_save) save;
    decltype(&cairo_scale) scale;
    decltype(&cairo_select_font_face) select_font_face;
    decltype(&cairo_set_font_size) set_font_size;
    decltype(&cairo_set_line_width) set_line_width;
    decltype(&cairo_set_source_rgba) set_source_rgba;
    decltype(&cairo_set_source_surface) set_source_surface;
    decltype(&cairo_show_text) show_text;
    decltype(&cairo_status) status;
    decltype(&cairo_status_to_string) status_to_string;
    decltype(&cairo_stroke) stroke;
    decltype(&cairo_surface_destroy) surface_destroy;
    decltype(&cairo_surface_finish) surface_finish;
    decltype(&cairo_surface_flush) surface_flush;
    decltype(&cairo_surface_mark_dirty) surface_mark_dirty;
    decltype(&cairo_surface_status) surface_status;
    decltype(&cairo_surface_write_to_png_stream) surface_write_to_png_stream;
    decltype(&cairo_svg_surface_create_for_stream) svg_surface_create_for_stream;
    decltype(&cairo_text_extents) text_extents;
    decltype(&cairo_translate) translate;
};

Result<CairoLibrary> load_cairo_library();

}  // namespace ostrakon::hilbert
