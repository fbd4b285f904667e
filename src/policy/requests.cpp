#include "ostrakon/policy/requests.hpp"

#include "ban_plan.hpp"
#include "decide_within.hpp"
#include "ostrakon/policy/listings.hpp"
#include "ostrakon/store/codec.hpp"
#include "ostrakon/store/meta.hpp"
#include "ostrakon/zone/listing_class.hpp"
#include "wider_bans.hpp"

#include <fmt/format.h>

namespace ostrakon::policy {
namespace {

using store::Table;

std::string request_key(RequestId id) {
    std::string key;
    store::append_big_endian(key, id);
    return key;
}

Unexpected<Error> wrong_request(std::string attempt, std::string why, std::string remedy) {
    return Unexpected{
        Error{ErrorCode::Usage, std::move(attempt), std::move(why), std::move(remedy)}};
}

// No part of what undo takes back: of a request that is gone it leads to nothing.
void put_reference(ChangeSet& change, const std::string& reference, RequestId id) {
    if (!reference.empty()) {
        change.transaction().put(Table::References, reference, request_key(id));
    }
}

// Who asks for the same again has another reference to the same request.
Result<TakenRequest> refer_to(ChangeSet& change, const std::string& reference, TakenRequest taken) {
    put_reference(change, reference, taken.request.id);
    change.tell(taken.request.subject, "",
                fmt::format("request {}: asked for again", taken.request.id), "");
    auto id = change.finish({});
    if (!id) {
        return Unexpected{std::move(id.error())};
    }
    taken.change = *id;
    return taken;
}

// Strangers fill evidence, up to a bound: who only compares leaves it where it is.
enum class Parts : std::uint8_t { All, WithoutEvidence };

std::optional<Request> decode_parts(RequestId id, std::string_view bytes, Parts parts) {
    store::Decoder decoder{bytes};
    Request request;
    request.id = id;
    const std::uint64_t kind = decoder.number();
    const std::uint64_t state = decoder.number();
    request.kind = static_cast<RequestKind>(kind);
    request.state = static_cast<RequestState>(state);
    request.subject = decoder.text();
    request.contact = decoder.text();
    const std::string_view evidence = decoder.text();
    request.evidence = parts == Parts::All ? evidence : std::string_view{};
    request.by = decoder.text();
    request.received = UnixTime{static_cast<std::int64_t>(decoder.number())};
    if (const auto decided = static_cast<std::int64_t>(decoder.number()); decided != 0) {
        request.decided = UnixTime{decided};
    }
    request.decided_by = decoder.text();
    request.decision = decoder.text();
    request.change = decoder.number();
    request.reference = decoder.text();
    const bool is_known = kind <= static_cast<std::uint64_t>(RequestKind::Allow) &&
                          state <= static_cast<std::uint64_t>(RequestState::Declined);
    return decoder.is_damaged() || !is_known ? std::nullopt : std::optional{std::move(request)};
}

std::vector<Request> all_requests(const store::Transaction& transaction, Parts parts) {
    std::vector<Request> found;
    store::Cursor cursor{transaction, Table::Requests};
    for (bool more = cursor.first(); more; more = cursor.next()) {
        if (auto request = decode_parts(store::load_big_endian<RequestId>(cursor.key().data()),
                                        cursor.value(), parts)) {
            found.push_back(std::move(*request));
        }
    }
    return found;
}

std::optional<Request> read_request(const store::Transaction& transaction, RequestId id) {
    const auto bytes = transaction.get(Table::Requests, request_key(id));
    return bytes ? decode_request(id, *bytes) : std::nullopt;
}

Error no_request(RequestId id) {
    return {ErrorCode::Absent, fmt::format("request {}", id), "there is none of that number",
            "`ostrakon request list --all` shows them"};
}

Result<Done> check_request(const Request& request) {
    if (request.contact.empty() || request.contact.size() > kContactSizeMax) {
        return wrong_request("--contact",
                             request.contact.empty()
                                 ? std::string{"is empty"}
                                 : fmt::format("has more than {} bytes", kContactSizeMax),
                             "say how to reach who asks, as in postmaster@example.com");
    }
    if (request.evidence.size() > kRequestEvidenceSizeMax) {
        return wrong_request("--evidence",
                             fmt::format("has more than {} bytes", kRequestEvidenceSizeMax),
                             "send the part that matters");
    }
    if (request.reference.size() > kReferenceSizeMax) {
        return wrong_request("reference of a request",
                             fmt::format("has more than {} bytes", kReferenceSizeMax), "");
    }
    return Done{};
}

const char* kind_in_words(RequestKind kind) {
    return kind == RequestKind::Removal ? "removal" : "allow";
}

// An IPv6 address that was banned is banned as its /64: both are meant.
std::vector<Subject> requested_subjects(const Request& request) {
    std::vector<Subject> subjects;
    if (const auto subject = parse_subject(request.subject)) {
        subjects.push_back(*subject);
        const auto* const v6 = std::get_if<net::Ipv6Range>(&*subject);
        if (v6 != nullptr && v6->first == v6->last && request.kind == RequestKind::Removal) {
            constexpr int kHostPrefix = 64;
            subjects.emplace_back(net::prefix(v6->first, kHostPrefix));
        }
    }
    return subjects;
}

Result<Done> carry_out_request(ChangeSet& change, const config::Settings& settings,
                               const Request& request, const Decision& decision,
                               ChangeReport& report) {
    if (request.kind == RequestKind::Removal) {
        return lift_within(change, settings,
                           {.subjects = requested_subjects(request),
                            .listing_class = "",
                            .reason = decision.reason,
                            .evidence = request.evidence,
                            .override_lifecycle = decision.override_lifecycle,
                            .confirmed = decision.confirmed,
                            .bans_only = true},
                           report);
    }
    Ban allow;
    allow.subjects = requested_subjects(request);
    allow.listing_class = zone::kAllowClass;
    allow.reason = decision.reason;
    allow.evidence = request.evidence;
    allow.confirmed = decision.confirmed;
    return ban_within(change, settings, allow, report);
}

}  // namespace

std::string encode(const Request& request) {
    store::Encoder encoder;
    encoder.number(static_cast<std::uint64_t>(request.kind))
        .number(static_cast<std::uint64_t>(request.state))
        .text(request.subject)
        .text(request.contact)
        .text(request.evidence)
        .text(request.by)
        .number(static_cast<std::uint64_t>(request.received.seconds))
        .number(request.decided ? static_cast<std::uint64_t>(request.decided->seconds) : 0)
        .text(request.decided_by)
        .text(request.decision)
        .number(request.change)
        .text(request.reference);
    return encoder.take();
}

std::optional<Request> decode_request(RequestId id, std::string_view bytes) {
    return decode_parts(id, bytes, Parts::All);
}

Result<TakenRequest> add_request(store::Environment& environment, const Request& request,
                                 const Author& author) {
    if (auto fit = check_request(request); !fit) {
        return Unexpected{std::move(fit.error())};
    }
    const auto subject = parse_subject(request.subject);
    if (!subject) {
        return Unexpected{subject.error()};
    }
    auto change = ChangeSet::begin(environment, author);
    if (!change) {
        return Unexpected{change.error()};
    }
    TakenRequest taken;
    taken.request = request;
    taken.request.subject = to_string(*subject);
    std::uint64_t open = 0;
    for (const Request& other : all_requests(change->transaction(), Parts::WithoutEvidence)) {
        if (other.state != RequestState::Open) {
            continue;
        }
        ++open;
        if (other.kind == request.kind && other.subject == taken.request.subject &&
            other.contact == request.contact) {
            taken.request = read_request(change->transaction(), other.id).value_or(other);
            taken.notes.push_back(fmt::format("request {} asks for that already", other.id));
            return request.reference.empty()
                       ? Result<TakenRequest>{std::move(taken)}
                       : refer_to(*change, request.reference, std::move(taken));
        }
    }
    if (open >= kOpenRequestsMax) {
        return Unexpected{Error{ErrorCode::Refused, "take a request in",
                                fmt::format("{} are open already", open),
                                "decide on some first: `ostrakon request list`"}};
    }
    taken.request.id = store::take_next_id(change->transaction(), store::meta_key::kNextRequest);
    taken.request.state = RequestState::Open;
    taken.request.by = author.by;
    taken.request.received = author.at;
    for (const Subject& meant : requested_subjects(taken.request)) {
        name_wider_bans(*change, meant, taken.notes);
    }
    change->put_record(Table::Requests, request_key(taken.request.id), encode(taken.request));
    put_reference(*change, request.reference, taken.request.id);
    change->tell(taken.request.subject, "",
                 fmt::format("request {}: {} asked for by {}", taken.request.id,
                             kind_in_words(request.kind), request.contact),
                 "");
    auto id = change->finish({});
    if (!id) {
        return Unexpected{std::move(id.error())};
    }
    taken.change = *id;
    return taken;
}

Result<std::vector<Request>> requests(store::Environment& environment, bool with_decided) {
    auto snapshot = store::Snapshot::begin(environment);
    if (!snapshot) {
        return Unexpected{snapshot.error()};
    }
    auto found = all_requests(*snapshot, Parts::All);
    std::erase_if(found, [with_decided](const Request& request) {
        return !with_decided && request.state != RequestState::Open;
    });
    if (snapshot->is_broken()) {
        return Unexpected{snapshot->failure()};
    }
    return found;
}

Result<OpenRequests> open_requests(store::Environment& environment, std::size_t oldest_max) {
    auto snapshot = store::Snapshot::begin(environment);
    if (!snapshot) {
        return Unexpected{snapshot.error()};
    }
    OpenRequests open;
    store::Cursor cursor{*snapshot, Table::Requests};
    for (bool more = cursor.first(); more; more = cursor.next()) {
        // Of most requests the state alone is read, which stands before all that strangers wrote.
        store::Decoder decoder{cursor.value()};
        decoder.number();
        if (decoder.number() != static_cast<std::uint64_t>(RequestState::Open)) {
            continue;
        }
        ++open.count;
        if (open.oldest.size() < oldest_max) {
            if (auto request = decode_request(
                    store::load_big_endian<RequestId>(cursor.key().data()), cursor.value())) {
                open.oldest.push_back(std::move(*request));
            }
        }
    }
    if (snapshot->is_broken()) {
        return Unexpected{snapshot->failure()};
    }
    return open;
}

Result<Request> request(store::Environment& environment, RequestId id) {
    auto snapshot = store::Snapshot::begin(environment);
    if (!snapshot) {
        return Unexpected{snapshot.error()};
    }
    auto found = read_request(*snapshot, id);
    return found ? Result<Request>{std::move(*found)} : Unexpected{no_request(id)};
}

Result<Request> request_of_reference(store::Environment& environment, std::string_view reference) {
    auto snapshot = store::Snapshot::begin(environment);
    if (!snapshot) {
        return Unexpected{snapshot.error()};
    }
    const bool can_be = !reference.empty() && reference.size() <= kReferenceSizeMax;
    const auto key = can_be ? snapshot->get(store::Table::References, reference) : std::nullopt;
    auto found = key && key->size() == sizeof(RequestId)
                     ? read_request(*snapshot, store::load_big_endian<RequestId>(key->data()))
                     : std::nullopt;
    if (snapshot->is_broken()) {
        return Unexpected{snapshot->failure()};
    }
    if (!found) {
        return Unexpected{Error{ErrorCode::Absent, "find a request by its reference",
                                "there is none of this reference", ""}};
    }
    return std::move(*found);
}

Result<ChangeReport> decide_request(store::Environment& environment,
                                    const config::Settings& settings, const Decision& decision,
                                    const Author& author) {
    auto change = ChangeSet::begin(environment, author);
    if (!change) {
        return Unexpected{change.error()};
    }
    auto request = read_request(change->transaction(), decision.id);
    if (!request) {
        return Unexpected{no_request(decision.id)};
    }
    const RequestState wanted =
        decision.is_accepted ? RequestState::Accepted : RequestState::Declined;
    if (request->state != RequestState::Open) {
        if (request->state == wanted) {
            ChangeReport report;
            report.notes.push_back(fmt::format("request {} was decided so already", request->id));
            return report;
        }
        return Unexpected{
            Error{ErrorCode::Refused, fmt::format("decide on request {}", request->id),
                  fmt::format("it was {} by {}",
                              request->state == RequestState::Accepted ? "accepted" : "declined",
                              request->decided_by),
                  fmt::format("`ostrakon undo {}` opens it again", request->change)}};
    }
    ChangeReport report;
    if (decision.is_accepted) {
        if (auto done = carry_out_request(*change, settings, *request, decision, report); !done) {
            return Unexpected{std::move(done.error())};
        }
    }
    request->state = wanted;
    request->decided = author.at;
    request->decided_by = author.by;
    request->decision = decision.reason;
    request->change = change->id();
    change->put_record(Table::Requests, request_key(request->id), encode(*request));
    change->tell(request->subject, "",
                 fmt::format("request {} ({}, by {}) {}", request->id, kind_in_words(request->kind),
                             request->contact, decision.is_accepted ? "accepted" : "declined"),
                 decision.reason);
    return finished(*change, std::move(report));
}

}  // namespace ostrakon::policy
