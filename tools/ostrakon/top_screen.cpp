#include "top_screen.hpp"

#include "curses_library.hpp"

#include <unistd.h>

#include <clocale>
#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace ostrakon::tool {
namespace {

constexpr short kWarningPair = 1;

Unexpected<Error> no_screen(std::string why) {
    return Unexpected{
        Error{ErrorCode::System, "draw on the terminal", std::move(why), "--once prints once"}};
}

}  // namespace

struct TopScreen::State {
    CursesLibrary curses;
    SCREEN* screen = nullptr;
    WINDOW* window = nullptr;
    bool is_coloured = false;

    ~State() {
        if (screen != nullptr) {
            curses.endwin();
            curses.delwin(window);
            curses.delscreen(screen);
        }
    }
};

Result<TopScreen> TopScreen::open() {
    if (isatty(STDOUT_FILENO) != 1 || isatty(STDIN_FILENO) != 1) {
        return no_screen("there is none");
    }
    auto curses = load_curses_library();
    if (!curses) {
        return Unexpected{std::move(curses.error())};
    }
    std::setlocale(LC_CTYPE, "C.UTF-8");  // what is drawn is UTF-8, whatever the locale
    auto state = std::make_unique<State>();
    state->curses = *curses;
    const CursesLibrary& c = state->curses;
    state->screen = c.newterm(nullptr, stdout, stdin);
    if (state->screen == nullptr) {
        return no_screen("TERM names no terminal that is known here");
    }
    c.set_term(state->screen);
    state->window = c.newwin(0, 0, 0, 0);
    if (state->window == nullptr) {
        return no_screen("it has no room");
    }
    c.cbreak();
    c.noecho();
    c.keypad(state->window, TRUE);
    c.curs_set(0);
    const char* const no_color = std::getenv("NO_COLOR");
    if (c.has_colors() && (no_color == nullptr || *no_color == '\0')) {
        c.start_color();
        c.use_default_colors();
        c.init_pair(kWarningPair, COLOR_RED, -1);
        state->is_coloured = true;
    }
    return TopScreen{std::move(state)};
}

TopScreen::TopScreen(std::unique_ptr<State> state) : state_(std::move(state)) {}
TopScreen::TopScreen(TopScreen&&) noexcept = default;
TopScreen::~TopScreen() = default;

TopSize TopScreen::size() const {
    const int height = state_->curses.getmaxy(state_->window);
    const int width = state_->curses.getmaxx(state_->window);
    return {.width = static_cast<std::size_t>(width > 0 ? width : 1),
            .height = static_cast<std::size_t>(height > 0 ? height : 1)};
}

void TopScreen::draw(const std::vector<TopLine>& lines) {
    const CursesLibrary& c = state_->curses;
    c.werase(state_->window);
    for (std::size_t i = 0; i < lines.size(); ++i) {
        const Emphasis emphasis = lines[i].emphasis;
        const bool is_warning = emphasis == Emphasis::Warning;
        const int colour = is_warning && state_->is_coloured ? c.color_pair(kWarningPair) : 0;
        c.wattrset(state_->window, static_cast<int>((emphasis == Emphasis::Plain ? 0U : A_BOLD) |
                                                    static_cast<unsigned>(colour)));
        c.mvwaddnstr(state_->window, static_cast<int>(i), 0, lines[i].text.c_str(),
                     static_cast<int>(lines[i].text.size()));
    }
    c.wrefresh(state_->window);
}

TopKey TopScreen::wait(std::chrono::milliseconds patience) {
    const CursesLibrary& c = state_->curses;
    c.wtimeout(state_->window, static_cast<int>(patience.count()));
    switch (c.wgetch(state_->window)) {
        case 'q':
        case 'Q':
        case 3:  // Ctrl-C, where the terminal hands it on
            return TopKey::Quit;
        case 's':
        case 'S':
            return TopKey::Sort;
        case ' ':
            return TopKey::Refresh;
        case KEY_RESIZE:
            return TopKey::Resized;
        default:
            return TopKey::None;
    }
}

}  // namespace ostrakon::tool
