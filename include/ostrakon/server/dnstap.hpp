// Questions and answers as dnstap, to a file or to a program that listens on a socket: by a thread
// of its own, out of the workers' rings.
//
// Workers never wait for it. Where the reader is slower than the questions, or not there, they are
// lost, and counted. What frames are made of is libfstrm's, opened when dnstap is on.
#pragma once

#include "ostrakon/base/result.hpp"
#include "ostrakon/config/settings.hpp"
#include "ostrakon/server/dnstap_record.hpp"
#include "ostrakon/server/query_ring.hpp"

#include <cstdint>
#include <memory>

namespace ostrakon::server {

/// The identity of this server: what it calls itself in DNS, or its machine's name.
std::string dnstap_identity(const std::string& nsid);

/// For the main thread.
class Dnstap {
public:
    struct Target {
        config::DnstapTarget place;
        LoggedClient client = LoggedClient::Full;
        DnstapServer server;
    };

    explicit Dnstap(std::size_t workers);
    /// Writes what is there and ends the thread. No worker puts anything in any more.
    ~Dnstap();
    Dnstap(const Dnstap&) = delete;
    Dnstap& operator=(const Dnstap&) = delete;

    /// Writes there from now on, as a new stream; starts the thread. A file that is there is kept
    /// as FILE.1. Error: the library is not there.
    Result<Done> start(Target target);
    /// Writes what is there, for a second at most, and ends the thread. No worker puts anything in
    /// any more.
    void stop();

    /// Where a worker puts its records.
    QueryRing& ring(std::size_t worker);
    /// Questions that are missing. Any thread.
    std::uint64_t lost() const noexcept;

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace ostrakon::server
