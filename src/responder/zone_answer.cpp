#include "ostrakon/responder/zone_answer.hpp"

#include "ostrakon/dns/reversed_address.hpp"
#include "ostrakon/responder/look_up.hpp"
#include "ostrakon/responder/query_text.hpp"
#include "ostrakon/responder/records.hpp"

namespace ostrakon::responder {
namespace {

using dns::RecordType;

// Without a snapshot nobody knows what is listed, nor the serial; "no such name" would be a lie
// that resolvers keep.
void answer_no_snapshot(Exchange& exchange) noexcept {
    exchange.writer.set_rcode(dns::Rcode::ServFail);
    exchange.writer.set_error(dns::ExtendedError::NotReady);
}

void answer_negative(Exchange& exchange, const PreparedZone& zone, dns::Rcode rcode) noexcept {
    if (!exchange.has_snapshot) {
        answer_no_snapshot(exchange);
        return;
    }
    exchange.facts.kind = AnswerKind::NoData;  // or what the rcode says
    exchange.writer.set_authoritative();
    exchange.writer.set_rcode(rcode);
    write_soa(exchange, zone, dns::Section::Authority,
              zone.is_retired(exchange.now) ? kRetiredNegativeTtlSeconds : zone.negative_soa_ttl_s);
}

void answer_apex(Exchange& exchange, const PreparedZone& zone) noexcept {
    const RecordType type = exchange.query.type;
    if (type == RecordType::Soa || type == RecordType::Any) {
        answer_apex_soa(exchange, zone);
    } else if (type == RecordType::Ns) {
        exchange.writer.set_authoritative();
        write_name_servers(exchange, zone);
    } else if (zone.apex != nullptr && write_addresses(exchange, *zone.apex)) {
        exchange.writer.set_authoritative();
    } else {
        answer_no_data(exchange, zone);
    }
}

bool wants_codes(RecordType type) noexcept {
    return type == RecordType::A || type == RecordType::Any;
}

void answer_test_point(Exchange& exchange, const PreparedZone& zone, net::Ipv4 code) noexcept {
    exchange.facts.kind = AnswerKind::TestPoint;
    if (wants_codes(exchange.query.type)) {
        exchange.writer.set_authoritative();
        write_codes(exchange, std::span{&code, 1}, zone.zone->ttl_s);
    } else if (exchange.query.type == RecordType::Txt) {
        exchange.writer.set_authoritative();
        write_text(exchange, zone.test_points.text, zone.zone->ttl_s);
    } else {
        answer_no_data(exchange, zone);
    }
}

void note_told(Exchange& exchange, const Found& found) noexcept {
    if (found.verdict->is_own) {
        exchange.told_own = std::holds_alternative<verdict::NameKey>(found.subject)
                                ? ToldOwn::Name
                                : ToldOwn::Address;
    }
}

void answer_listed(Exchange& exchange, const PreparedZone& zone, const Found& found) noexcept {
    const verdict::Verdict& verdict = *found.verdict;
    exchange.facts = {AnswerKind::Listed, verdict.mix};
    if (wants_codes(exchange.query.type)) {
        note_told(exchange, found);
        exchange.writer.set_authoritative();
        write_codes(exchange, std::span{verdict.codes}.first(verdict.code_count), verdict.ttl_s);
        return;
    }
    if (exchange.query.type == RecordType::Txt) {
        const QueryText query{found.subject,
                              exchange.query.name.first(exchange.asked.subject_labels)};
        const auto texts =
            exchange.judge.texts(zone.number, found.subject, query.view(), exchange.now);
        if (!texts.empty()) {
            note_told(exchange, found);
            exchange.writer.set_authoritative();
            for (const std::string_view text : texts) {
                write_text(exchange, text, verdict.ttl_s);
            }
            return;
        }
    }
    answer_no_data(exchange, zone);
}

// A valid key alone is on the way to something and nothing else. NS or SOA records here would make
// a resolver take it for a zone of its own, and then the SOA of negative answers for a stranger's.
bool is_only_key(const PendingQuery& asked) noexcept {
    return asked.subject_labels == 0;
}

// No address is asked about below a name, so that what stands there can only be a mistyped key.
bool is_address_below_unknown_key(const PendingQuery& asked) noexcept {
    return asked.key == KeyKind::Unknown && asked.subject_labels > 1 &&
           dns::is_address_label(asked.query.name.label(asked.subject_labels - 2));
}

// Whoever mistypes a key must not be told "not listed" for ever.
void refuse_unknown_key(Exchange& exchange) noexcept {
    exchange.writer.set_rcode(dns::Rcode::Refused);
    exchange.writer.set_error(dns::ExtendedError::Prohibited);
}

// No top-level domain has the shape of a key, so that a name below one that is not listed is rather
// a name behind a mistyped key. The label alone may be what a client calls itself; and it is asked
// about by resolvers on their way, which an NXDOMAIN would end.
void answer_unknown_key(Exchange& exchange, const PreparedZone& zone, bool has_below) noexcept {
    if (exchange.asked.subject_labels == 1 || has_below) {
        answer_no_data(exchange, zone);
    } else {
        refuse_unknown_key(exchange);
    }
}

}  // namespace

void answer_apex_soa(Exchange& exchange, const PreparedZone& zone) noexcept {
    if (!exchange.has_snapshot) {
        answer_no_snapshot(exchange);
        return;
    }
    exchange.writer.set_authoritative();
    write_soa(exchange, zone, dns::Section::Answer, zone.zone->ns_ttl_s);
}

void answer_catalog(Exchange& exchange, const PreparedZone& catalog) noexcept {
    answer_apex(exchange, catalog);
}

void answer_no_data(Exchange& exchange, const PreparedZone& zone) noexcept {
    answer_negative(exchange, zone, dns::Rcode::NoError);
}

void answer_in_zone(Exchange& exchange, const PreparedZone& zone) noexcept {
    if (exchange.query.name.label_count() == zone.origin_labels) {
        answer_apex(exchange, zone);
        return;
    }
    const Node* const node =
        exchange.site.find_node(zone, exchange.query.name, exchange.asked.subject_labels);
    if (node != nullptr && node->has_addresses()) {
        if (write_addresses(exchange, *node)) {
            exchange.writer.set_authoritative();
        } else {
            answer_no_data(exchange, zone);
        }
        return;
    }
    // What lies on the way to an [a] name or to a nested zone exists.
    const dns::Rcode if_absent = node != nullptr ? dns::Rcode::NoError : dns::Rcode::NxDomain;
    if (zone.is_retired(exchange.now)) {
        answer_negative(exchange, zone, if_absent);
        return;
    }
    if (is_only_key(exchange.asked)) {
        answer_no_data(exchange, zone);
        return;
    }
    if (is_address_below_unknown_key(exchange.asked)) {
        refuse_unknown_key(exchange);
        return;
    }
    if (!exchange.has_snapshot) {
        answer_no_snapshot(exchange);
        return;
    }
    Found found;
    look_up(exchange, zone, found);
    if (!exchange.judge.is_sound()) {
        answer_no_snapshot(exchange);
        return;
    }
    if (exchange.asked.key == KeyKind::Unknown && found.finding != Finding::Listed) {
        answer_unknown_key(exchange, zone, node != nullptr || found.has_below);
        return;
    }
    switch (found.finding) {
        case Finding::Listed:
            return answer_listed(exchange, zone, found);
        case Finding::TestAddress:
            return answer_test_point(exchange, zone, zone.test_points.address_code);
        case Finding::TestName:
            return answer_test_point(exchange, zone, zone.test_points.name_code);
        case Finding::Exists:
            return answer_no_data(exchange, zone);
        case Finding::Absent:
            return answer_negative(exchange, zone, if_absent);
    }
}

}  // namespace ostrakon::responder
