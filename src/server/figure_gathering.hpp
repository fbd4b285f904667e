// Gathers the figures of the workers. Included by this module's sources only.
#pragma once

#include "ostrakon/config/settings.hpp"
#include "ostrakon/server/figures.hpp"
#include "ostrakon/server/key_watch.hpp"
#include "ostrakon/server/site_handler.hpp"

#include <span>

namespace ostrakon::server {

/// Subjects and clients that are told.
inline constexpr std::size_t kTopFiguresMax = 50;

/// Adds what this worker has counted. Any thread.
void add_counts(const SiteHandler& handler, Figures& figures);

/// Adds the partners' queries.
void add_partners(const partner::UseCounters& counters, Figures& figures);

/// What the workers have gathered of who asks most, together. The handlers' threads put their
/// counts in, one after the other.
class TopGathering {
public:
    TopGathering(const config::LogSettings& log, UnixTime at);

    /// In the handler's thread, with nobody else at it.
    void add(const SiteHandler& handler);
    void put_into(Figures& figures) const;

private:
    std::string client_name(const net::Address& address) const;

    const bool shows_clients_;
    const bool shows_networks_;
    const UnixTime at_;
    std::int64_t since_;
    std::map<std::string, std::uint64_t> clients_;
    std::map<std::pair<std::string, std::string>, std::pair<std::uint64_t, bool>> subjects_;
};

}  // namespace ostrakon::server
