// A progress bar on stderr, on a terminal alone.
#pragma once

#include <chrono>
#include <cstdint>
#include <string_view>

namespace ostrakon::tool {

/// Draws "reading  [#####     ]  52 %" and wipes it out at the end. Silent where stderr is no
/// terminal, or when told so.
class Progress {
public:
    explicit Progress(bool quiet);
    Progress(const Progress&) = delete;
    Progress& operator=(const Progress&) = delete;
    ~Progress() { clear(); }

    /// A stage whose `total` is 0 has no measure: its name alone is shown.
    void show(std::string_view stage, std::uint64_t done, std::uint64_t total);
    void clear();

private:
    bool is_on_ = false;
    bool is_drawn_ = false;
    std::chrono::steady_clock::time_point next_;
};

}  // namespace ostrakon::tool
