// A child process that does one work confined, and hands back bytes. What they mean is its caller's
// matter, and that they may be anything.
#pragma once

#include "ostrakon/base/file_descriptor.hpp"
#include "ostrakon/base/result.hpp"
#include "ostrakon/feed/confined_reading.hpp"

#include <sys/types.h>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace ostrakon::feed {

/// What the work has in the child: its input, a place for its result, and somebody to tell how far
/// it is.
class ChildDesk {
public:
    ChildDesk(int input, int result, int news) : input_(input), result_(result), news_(news) {}

    /// All bytes of the input, from its first. Fewer where it has shrunk.
    std::string read_input(std::size_t size) const;
    /// Ends the process where there is no room.
    void write_result(std::string_view bytes) const;
    /// Is lost where the parent does not listen.
    void tell(std::uint64_t done, std::uint64_t total) const;

private:
    int input_;
    int result_;
    int news_;
};

/// How a child has ended.
enum class ChildEnd : std::uint8_t {
    Done,        ///< It has written its result.
    NoMemory,    ///< It ran out of memory.
    NoRoom,      ///< Its result was too large.
    NoTime,      ///< It took more time, of whatever clock, than it had.
    Forbidden,   ///< It tried a system call that it may not.
    Unconfined,  ///< It could not be confined, and has done nothing.
    Killed,      ///< By a signal: number.
    Failed,      ///< By itself: number is its exit status.
};

class ConfinedChild {
public:
    /// Forks. `input` stays the caller's. Error: System.
    static Result<ConfinedChild> start(const ReaderLimits& limits, int input,
                                       const std::function<void(ChildDesk&)>& work);
    ConfinedChild(ConfinedChild&& other) noexcept;
    ConfinedChild& operator=(ConfinedChild&& other) noexcept;
    ~ConfinedChild();

    /// As those of ConfinedReading.
    int descriptor() const { return news_.get(); }
    bool advance(const ConfinedReading::Progress& progress);

    struct Outcome {
        ChildEnd end = ChildEnd::Failed;
        int number = 0;           ///< Of a signal or exit status.
        bool is_filtered = true;  ///< Its system calls were filtered.
        FileDescriptor result;    ///< What it wrote begins at kResultAt.
        std::size_t size = 0;     ///< Bytes of the file.
    };
    static constexpr std::size_t kResultAt = 1;
    /// Waits for the end. Once only.
    Outcome finish();

private:
    ConfinedChild() = default;
    void kill() noexcept;
    bool is_late() const { return std::chrono::steady_clock::now() >= deadline_; }

    pid_t pid_ = -1;
    bool has_ended_ = false;
    bool was_late_ = false;
    FileDescriptor news_;
    FileDescriptor result_;
    std::chrono::steady_clock::time_point deadline_;
};

}  // namespace ostrakon::feed
