// The functions of ncurses that are used, loaded when a screen is to be drawn. Included by
// top_screen.cpp only.
#pragma once

#include "ostrakon/base/result.hpp"

// Without the macros, which call what is not linked.
#define NCURSES_NOMACROS 1
#include <ncurses.h>

namespace ostrakon::tool {

struct CursesLibrary {
    decltype(&::newterm) newterm;
    decltype(&::set_term) set_term;
    decltype(&::delscreen) delscreen;
    decltype(&::newwin) newwin;
    decltype(&::delwin) delwin;
    decltype(&::wresize) wresize;
    decltype(&::cbreak) cbreak;
    decltype(&::noecho) noecho;
    decltype(&::keypad) keypad;
    decltype(&::curs_set) curs_set;
    decltype(&::has_colors) has_colors;
    decltype(&::start_color) start_color;
    decltype(&::use_default_colors) use_default_colors;
    decltype(&::init_pair) init_pair;
    decltype(&::COLOR_PAIR) color_pair;
    decltype(&::wtimeout) wtimeout;
    decltype(&::werase) werase;
    decltype(&::mvwaddnstr) mvwaddnstr;
    decltype(&::wattrset) wattrset;
    decltype(&::wrefresh) wrefresh;
    decltype(&::wgetch) wgetch;
    decltype(&::getmaxx) getmaxx;
    decltype(&::getmaxy) getmaxy;
    decltype(&::endwin) endwin;
};

/// Error: System, where it is not installed.
Result<CursesLibrary> load_curses_library();

}  // namespace ostrakon::tool
