#include "ostrakon/server/site_handler.hpp"

#include "ostrakon/responder/signature.hpp"
#include "ostrakon/responder/transfer_request.hpp"
#include "ostrakon/server/query_record.hpp"

#include <ctime>
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
      on_unreadable_(std::move(on_unreadable)) {
    judge_.number_mixes(tally_.listings());
    tally_.adopt(site_->rulebook().zones);
}

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
    if (top_ != nullptr) {
        looked_at_ = top_->begin(queries.size(), now_);
    }
    batch_->read(queries, *site_, judge_, has_snapshot_, now_);
}

// What most queries have none of is apart, so that answering them is not slower for it.
inline std::size_t SiteHandler::noted(std::size_t index, const responder::Client& client,
                                      std::span<const std::uint8_t> answer, std::size_t size,
                                      responder::AnswerKind kind) noexcept {
    const responder::PendingQuery& query = batch_->query(index);
    tally_.count(query, client.transport, kind);
    if (query.told_own != responder::ToldOwn::No && hits_ != nullptr) {
        hits_->put(query, generation_);
    }
    const bool has_more = query.partner != nullptr || query.incident != responder::Incident::None ||
                          ring_ != nullptr || tap_ != nullptr || index == looked_at_;
    if (has_more) [[unlikely]] {
        note_more(index, client, answer.first(size), kind);
    }
    return size;
}

[[gnu::noinline]] void SiteHandler::note_more(std::size_t index, const responder::Client& client,
                                              std::span<const std::uint8_t> answer,
                                              responder::AnswerKind kind) noexcept {
    const responder::PendingQuery& query = batch_->query(index);
    if (query.partner != nullptr && !answer.empty()) {
        partner::KeyUses& uses = *query.partner->uses;
        (query.partner->is_revoked ? uses.refused : uses.answered)
            .fetch_add(1, std::memory_order_relaxed);
    }
    if (index == looked_at_) {
        top_->note(query, client, tally_.row_of(query), kind == responder::AnswerKind::Listed,
                   now_);
    }
    if (ring_ != nullptr) {
        note(query, client, answer);
    }
    if (tap_ != nullptr) {
        note_tap(query, client, answer);
    }
    if (query.incident != responder::Incident::None) {
        incidents_.note(query, client.address);
    }
}

void SiteHandler::tap(QueryRing* ring) {
    tap_record_.resize(ring == nullptr ? 0 : kDnstapRecordMax);
    tap_ = ring;
}

[[gnu::noinline]] void SiteHandler::note_tap(const responder::PendingQuery& query,
                                             const responder::Client& client,
                                             std::span<const std::uint8_t> answer) noexcept {
    timespec time{};
    ::clock_gettime(CLOCK_REALTIME, &time);  // without a system call
    const std::size_t size =
        write_dnstap_record(query, client, answer,
                            {time.tv_sec, static_cast<std::uint32_t>(time.tv_nsec)}, tap_record_);
    tap_->put(std::span{tap_record_}.first(size));
}

void SiteHandler::note(const responder::PendingQuery& query, const responder::Client& client,
                       std::span<const std::uint8_t> answer) noexcept {
    QueryRecordBuffer record;
    const std::size_t size = write_query_record(query, client, answer, now_, record);
    if (size != 0) {
        ring_->put(std::span{record}.first(size));
    }
}

std::size_t SiteHandler::answer(std::size_t index, const responder::Client& client,
                                std::span<std::uint8_t> answer) noexcept {
    if (limits_ != nullptr && client.transport == responder::Transport::Udp) {
        const Treatment treated = treatment(index, client);
        if (treated != Treatment::Whole) {
            return answer_above_limit(index, client, treated, answer);
        }
    }
    return answered(index, client, answer);
}

inline std::size_t SiteHandler::answered(std::size_t index, const responder::Client& client,
                                         std::span<std::uint8_t> answer) noexcept {
    const std::size_t size = batch_->answer(index, client, answer);
    return noted(index, client, answer, size, batch_->query(index).facts.kind);
}

// Counts the answer to a query. Who shows a cookie of ours is no forgery, and nobody is sent an
// answer to what is no query. Apart, so that answering without limits is not slower for it.
[[gnu::noinline]] Treatment SiteHandler::treatment(std::size_t index,
                                                   const responder::Client& client) noexcept {
    const responder::PendingQuery& pending = batch_->query(index);
    const auto& edns = pending.query.edns;
    const bool has_cookie = edns && !edns->cookie.empty();
    if ((pending.error && !batch_->gets_answer(index)) ||
        (has_cookie && batch_->shows_good_cookie(index, client)) ||
        limits_->is_exempt(client.address)) {
        return Treatment::Whole;
    }
    return limits_->treatment(rates_->count(limits_->network_of(client.address), now_.seconds));
}

[[gnu::noinline]] std::size_t SiteHandler::answer_above_limit(
    std::size_t index, const responder::Client& client, Treatment treatment,
    std::span<std::uint8_t> answer) noexcept {
    limit_tally_.note(limits_->network_of(client.address), treatment);
    if (limits_->is_dry_run()) {
        return answered(index, client, answer);
    }
    const bool is_dropped = treatment == Treatment::None;
    const std::size_t size = is_dropped ? 0 : batch_->answer_in_brief(index, client, answer);
    return noted(index, client, answer, size,
                 is_dropped ? responder::AnswerKind::Dropped : responder::AnswerKind::Limited);
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
        tally_.adopt(site_->rulebook().zones);
        ++generation_;
    }
}

void SiteHandler::limit(std::shared_ptr<const RateLimits> limits, RateTable* table) {
    limits_ = std::move(limits);
    rates_ = table;
}

void SiteHandler::leave_database() {
    has_snapshot_ = false;
    judge_ = verdict::Judge(site_->shared_rulebook());
    judge_.number_mixes(tally_.listings());
}

void SiteHandler::take_database(store::Environment& environment) {
    has_snapshot_ = false;
    judge_ = verdict::Judge(environment, site_->shared_rulebook());
    judge_.number_mixes(tally_.listings());
}

}  // namespace ostrakon::server
