// Property: a packet is read as a query without a look outside it, and what is read stands in it.
//
// Where ldns can read the packet too, both see the same question and the same OPT.
#include "target.hpp"

#include "ostrakon/dns/query.hpp"
#include "ostrakon/dns/wire.hpp"

#include <ldns/ldns.h>

#include <algorithm>
#include <memory>
#include <span>

namespace {

using namespace ostrakon;
using fuzz::require;

using Bytes = std::span<const std::uint8_t>;
using Packet = std::unique_ptr<ldns_pkt, decltype(&ldns_pkt_free)>;

Packet read_by_ldns(Bytes packet) {
    ldns_pkt* raw = nullptr;
    if (ldns_wire2pkt(&raw, packet.data(), packet.size()) != LDNS_STATUS_OK) {
        raw = nullptr;
    }
    return {raw, &ldns_pkt_free};
}

bool is_equal(Bytes one, Bytes other) {
    return std::equal(one.begin(), one.end(), other.begin(), other.end());
}

// The key is made of the labels from the right, lower-cased.
void check_name(const dns::QuestionName& name) {
    dns::KeyBuffer buffer;
    const std::string_view key = name.write_key(name.label_count(), buffer);
    const auto is_lower = [](std::string_view lowered, std::string_view text) {
        return std::equal(lowered.begin(), lowered.end(), text.begin(), text.end(),
                          [](char one, char other) {
                              return static_cast<std::uint8_t>(one) ==
                                     dns::lower(static_cast<std::uint8_t>(other));
                          });
    };
    require(is_lower(name.lower_wire(), name.wire()), "the name in lower case");
    std::size_t at = key.size();
    for (std::size_t i = 0; i < name.label_count(); ++i) {
        const std::string_view label = name.label(i);
        require(!label.empty() && label.size() <= dns::kLabelSizeMax, "a label's size");
        require(name.label_at(name.label_start(i)) == i, "where a label starts");
        at -= label.size() + 1;
        require(static_cast<std::uint8_t>(key[at]) == label.size(), "a label of the key");
        require(is_lower(key.substr(at + 1, label.size()), label), "the key in lower case");
    }
    require(at == 0, "all labels are in the key");
}

void check_question(Bytes packet, const dns::Query& query) {
    if (query.question.empty()) {
        return;
    }
    const auto* const wire = reinterpret_cast<const std::uint8_t*>(query.name.wire().data());
    const std::size_t name_size = query.name.wire().size();
    require(query.question.data() == packet.data() + dns::kHeaderSize &&
                query.question.size() == name_size + 4 &&
                query.question.size() <= packet.size() - dns::kHeaderSize &&
                wire == query.question.data() && name_size <= dns::kNameSizeMax,
            "the question stands behind the header");
    require(
        static_cast<std::uint16_t>(query.type) == dns::load_u16(wire + name_size) &&
            static_cast<std::uint16_t>(query.record_class) == dns::load_u16(wire + name_size + 2),
        "type and class of the question");
    check_name(query.name);
}

void check_against_ldns(Bytes packet, const dns::Query& query) {
    const Packet read = read_by_ldns(packet);
    if (!read || ldns_pkt_qdcount(read.get()) != 1) {
        return;
    }
    const ldns_rr* question = ldns_rr_list_rr(ldns_pkt_question(read.get()), 0);
    const ldns_rdf* owner = ldns_rr_owner(question);
    require(is_equal({ldns_rdf_data(owner), ldns_rdf_size(owner)},
                     query.question.first(query.name.wire().size())) &&
                static_cast<std::uint16_t>(query.type) == ldns_rr_get_type(question) &&
                static_cast<std::uint16_t>(query.record_class) == ldns_rr_get_class(question),
            "the question as ldns reads it");
    if (ldns_pkt_edns(read.get())) {
        require(query.edns && query.edns->payload_bytes == ldns_pkt_edns_udp_size(read.get()) &&
                    query.edns->version == ldns_pkt_edns_version(read.get()) &&
                    query.edns->dnssec_ok == ldns_pkt_edns_do(read.get()),
                "the OPT as ldns reads it");
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    const Bytes packet{bytes, size};
    dns::Query query;
    const auto parsed = dns::parse_query(packet, query);
    const bool is_short = size < dns::kHeaderSize;
    require(is_short == (!parsed && parsed.error() == dns::QueryError::TooShort),
            "too short is what has no header");
    if (is_short) {
        return 0;
    }
    const bool is_answer = (bytes[2] & 0x80) != 0;
    require(is_answer == (!parsed && parsed.error() == dns::QueryError::IsAnswer),
            "an answer is what has QR");
    require(query.id == dns::load_u16(bytes), "the id");
    check_question(packet, query);
    if (parsed) {
        require(!query.question.empty(), "a query has a question");
        check_against_ldns(packet, query);
    }
    return 0;
}
