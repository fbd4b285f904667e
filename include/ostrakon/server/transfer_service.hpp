// The threads that send zones, and the one that follows what changes in them.
//
// They have a low priority: answers go before transfers. A few transfers run at once; a few
// more wait for a short time, and then are told that they cannot be served.
#pragma once

#include "ostrakon/server/handed_over.hpp"
#include "ostrakon/server/tcp_admission.hpp"
#include "ostrakon/store/environment.hpp"

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>

namespace ostrakon::server {

/// Transfers that run at once: each holds a snapshot of the database.
inline constexpr std::size_t kTransfersMax = 4;
/// Transfers that wait for one of these to end, and how long.
inline constexpr std::size_t kTransfersWaitingMax = 32;
inline constexpr std::int64_t kTransferWaitSeconds = 5;

/// What has become of transfers that were granted. Any thread may read.
struct TransferCounters {
    struct Ends {
        std::atomic<std::uint64_t> sent{0};        ///< To the last message.
        std::atomic<std::uint64_t> unfinished{0};  ///< The client went, or took nothing for long.
    };
    Ends axfr, ixfr;                        ///< By what was asked for, whatever was sent for it.
    std::atomic<std::uint64_t> refused{0};  ///< Told SERVFAIL.
    std::atomic<std::uint64_t> bytes{0};
};

class TransferService {
public:
    /// `admission` outlives it. `on_serial` is called, in a thread of its own, when the zones that
    /// others take have another serial than when it was last looked, and the first time.
    TransferService(TcpAdmission& admission, std::function<void(std::uint32_t)> on_serial);
    ~TransferService();
    TransferService(const TransferService&) = delete;
    TransferService& operator=(const TransferService&) = delete;

    Result<Done> start();
    /// Ends every transfer and every thread.
    void stop();

    // Of the main thread.

    /// Takes another generation of the configuration. What runs keeps its own.
    void adopt(const std::shared_ptr<const responder::Site>& site);
    /// Ends what runs, and reads nothing more until take_database(). What comes meanwhile waits.
    void leave_database();
    void take_database(store::Environment& environment);
    /// To be called about once a second: looks for changes, and for who has waited too long.
    void look();

    /// Takes a connection whose client may have what it asks for; any thread. False: there are too
    /// many, and it stays with the caller.
    bool take(HandedOver& connection, std::shared_ptr<const responder::Site> site, UnixTime now);

    const TransferCounters& counters() const noexcept;

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace ostrakon::server
