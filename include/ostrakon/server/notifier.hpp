// Tells secondaries that a zone has changed (NOTIFY, RFC 1996), until they have heard.
//
// Lives in the main thread and its loop. A newer serial takes the place of one that is still being
// told; a target hears of each zone at most once a second.
#pragma once

#include "ostrakon/config/settings.hpp"
#include "ostrakon/responder/respond.hpp"
#include "ostrakon/server/event_loop.hpp"
#include "ostrakon/tsig/asking.hpp"

#include <cstdint>
#include <memory>
#include <vector>

namespace ostrakon::server {

/// How often one serial is told to somebody who does not answer. The pauses double: 2, 4, 8, … s.
inline constexpr int kNotifyTries = 5;

/// What has come of NOTIFY.
struct NotifyCounters {
    std::uint64_t sent = 0;
    std::uint64_t confirmed = 0;
    std::uint64_t refused = 0;   ///< Answered with another rcode.
    std::uint64_t given_up = 0;  ///< No answer to any of the tries.
};

class Notifier {
public:
    /// The loop outlives it. `sources` are the addresses that are listened on: a NOTIFY comes from
    /// the first that fits, so that secondaries know who sends it.
    Notifier(EventLoop& loop, std::vector<config::Endpoint> sources);
    ~Notifier();

    /// Takes the targets of another generation; what was under way is dropped.
    void adopt(std::shared_ptr<const responder::Site> site);
    /// Tells all of them that the zones have this serial now.
    void tell(std::uint32_t serial);
    /// To be called about once a second: sends what is due.
    void look();

    const NotifyCounters& counters() const noexcept { return counters_; }

private:
    struct Target;
    void send(Target& target);
    void receive(Target& target);

    EventLoop& loop_;
    const std::vector<config::Endpoint> sources_;
    std::shared_ptr<const responder::Site> site_;
    std::vector<std::unique_ptr<Target>> targets_;
    NotifyCounters counters_;
};

}  // namespace ostrakon::server
