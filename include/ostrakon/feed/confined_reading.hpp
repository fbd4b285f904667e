// Reads a list or map of others in a child process that can hurt only itself.
//
// The child unpacks and reads; it can open nothing, talk to nobody and start nothing, and has no
// more memory and time than it is given. What it hands back is believed no more than the list. The
// same reading without a child, for files that somebody names: feed/list.hpp, feed/map.hpp.
#pragma once

#include "ostrakon/base/result.hpp"
#include "ostrakon/base/time.hpp"
#include "ostrakon/feed/list.hpp"
#include "ostrakon/feed/map.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace ostrakon::feed {

/// What the child may take. Its memory is counted beyond what the parent has at the fork.
struct ReaderLimits {
    std::size_t memory_bytes = std::size_t{3} << 30;
    std::chrono::seconds cpu_time{120};
    std::chrono::milliseconds wall_time{300'000};
};

struct ConfinedRequest {
    std::string file;    ///< What messages call the list.
    int body = -1;       ///< The list, packed or not: a regular file or memfd, read from its first
                         ///< byte wherever its offset stands. Needed by start() alone.
    std::string format;  ///< One that can_be_pulled().
    UnixTime now = {};
    std::size_t size_max = std::size_t{256} << 20;  ///< Bytes of the list, unpacked.
    ReaderLimits limits = {};
    std::optional<std::string> md5 = {};  ///< What stands in a .md5 file beside it: the digest of
                                          ///< the bytes as they came, or unpacked.
};

class ChildDesk;

/// What was read: exactly one of the two. Its notes say where the child could not be confined as it
/// should be.
struct ReadOutcome {
    std::optional<ReadList> list;
    std::optional<ReadMap> map;
};

/// A list that is being read. Threads: the process that starts one has no other thread.
class ConfinedReading {
public:
    /// What the child does, with what it is given for it.
    using Work = std::function<void(ChildDesk& desk)>;
    using Progress = std::function<void(std::uint64_t bytes_done, std::uint64_t bytes_total)>;

    /// Forks. Errors: Usage (a format that no feed has), System.
    static Result<ConfinedReading> start(const ConfinedRequest& request);
    /// With another work than reading, for tests.
    static Result<ConfinedReading> start(const ConfinedRequest& request, const Work& work);
    ConfinedReading(ConfinedReading&&) noexcept;
    ConfinedReading& operator=(ConfinedReading&&) noexcept;
    /// Kills the child if it is still there; none is left as a zombie.
    ~ConfinedReading();

    /// Readable for poll() when there is news: progress, or the child's end. The child ends by
    /// itself when its time is over.
    int descriptor() const;
    /// Takes what news are there, without waiting. False when the child has ended, so that
    /// finish() does not wait. `progress` may be empty.
    bool advance(const Progress& progress);
    /// Waits for the child's end. Once only. The error (Usage) says what is wrong with the list,
    /// also that its reader has crashed, tried what it may not, or ran out of memory or time.
    Result<ReadOutcome> finish();

private:
    struct State;
    explicit ConfinedReading(std::unique_ptr<State> state);

    std::unique_ptr<State> state_;
};

/// All of it, waiting for the end.
Result<ReadOutcome> read_confined(const ConfinedRequest& request);

}  // namespace ostrakon::feed
