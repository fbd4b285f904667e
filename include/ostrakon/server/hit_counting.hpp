// How often each own listing answers, counted by a thread of its own out of the workers' rings, and
// kept in a file beside the database.
//
// A hit is a question whose answer told of the listing, with its code or text. Workers never wait:
// where they are quicker than the thread, hits are lost, and counted as lost. A kill costs what was
// counted within kSavePeriod.
#pragma once

#include "ostrakon/base/result.hpp"
#include "ostrakon/server/hit_ring.hpp"
#include "ostrakon/store/environment.hpp"
#include "ostrakon/verdict/judge.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>

namespace ostrakon::server {

/// How old what is in the file may become.
inline constexpr std::chrono::seconds kHitSavePeriod{30};

/// For the main thread, unless a method says otherwise.
class HitCounting {
public:
    explicit HitCounting(std::size_t workers);
    /// Stops the thread.
    ~HitCounting();
    HitCounting(const HitCounting&) = delete;
    HitCounting& operator=(const HitCounting&) = delete;

    /// Starts the thread; what `file` holds is counted on. Where it runs, has it write the file.
    Result<Done> start(std::filesystem::path file);
    /// Counts what is in the rings, writes the file and ends the thread. No worker puts anything in
    /// any more.
    void stop();

    /// Judges by this rulebook from now on. To be called when all workers have adopted it.
    void adopt(std::shared_ptr<const verdict::Rulebook> rulebook);
    /// Lets go of the environment, and counts no listings until it has another.
    void leave_database();
    /// Reads from another environment, which outlives it, or leave_database() is called.
    void take_database(store::Environment& environment);

    /// Where a worker puts what it has answered.
    HitRing& ring(std::size_t worker);

    /// Hits of own listings that were counted, and hits that were lost. Any thread.
    std::uint64_t counted() const noexcept;
    std::uint64_t lost() const noexcept;

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace ostrakon::server
