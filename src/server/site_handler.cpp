#include "ostrakon/server/site_handler.hpp"

#include "ostrakon/responder/signature.hpp"
#include "ostrakon/responder/transfer_request.hpp"
#include "ostrakon/server/query_record.hpp"

#include <utility>

namespace ostrakon::server {
namespace {

verdict::Judge judge_of(store::Environment* environment, const responder::Site& site) {
    return environment == nullptr ? verdict::Judge(site.shared_rulebook())
                                  : verdict::Judge(*environment, site.shared_rulebook());
}

}  // namespace

SiteHandler::SiteHandler(std::shared_ptr<const responder::Site> site,
                         store::Environment* environment, std::function<void()> on_unreadable)
    : site_(std::move(site)),
      judge_(judge_of(environment, *site_)),
      on_unreadable_(std::move(on_unreadable)) {}

void SiteHandler::begin_batch() noexcept {
    has_snapshot_ = judge_.renew();
    now_ = now();
    if (has_snapshot_) {
        has_told_ = false;
    } else if (!std::exchange(has_told_, true)) {
        on_unreadable_();
    }
}

void SiteHandler::read(std::span<const std::span<const std::uint8_t>> queries) noexcept {
    batch_->read(queries, *site_, judge_, has_snapshot_, now_);
}

std::size_t SiteHandler::answer(std::size_t index, const responder::Client& client,
                                std::span<std::uint8_t> answer) noexcept {
    const bool is_limited = limits_ != nullptr && client.transport == responder::Transport::Udp;
    const std::size_t size = is_limited ? answer_within_limits(index, client, answer)
                                        : batch_->answer(index, client, answer);
    const responder::PendingQuery& query = batch_->query(index);
    if (query.partner != nullptr && size != 0) {
        partner::KeyUses& uses = *query.partner->uses;
        (query.partner->is_revoked ? uses.refused : uses.answered)
            .fetch_add(1, std::memory_order_relaxed);
    }
    if (ring_ != nullptr) {
        note(query, client, answer.first(size));
    }
    if (query.incident != responder::Incident::None) {
        incidents_.note(query, client.address);
    }
    return size;
}

void SiteHandler::note(const responder::PendingQuery& query, const responder::Client& client,
                       std::span<const std::uint8_t> answer) noexcept {
    QueryRecordBuffer record;
    const std::size_t size = write_query_record(query, client, answer, now_, record);
    if (size != 0) {
        ring_->put(std::span{record}.first(size));
    }
}

bool SiteHandler::wants_connection(std::size_t index, const responder::Client& client) noexcept {
    const responder::PendingQuery& query = batch_->query(index);
    if (transfers_ == nullptr || query.error || !responder::asks_transfer(query.query)) {
        return false;
    }
    responder::Signature signature;
    if (query.query.tsig_begin != 0) {
        responder::check_signature(query, site_->prepared(), now_, signature);
        if (!signature.is_good()) {
            return false;
        }
    }
    return responder::granted_transfer(query, client, site_->prepared(), signature.key).has_value();
}

bool SiteHandler::take_connection(HandedOver& connection) {
    return transfers_->take(connection, site_, now_);
}

// Who has connected over TCP is no forgery, and who shows a cookie of ours neither.
std::size_t SiteHandler::answer_within_limits(std::size_t index, const responder::Client& client,
                                              std::span<std::uint8_t> answer) noexcept {
    if (!batch_->gets_answer(index)) {
        return 0;
    }
    if (limits_->is_exempt(client.address) || batch_->shows_good_cookie(index, client)) {
        return batch_->answer(index, client, answer);
    }
    const ClientNetwork network = limits_->network_of(client.address);
    const Treatment treatment = limits_->treatment(rates_->count(network, now_.seconds));
    if (treatment == Treatment::Whole) {
        return batch_->answer(index, client, answer);
    }
    limit_tally_.note(network, treatment);
    if (limits_->is_dry_run()) {
        return batch_->answer(index, client, answer);
    }
    return treatment == Treatment::InBrief ? batch_->answer_in_brief(index, client, answer) : 0;
}

void SiteHandler::before_sleep() noexcept {
    if (std::exchange(has_snapshot_, false)) {
        judge_.reset();
    }
}

void SiteHandler::adopt(std::shared_ptr<const responder::Site> site) {
    const auto before = site_->shared_rulebook();
    site_ = std::move(site);
    if (site_->shared_rulebook() != before) {  // else all that the judge remembers holds
        judge_.adopt(site_->shared_rulebook());
    }
}

void SiteHandler::limit(std::shared_ptr<const RateLimits> limits, RateTable* table) {
    limits_ = std::move(limits);
    rates_ = table;
}

void SiteHandler::leave_database() {
    has_snapshot_ = false;
    judge_ = verdict::Judge(site_->shared_rulebook());
}

void SiteHandler::take_database(store::Environment& environment) {
    has_snapshot_ = false;
    judge_ = verdict::Judge(environment, site_->shared_rulebook());
}

}  // namespace ostrakon::server
