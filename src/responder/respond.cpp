#include "ostrakon/responder/respond.hpp"

#include "ostrakon/responder/exchange.hpp"
#include "ostrakon/responder/records.hpp"
#include "ostrakon/responder/signature.hpp"
#include "ostrakon/responder/transfer_request.hpp"
#include "ostrakon/responder/zone_answer.hpp"

#include <algorithm>

namespace ostrakon::responder {
namespace {

// Header and OPT of an answer without records, with room to spare.
constexpr std::size_t kSignedAnswerRoom = 128;

using dns::ExtendedError;
using dns::QueryError;
using dns::Rcode;
using dns::RecordType;

std::size_t udp_size_max(const dns::Query& query, const ResponderSettings& settings) noexcept {
    if (!query.edns) {
        return dns::kUdpSizeWithoutEdns;
    }
    const std::size_t client =
        std::max<std::size_t>(query.edns->payload_bytes, dns::kUdpSizeWithoutEdns);
    return std::min<std::size_t>(client, settings.udp_payload_bytes);
}

void refuse(dns::MessageWriter& writer, std::optional<ExtendedError> error) noexcept {
    writer.set_rcode(Rcode::Refused);
    if (error) {
        writer.set_error(*error);
    }
}

// What the server says of itself under this name; null: nothing. RFC 4892 has the one name of the
// server, BIND the others.
const std::string* text_about_server(const dns::QuestionName& name,
                                     const ResponderSettings& settings) noexcept {
    if (name.label_count() != 2) {
        return nullptr;
    }
    const bool is_bind = dns::is_label(name.label(1), "bind");
    if (!is_bind && !dns::is_label(name.label(1), "server")) {
        return nullptr;
    }
    if (dns::is_label(name.label(0), "version")) {
        return &settings.version;
    }
    return dns::is_label(name.label(0), is_bind ? "hostname" : "id") ? &settings.nsid : nullptr;
}

// Questions about the server itself, in the class CH, where the operator gives an answer.
void answer_chaos(Exchange& exchange) noexcept {
    const bool asks_text =
        exchange.query.type == RecordType::Txt || exchange.query.type == RecordType::Any;
    const std::string* const text = text_about_server(exchange.query.name, exchange.site.settings);
    if (!asks_text || text == nullptr || text->empty()) {
        refuse(exchange.writer, std::nullopt);
        return;
    }
    exchange.writer.set_authoritative();
    exchange.facts.kind = AnswerKind::ServerInfo;
    write_text(exchange, *text, 0, dns::RecordClass::Chaos);
}

// What no zone answers for: the catalog, for those who may have it, or nothing.
void answer_outside(Exchange& exchange) noexcept {
    const PreparedZone* const catalog = exchange.site.find_catalog(exchange.query.name);
    if (catalog != nullptr &&
        catalog->secondaries.admits(exchange.client.address, exchange.signer)) {
        answer_catalog(exchange, *catalog);
    } else {
        refuse(exchange.writer, ExtendedError::NotAuthoritative);
    }
}

// Who may have the whole zone may also ask it.
bool may_ask(const Exchange& exchange, const PreparedZone& zone) noexcept {
    switch (exchange.asked.key) {
        case KeyKind::Valid:
            return true;
        case KeyKind::Revoked:
            return false;
        case KeyKind::None:
        case KeyKind::Unknown:
            break;
    }
    return zone.clients.admits(exchange.client.address) ||
           zone.secondaries.admits(exchange.client.address, exchange.signer);
}

void answer_internet(Exchange& exchange) noexcept {
    const PreparedZone* zone = exchange.asked.zone;
    if (zone == nullptr) {
        answer_outside(exchange);
        return;
    }
    // The DS of a nested zone belongs to the zone around it (RFC 4035 §3.1.4.1).
    const bool asks_outer = exchange.query.type == RecordType::Ds && zone->outer &&
                            exchange.query.name.label_count() == zone->origin_labels;
    if (asks_outer) {
        zone = &exchange.site.zones[*zone->outer];
    }
    if (!may_ask(exchange, *zone)) {
        refuse(exchange.writer, ExtendedError::Prohibited);
    } else if (asks_outer) {
        answer_no_data(exchange, *zone);
    } else {
        answer_in_zone(exchange, *zone);
    }
}

void answer_question(Exchange& exchange) noexcept {
    const dns::Query& query = exchange.query;
    if (query.edns && query.edns->version > 0) {
        exchange.writer.set_rcode(Rcode::BadVers);
    } else if (asks_transfer(query)) {
        answer_transfer_request(exchange);
    } else if (dns::is_meta(query.type) && query.type != RecordType::Any) {
        exchange.writer.set_rcode(Rcode::NotImp);
        exchange.writer.set_error(ExtendedError::NotSupported);
    } else if (query.record_class == dns::RecordClass::In) {
        answer_internet(exchange);
    } else if (query.record_class == dns::RecordClass::Chaos) {
        answer_chaos(exchange);
    } else {
        refuse(exchange.writer, std::nullopt);
    }
}

Incident incident_of(tsig::Finding finding) noexcept {
    switch (finding) {
        case tsig::Finding::Good:
            break;
        case tsig::Finding::Malformed:
            return Incident::MalformedSignature;
        case tsig::Finding::BadKey:
            return Incident::BadKey;
        case tsig::Finding::BadSig:
            return Incident::BadSignature;
        case tsig::Finding::BadTime:
            return Incident::BadTime;
        case tsig::Finding::BadTrunc:
            return Incident::BadTruncation;
    }
    return Incident::None;
}

// `cookie` is where the answer's cookie goes, if there is one.
dns::OptReply opt_reply(const dns::Edns& edns, const Client& client,
                        const ResponderSettings& settings, UnixTime now,
                        dns::Cookie& cookie) noexcept {
    dns::OptReply reply{
        .payload_bytes =
            std::max<std::uint16_t>(settings.udp_payload_bytes, dns::kUdpSizeWithoutEdns),
        .dnssec_ok = edns.dnssec_ok,
        .nsid = edns.asks_nsid ? std::string_view{settings.nsid} : std::string_view{}};
    if (!edns.cookie.empty()) {
        cookie = dns::answer_cookie(edns.cookie, client.address, settings.cookie_secrets, now);
        reply.cookie = cookie;
    }
    if (edns.asks_keepalive &&
        client.transport == Transport::Tcp) {  // never over UDP: RFC 7828 §3.3.1
        reply.keepalive_100ms = client.keepalive_100ms;
    }
    return reply;
}

Rcode rcode_of(const PendingQuery& pending, const Client& client, const ResponderSettings& settings,
               UnixTime now) noexcept {
    if (pending.error == QueryError::OtherOpcode) {
        return Rcode::NotImp;
    }
    if (pending.error == QueryError::CookieAlone) {  // RFC 7873 §5.4
        const auto state = dns::judge_cookie(pending.query.edns->cookie, client.address,
                                             settings.cookie_secrets, now);
        return state == dns::CookieState::Bad ? Rcode::BadCookie : Rcode::NoError;
    }
    return Rcode::FormErr;
}

// Of an answer that is an error, or says that there is no such name.
AnswerKind kind_of(Rcode rcode) noexcept {
    switch (rcode) {
        case Rcode::NxDomain:
            return AnswerKind::NotListed;
        case Rcode::Refused:
            return AnswerKind::Refused;
        case Rcode::NotImp:
            return AnswerKind::NotImp;
        case Rcode::FormErr:
            return AnswerKind::FormErr;
        case Rcode::BadVers:
            return AnswerKind::BadVers;
        case Rcode::BadCookie:
            return AnswerKind::BadCookie;
        case Rcode::NotAuth:
            return AnswerKind::NotAuth;
        case Rcode::NoError:
        case Rcode::ServFail:
            break;
    }
    return AnswerKind::ServFail;
}

// Looks at the label next to the origin; there is one, and the zone has keys.
void read_key(PendingQuery& pending) noexcept {
    const dns::QuestionName& name = pending.query.name;
    const std::size_t place = pending.subject_labels - 1;
    const std::size_t start = name.label_start(place) + 1;
    const std::string_view label =
        name.lower_wire(start).substr(0, name.label_start(place + 1) - start);
    if (!partner::looks_like_key(label)) {
        return;
    }
    pending.partner = pending.zone->keys->find(label);
    if (pending.partner == nullptr) {
        pending.key = KeyKind::Unknown;
        return;
    }
    pending.key = pending.partner->is_revoked ? KeyKind::Revoked : KeyKind::Valid;
    --pending.subject_labels;
}

// What an answer depends on besides the question.
struct Surroundings {
    const Client& client;
    const Site::Prepared& site;
    verdict::Judge& judge;
    bool has_snapshot;
    UnixTime now;
};

std::size_t size_max_of(const dns::Query& query, const Surroundings& around) noexcept {
    return around.client.transport == Transport::Udp ? udp_size_max(query, around.site.settings)
                                                     : dns::kMessageSizeMax;
}

// `signature`: of the question; null: it has none. Room is left for that of the answer.
std::size_t write_answer(PendingQuery& pending, const Surroundings& around,
                         const Signature* signature, std::span<std::uint8_t> answer) noexcept {
    const dns::Query& query = pending.query;
    const bool is_udp = around.client.transport == Transport::Udp;
    std::size_t size_max = size_max_of(query, around);
    const std::size_t kept_free = signature == nullptr ? 0 : answer_signature_size(*signature);
    if (kept_free > 0) {  // long names of question and key together may need more than 512
        size_max = std::max(size_max, query.question.size() + kept_free + kSignedAnswerRoom);
    }
    dns::MessageWriter writer{answer, size_max, query};
    dns::Cookie cookie;
    if (query.edns) {
        writer.set_opt(
            opt_reply(*query.edns, around.client, around.site.settings, around.now, cookie));
    }
    if (kept_free > 0) {
        writer.keep_free(kept_free);
    }
    pending.facts = {AnswerKind::ZoneData};
    if (pending.error) {
        pending.facts.kind = AnswerKind::ServerInfo;
        writer.set_rcode(rcode_of(pending, around.client, around.site.settings, around.now));
    } else if (signature != nullptr && signature->finding == tsig::Finding::Malformed) {
        writer.set_rcode(Rcode::FormErr);
    } else if (signature != nullptr && !signature->is_good()) {
        writer.set_rcode(Rcode::NotAuth);  // RFC 8945 §5.2
    } else {
        Exchange exchange{pending,          query,
                          around.client,    signature == nullptr ? nullptr : signature->signer(),
                          pending.incident, pending.facts,
                          pending.told_own, around.site,
                          around.judge,     around.has_snapshot,
                          around.now,       writer};
        answer_question(exchange);
    }
    if (writer.rcode() != Rcode::NoError) {
        pending.facts.kind = kind_of(writer.rcode());
    }
    if (is_udp && writer.has_overflowed()) {
        writer.truncate();
        pending.facts.kind = AnswerKind::Truncated;
        pending.told_own = ToldOwn::No;
    }
    return writer.finish();
}

std::size_t write_signed_answer(PendingQuery& pending, const Surroundings& around,
                                std::span<std::uint8_t> answer) noexcept {
    Signature signature;
    check_signature(pending, around.site, around.now, signature);
    pending.incident = incident_of(signature.finding);
    // A record that signs nothing may have a name of any length: it goes out where it has room.
    const bool is_nobodys =
        signature.finding == tsig::Finding::BadKey || signature.finding == tsig::Finding::BadSig;
    if (is_nobodys &&
        pending.query.question.size() + answer_signature_size(signature) + kSignedAnswerRoom >
            size_max_of(pending.query, around)) {
        signature.has_room = false;
    }
    const std::size_t size = write_answer(pending, around, &signature, answer);
    if (answer_signature_size(signature) == 0) {
        return size;
    }
    tsig::AnswerSigner signer{signature.record, signature.key, signature.finding};
    return signer.sign(answer, size, around.now);
}

}  // namespace

void read_query(std::span<const std::uint8_t> packet, const Site::Prepared& site,
                PendingQuery& pending) noexcept {
    pending.packet = packet;
    pending.incident = Incident::None;
    pending.told_own = ToldOwn::No;
    pending.error.reset();
    pending.zone = nullptr;
    pending.key = KeyKind::None;
    pending.partner = nullptr;
    pending.subject_labels = 0;
    pending.reading.clear();
    pending.location = {};
    dns::Query& query = pending.query;
    if (const auto parsed = dns::parse_query(packet, query); !parsed) {
        pending.error = parsed.error();
        return;
    }
    pending.zone = site.find_zone(query.name);
    if (pending.zone == nullptr) {
        return;
    }
    pending.subject_labels = query.name.label_count() - pending.zone->origin_labels;
    if (pending.zone->keys != nullptr && pending.subject_labels > 0) {
        read_key(pending);
    }
    if (pending.subject_labels > 0) {
        pending.reading.read(query.name, pending.subject_labels);
    }
}

void announce_address(const PendingQuery& pending, const verdict::Judge& judge) noexcept {
    if (pending.reading.ipv4) {
        judge.announce(*pending.reading.ipv4);
    }
}

void approach_address(const PendingQuery& pending, verdict::Judge& judge) noexcept {
    if (pending.reading.ipv4) {
        judge.approach(*pending.reading.ipv4);
    } else if (pending.reading.ipv6) {
        judge.approach(*pending.reading.ipv6);
    }
}

void locate_address(PendingQuery& pending, verdict::Judge& judge, UnixTime now) noexcept {
    if (pending.reading.ipv4) {
        pending.location = judge.locate(*pending.reading.ipv4, now);
    } else if (pending.reading.ipv6) {
        pending.location = judge.locate(*pending.reading.ipv6, now);
    }
}

std::size_t answer_query(PendingQuery& pending, const Client& client, const Site::Prepared& site,
                         verdict::Judge& judge, bool has_snapshot, UnixTime now,
                         std::span<std::uint8_t> answer) noexcept {
    if (!gets_answer(pending)) {
        pending.facts.kind = AnswerKind::Ignored;
        return 0;
    }
    const Surroundings around{client, site, judge, has_snapshot, now};
    if (pending.query.tsig_begin == 0 || pending.error) {
        return write_answer(pending, around, nullptr, answer);
    }
    return write_signed_answer(pending, around, answer);
}

bool gets_answer(const PendingQuery& pending) noexcept {
    return pending.error != QueryError::TooShort && pending.error != QueryError::IsAnswer;
}

bool shows_good_cookie(const PendingQuery& pending, const Client& client,
                       const Site::Prepared& site, UnixTime now) noexcept {
    if (!pending.query.edns || pending.query.edns->cookie.empty()) {
        return false;
    }
    const auto state = dns::judge_cookie(pending.query.edns->cookie, client.address,
                                         site.settings.cookie_secrets, now);
    return state == dns::CookieState::Good || state == dns::CookieState::GoodButOld;
}

std::size_t answer_in_brief(const PendingQuery& pending, const Client& client,
                            const Site::Prepared& site, UnixTime now,
                            std::span<std::uint8_t> answer) noexcept {
    if (!gets_answer(pending)) {
        return 0;
    }
    const dns::Query& query = pending.query;
    dns::MessageWriter writer{answer, udp_size_max(query, site.settings), query};
    dns::Cookie cookie;
    if (query.edns) {
        writer.set_opt(opt_reply(*query.edns, client, site.settings, now, cookie));
    }
    if (query.edns && !query.edns->cookie.empty()) {
        writer.set_rcode(Rcode::BadCookie);  // RFC 7873 §5.2.3: it comes back with the new cookie
    } else {
        writer.truncate();
    }
    return writer.finish();
}

std::size_t respond(std::span<const std::uint8_t> packet, const Client& client, const Site& site,
                    verdict::Judge& judge, bool has_snapshot, UnixTime now,
                    std::span<std::uint8_t> answer) noexcept {
    PendingQuery pending;
    read_query(packet, site.prepared(), pending);
    if (has_snapshot) {
        locate_address(pending, judge, now);
    }
    return answer_query(pending, client, site.prepared(), judge, has_snapshot, now, answer);
}

}  // namespace ostrakon::responder
