// A terminal that lines are drawn on and that keys come from.
#pragma once

#include "ostrakon/base/result.hpp"
#include "top_view.hpp"

#include <chrono>
#include <memory>
#include <vector>

namespace ostrakon::tool {

/// What somebody at the terminal wants.
enum class TopKey : std::uint8_t { None, Quit, Sort, Refresh, Resized };

/// The terminal is as it was when this is gone.
class TopScreen {
public:
    /// Error: System, where there is no terminal, or no ncurses.
    static Result<TopScreen> open();
    ~TopScreen();
    TopScreen(TopScreen&&) noexcept;

    TopSize size() const;
    void draw(const std::vector<TopLine>& lines);
    /// Waits for a key at most so long.
    TopKey wait(std::chrono::milliseconds patience);

private:
    struct State;
    explicit TopScreen(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

}  // namespace ostrakon::tool
