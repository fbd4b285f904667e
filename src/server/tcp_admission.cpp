#include "ostrakon/server/tcp_admission.hpp"

#include "ostrakon/base/assert.hpp"

namespace ostrakon::server {
namespace {

net::Address counted_as(const net::Address& client) {
    const auto* ipv6 = std::get_if<net::Ipv6>(&client);
    return ipv6 == nullptr ? client : net::prefix(*ipv6, kTcpClientPrefixIpv6).first;
}

}  // namespace

TcpAdmission::TcpAdmission(std::size_t total_max, std::size_t per_client_max)
    : total_max_(total_max), per_client_max_(per_client_max) {}

TcpEntry TcpAdmission::enter(const net::Address& client) {
    const std::lock_guard lock(mutex_);
    if (open_ >= total_max_) {
        return TcpEntry::Full;
    }
    const auto [entry, is_new] = clients_.try_emplace(counted_as(client), 0);
    if (entry->second >= per_client_max_) {
        return TcpEntry::ClientFull;
    }
    ++entry->second;
    ++open_;
    ++counters_.admitted;
    return TcpEntry::Admitted;
}

void TcpAdmission::leave(const net::Address& client) {
    const std::lock_guard lock(mutex_);
    const auto entry = clients_.find(counted_as(client));
    OSTRAKON_ASSERT(entry != clients_.end() && open_ > 0);
    --open_;
    if (--entry->second == 0) {
        clients_.erase(entry);
    }
}

void TcpAdmission::note_refused(TcpEntry reason) {
    const std::lock_guard lock(mutex_);
    ++(reason == TcpEntry::Full ? counters_.refused_full : counters_.refused_client);
}

void TcpAdmission::note_displaced() {
    const std::lock_guard lock(mutex_);
    ++counters_.displaced;
}

void TcpAdmission::note_timed_out() {
    const std::lock_guard lock(mutex_);
    ++counters_.timed_out;
}

TcpCounters TcpAdmission::counters() const {
    const std::lock_guard lock(mutex_);
    return counters_;
}

void TcpAdmission::set_total_max(std::size_t total_max) {
    const std::lock_guard lock(mutex_);
    total_max_ = total_max;
}

std::size_t TcpAdmission::open_count() const {
    return open_;
}

}  // namespace ostrakon::server
