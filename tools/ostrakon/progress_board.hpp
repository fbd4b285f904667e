// Progress of several things at once on stderr, a line each, on a terminal alone.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace ostrakon::tool {

/// Draws "spamhaus-drop  fetching [####    ] 52 %" for each that is under way, and wipes all out at
/// the end. Silent where stderr is no terminal, or when told so.
class ProgressBoard {
public:
    explicit ProgressBoard(bool quiet);
    ProgressBoard(const ProgressBoard&) = delete;
    ProgressBoard& operator=(const ProgressBoard&) = delete;
    ~ProgressBoard() { clear(); }

    /// A total of 0 is not known: what is done is shown in bytes.
    void show(const std::string& name, std::string_view stage, std::uint64_t done,
              std::uint64_t total);
    /// It is done: its line goes.
    void remove(const std::string& name);
    void clear();

private:
    struct Line {
        std::string name, stage;
        std::uint64_t done = 0, total = 0;
    };
    void draw();
    void wipe();

    bool is_on_ = false;
    std::vector<Line> lines_;
    std::size_t drawn_ = 0;  // lines on the screen
    std::chrono::steady_clock::time_point next_;
};

}  // namespace ostrakon::tool
