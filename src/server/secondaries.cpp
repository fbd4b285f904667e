#include "ostrakon/server/secondaries.hpp"

#include "ostrakon/server/log.hpp"

#include <fmt/format.h>

namespace ostrakon::server {
namespace {

// Lines a second about what was turned away; the rest is only counted.
constexpr int kIncidentLinesMax = 10;

}  // namespace

Result<Done> Secondaries::start(EventLoop& loop, TcpAdmission& admission,
                                const std::vector<config::Endpoint>& listening) {
    notifier_.emplace(loop, listening);
    transfers_.emplace(admission, [this, &loop](std::uint32_t serial) {
        loop.post([this, serial] { notifier_->tell(serial); });
    });
    return transfers_->start();
}

void Secondaries::stop() {
    transfers_->stop();
}

void Secondaries::adopt(const std::shared_ptr<const responder::Site>& site) {
    if (site->shared_rulebook() == rulebook_) {
        return;  // only partners' keys are others
    }
    rulebook_ = site->shared_rulebook();
    notifier_->adopt(site);
    transfers_->adopt(site);
}

void Secondaries::take_database(store::Environment* environment) {
    if (environment != nullptr) {
        transfers_->take_database(*environment);
    }
}

void Secondaries::tick(const std::vector<SiteHandler*>& handlers) {
    transfers_->look();
    notifier_->look();
    int lines = 0;
    std::uint64_t left = 0;
    for (SiteHandler* const handler : handlers) {
        IncidentRing::Entry entry;
        while (handler->incidents().take(entry)) {
            if (lines++ < kIncidentLinesMax) {
                log(LogLevel::Warn, incident_text(entry), "refused",
                    {{"client", net::to_string(entry.client)}});
            } else {
                ++left;
            }
        }
        left += handler->incidents().take_lost();
    }
    if (left > 0) {
        log(LogLevel::Warn, fmt::format("refused {} more transfers or signed questions", left),
            "refused");
    }
}

}  // namespace ostrakon::server
