// One query between being read and being answered, and the steps in between.
//
// respond() takes a query through them one after the other. A batch takes all its queries through
// one step before the next (responder/query_batch.hpp), so that what one waits for in the memory
// comes while the others are worked on.
#pragma once

#include "ostrakon/dns/query.hpp"
#include "ostrakon/partner/key_table.hpp"
#include "ostrakon/responder/answer_kind.hpp"
#include "ostrakon/responder/incident.hpp"
#include "ostrakon/responder/prepared.hpp"
#include "ostrakon/responder/question_reading.hpp"
#include "ostrakon/responder/respond.hpp"

#include <optional>
#include <span>

namespace ostrakon::responder {

/// What the label next to the origin is, in a zone whose partners have keys.
enum class KeyKind : std::uint8_t {
    None,     ///< No key by its shape; or the zone has no keys.
    Valid,    ///< A partner's: who asks is let in, and the name counts without it.
    Revoked,  ///< It was a partner's.
    Unknown,  ///< It has the shape of a key. It may be a mistyped one, or a name that is asked
              ///< about.
};

/// What the figures say of an answer.
struct AnswerFacts {
    AnswerKind kind = AnswerKind::Ignored;
    verdict::ListingMix mix = 0;  ///< Where it is Listed.
};

/// Whether an answer told of an own listing, with its code or text, and under which reading of the
/// question's name it is listed.
enum class ToldOwn : std::uint8_t { No, Address, Name };

/// Borrows the packet and the site.
struct PendingQuery {
    std::span<const std::uint8_t> packet;
    dns::Query query;
    std::optional<dns::QueryError> error;
    const PreparedZone* zone = nullptr;  ///< With the longest origin that the name ends in; null:
                                         ///< none, or the query could not be read.
    KeyKind key = KeyKind::None;
    const partner::Partner* partner = nullptr;  ///< Whose key it is: Valid and Revoked.
    std::size_t subject_labels = 0;  ///< In front of that origin, and of a valid or revoked key.
    QuestionReading reading;         ///< Of these labels.
    verdict::Location location;      ///< Of the whole address that is asked about.
    Incident incident = Incident::None;  ///< Set by answer_query, as are:
    AnswerFacts facts;
    ToldOwn told_own = ToldOwn::No;
};

/// The first step: reads the packet.
void read_query(std::span<const std::uint8_t> packet, const Site::Prepared& site,
                PendingQuery& pending) noexcept;

// What follows needs a snapshot.

/// See verdict::Judge::announce and approach.
void announce_address(const PendingQuery& pending, const verdict::Judge& judge) noexcept;
void approach_address(const PendingQuery& pending, verdict::Judge& judge) noexcept;

/// Looks the address up that is asked about, if one is.
void locate_address(PendingQuery& pending, verdict::Judge& judge, UnixTime now) noexcept;

/// The last step, as respond() does it.
std::size_t answer_query(PendingQuery& pending, const Client& client, const Site::Prepared& site,
                         verdict::Judge& judge, bool has_snapshot, UnixTime now,
                         std::span<std::uint8_t> answer) noexcept;

// Where a client has had more answers than it may (server/rate_limiter.hpp).

/// False for what is no query, or so short that nobody could tell.
bool gets_answer(const PendingQuery& pending) noexcept;

/// Whether its cookie shows that the query comes from where it says it comes from.
bool shows_good_cookie(const PendingQuery& pending, const Client& client,
                       const Site::Prepared& site, UnixTime now) noexcept;

/// In place of answer_query over UDP: a cookie for those who know of cookies (BADCOOKIE), for
/// others no records and TC, with which a real client comes back over TCP.
std::size_t answer_in_brief(const PendingQuery& pending, const Client& client,
                            const Site::Prepared& site, UnixTime now,
                            std::span<std::uint8_t> answer) noexcept;

}  // namespace ostrakon::responder
