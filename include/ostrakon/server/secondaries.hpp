// Everything that the server does for those who take zones from it: transfers, NOTIFY, and telling
// the operator whom it turned away. Belongs to the main thread.
#pragma once

#include "ostrakon/server/notifier.hpp"
#include "ostrakon/server/site_handler.hpp"
#include "ostrakon/server/transfer_service.hpp"

#include <memory>
#include <optional>
#include <vector>

namespace ostrakon::server {

class Secondaries {
public:
    /// Loop and admission outlive it; so does the environment, or leave_database() is called.
    Result<Done> start(EventLoop& loop, TcpAdmission& admission,
                       const std::vector<config::Endpoint>& listening);
    void stop();

    /// Where workers hand connections over.
    TransferService* transfers() { return transfers_ ? &*transfers_ : nullptr; }

    const TransferCounters& transfer_counters() const { return transfers_->counters(); }
    const NotifyCounters& notify_counters() const { return notifier_->counters(); }

    void adopt(const std::shared_ptr<const responder::Site>& site);
    void leave_database() { transfers_->leave_database(); }
    void take_database(store::Environment* environment);
    /// To be called once a second.
    void tick(const std::vector<SiteHandler*>& handlers);

private:
    std::optional<Notifier> notifier_;
    std::optional<TransferService> transfers_;
    std::shared_ptr<const verdict::Rulebook> rulebook_;
};

}  // namespace ostrakon::server
