#include "curses_library.hpp"

#include "ostrakon/base/shared_library.hpp"

namespace ostrakon::tool {

Result<CursesLibrary> load_curses_library() {
    auto library = SharedLibrary::open("libncursesw.so.6", "libncursesw6");
    if (!library) {
        return Unexpected{std::move(library.error())};
    }
    CursesLibrary curses{};
    library->find(curses.newterm, "newterm");
    library->find(curses.set_term, "set_term");
    library->find(curses.delscreen, "delscreen");
    library->find(curses.newwin, "newwin");
    library->find(curses.delwin, "delwin");
    library->find(curses.wresize, "wresize");
    library->find(curses.cbreak, "cbreak");
    library->find(curses.noecho, "noecho");
    library->find(curses.keypad, "keypad");
    library->find(curses.curs_set, "curs_set");
    library->find(curses.has_colors, "has_colors");
    library->find(curses.start_color, "start_color");
    library->find(curses.use_default_colors, "use_default_colors");
    library->find(curses.init_pair, "init_pair");
    library->find(curses.color_pair, "COLOR_PAIR");
    library->find(curses.wtimeout, "wtimeout");
    library->find(curses.werase, "werase");
    library->find(curses.mvwaddnstr, "mvwaddnstr");
    library->find(curses.wattrset, "wattrset");
    library->find(curses.wrefresh, "wrefresh");
    library->find(curses.wgetch, "wgetch");
    library->find(curses.getmaxx, "getmaxx");
    library->find(curses.getmaxy, "getmaxy");
    library->find(curses.endwin, "endwin");
    auto whole = library->whole();
    return whole ? Result<CursesLibrary>{curses} : Unexpected{std::move(whole.error())};
}

}  // namespace ostrakon::tool
