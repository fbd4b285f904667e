// Answers the queries of one worker out of the site's zones and the database.
#pragma once

#include "ostrakon/responder/query_batch.hpp"
#include "ostrakon/server/dnstap_record.hpp"
#include "ostrakon/server/hit_ring.hpp"
#include "ostrakon/server/incident_ring.hpp"
#include "ostrakon/server/limit_tally.hpp"
#include "ostrakon/server/query_handler.hpp"
#include "ostrakon/server/query_ring.hpp"
#include "ostrakon/server/query_tally.hpp"
#include "ostrakon/server/rate_limits.hpp"
#include "ostrakon/server/rate_table.hpp"
#include "ostrakon/server/top_tally.hpp"
#include "ostrakon/server/transfer_service.hpp"
#include "ostrakon/store/environment.hpp"
#include "ostrakon/verdict/judge.hpp"

#include <functional>
#include <memory>

namespace ostrakon::server {

/// Everything but the constructor is called in the worker's thread.
class SiteHandler : public QueryHandler {
public:
    /// `environment` may be null: then what needs data is SERVFAIL. It outlives the handler, or
    /// leave_database() is called. `on_unreadable` is called, from the worker's thread, when the
    /// database can no longer be read; once until it can be again.
    SiteHandler(std::shared_ptr<const responder::Site> site, store::Environment* environment,
                std::function<void()> on_unreadable);

    void begin_batch() noexcept override;
    void read(std::span<const std::span<const std::uint8_t>> queries) noexcept override;
    std::size_t answer(std::size_t index, const responder::Client& client,
                       std::span<std::uint8_t> answer) noexcept override;
    bool wants_connection(std::size_t index, const responder::Client& client) noexcept override;
    bool take_connection(HandedOver& connection) override;
    void before_sleep() noexcept override;

    /// Takes another generation of the configuration. The hits of the first have number 0; the
    /// number grows with each adoption of another rulebook.
    void adopt(std::shared_ptr<const responder::Site> site);
    /// Limits from now on, or not where `limits` is null. All workers have one table, which
    /// outlives the handler.
    void limit(std::shared_ptr<const RateLimits> limits, RateTable* table);
    /// Puts what is asked and answered into this ring from now on, or nowhere where it is null.
    void log_queries(QueryRing* ring) noexcept { ring_ = ring; }
    /// Has it look at who asks most from now on.
    void watch_top() { top_ = std::make_unique<TopTally>(); }
    /// Null where it does not.
    const TopTally* top() const noexcept { return top_.get(); }
    /// Puts questions and answers as they are into this ring from now on, or nowhere where it is
    /// null.
    void tap(QueryRing* ring);
    /// Puts what own listings answer into this ring from now on, or nowhere where it is null.
    void count_hits(HitRing* ring) noexcept { hits_ = ring; }
    /// Has transfers sent by `transfers`, which outlives the handler; null: none are.
    void send_transfers_by(TransferService* transfers) { transfers_ = transfers; }
    /// Lets go of the environment, and answers without one.
    void leave_database();
    /// Reads from another environment.
    void take_database(store::Environment& environment);

    /// What was turned away; to be taken by one other thread.
    IncidentRing& incidents() noexcept { return incidents_; }
    // Any thread.
    const QueryTally& tally() const noexcept { return tally_; }
    const LimitCounters& limit_counters() const noexcept { return limit_tally_.counters(); }
    /// The networks that were limited most since the last call.
    FrequentNetworks take_limited_networks() noexcept { return limit_tally_.take_networks(); }

private:
    void note_tap(const responder::PendingQuery& query, const responder::Client& client,
                  std::span<const std::uint8_t> answer) noexcept;
    void note(const responder::PendingQuery& query, const responder::Client& client,
              std::span<const std::uint8_t> answer) noexcept;
    /// Counts and logs an answer of this size, and returns that.
    std::size_t noted(std::size_t index, const responder::Client& client,
                      std::span<const std::uint8_t> answer, std::size_t size,
                      responder::AnswerKind kind) noexcept;
    /// Answers a query whole.
    std::size_t answered(std::size_t index, const responder::Client& client,
                         std::span<std::uint8_t> answer) noexcept;
    void note_more(std::size_t index, const responder::Client& client,
                   std::span<const std::uint8_t> answer, responder::AnswerKind kind) noexcept;
    Treatment treatment(std::size_t index, const responder::Client& client) noexcept;
    std::size_t answer_above_limit(std::size_t index, const responder::Client& client,
                                   Treatment treatment, std::span<std::uint8_t> answer) noexcept;

    std::shared_ptr<const responder::Site> site_;
    QueryTally tally_;                         // before the judge, which uses its numbers
    std::unique_ptr<TopTally> top_;            // null: nobody wants to know
    std::size_t looked_at_ = TopTally::kNone;  // of the batch
    QueryRing* ring_ = nullptr;
    HitRing* hits_ = nullptr;
    QueryRing* tap_ = nullptr;
    DnstapRecordBuffer tap_record_;
    std::uint8_t generation_ = 0;
    verdict::Judge judge_;
    std::unique_ptr<responder::QueryBatch> batch_ = std::make_unique<responder::QueryBatch>();
    std::shared_ptr<const RateLimits> limits_;  // null: without
    RateTable* rates_ = nullptr;
    LimitTally limit_tally_;
    IncidentRing incidents_;
    TransferService* transfers_ = nullptr;
    std::function<void()> on_unreadable_;
    UnixTime now_;
    bool has_snapshot_ = false;
    bool has_told_ = false;
};

}  // namespace ostrakon::server
