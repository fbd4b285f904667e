#include "support/ldns_message.hpp"

#include <ldns/ldns.h>
#include <algorithm>
#include <cstdlib>
#include <memory>

namespace ostrakon::test {
namespace {

using Packet = std::unique_ptr<ldns_pkt, decltype(&ldns_pkt_free)>;
using OwnedText = std::unique_ptr<char, decltype(&std::free)>;

bool push(ldns_pkt* packet, ldns_pkt_section section, const std::vector<std::string>& records) {
    return std::all_of(records.begin(), records.end(), [&](const std::string& text) {
        ldns_rr* record = nullptr;
        return ldns_rr_new_frm_str(&record, text.c_str(), 0, nullptr, nullptr) == LDNS_STATUS_OK &&
               ldns_pkt_push_rr(packet, section, record);
    });
}

// ldns separates the fields by tabs.
std::string single_blanks(const char* text) {
    std::string result{text == nullptr ? "" : text};
    std::replace(result.begin(), result.end(), '\t', ' ');
    while (!result.empty() && (result.back() == '\n' || result.back() == ' ')) {
        result.pop_back();
    }
    return result;
}

std::vector<std::string> texts(const ldns_rr_list* records) {
    std::vector<std::string> result;
    for (std::size_t i = 0; i < ldns_rr_list_rr_count(records); ++i) {
        const OwnedText text{ldns_rr2str(ldns_rr_list_rr(records, i)), &std::free};
        result.push_back(single_blanks(text.get()));
    }
    return result;
}

Bytes bytes_of(const ldns_rdf* data) {
    const std::uint8_t* const start = ldns_rdf_data(data);
    return {start, start + ldns_rdf_size(data)};
}

}  // namespace

Bytes write_by_ldns(const MessageText& message) {
    const Packet packet{ldns_pkt_new(), &ldns_pkt_free};
    ldns_pkt* const raw = packet.get();
    ldns_pkt_set_id(raw, message.id);
    ldns_pkt_set_qr(raw, true);
    ldns_pkt_set_rcode(raw, message.rcode);
    ldns_pkt_set_aa(raw, message.authoritative);
    ldns_pkt_set_tc(raw, message.truncated);
    ldns_pkt_set_rd(raw, message.recursion_desired);
    ldns_pkt_set_ra(raw, message.recursion_available);
    ldns_pkt_set_ad(raw, message.authentic_data);
    ldns_pkt_set_cd(raw, message.checking_disabled);
    if (!message.question.empty()) {
        ldns_rr* question = nullptr;
        if (ldns_rr_new_question_frm_str(&question, message.question.c_str(), nullptr, nullptr) !=
                LDNS_STATUS_OK ||
            !ldns_pkt_push_rr(raw, LDNS_SECTION_QUESTION, question)) {
            return {};
        }
    }
    if (!push(raw, LDNS_SECTION_ANSWER, message.answer) ||
        !push(raw, LDNS_SECTION_AUTHORITY, message.authority) ||
        !push(raw, LDNS_SECTION_ADDITIONAL, message.additional)) {
        return {};
    }
    if (message.opt) {
        ldns_pkt_set_edns_udp_size(raw, message.opt->payload_bytes);
        ldns_pkt_set_edns_do(raw, message.opt->dnssec_ok);
        ldns_pkt_set_edns_extended_rcode(raw, message.opt->extended_rcode);
        if (!message.opt->options.empty()) {
            ldns_pkt_set_edns_data(
                raw, ldns_rdf_new_frm_data(LDNS_RDF_TYPE_UNKNOWN, message.opt->options.size(),
                                           message.opt->options.data()));
        }
    }
    std::uint8_t* wire = nullptr;
    std::size_t size = 0;
    if (ldns_pkt2wire(&wire, raw, &size) != LDNS_STATUS_OK) {
        return {};
    }
    const std::unique_ptr<std::uint8_t, decltype(&std::free)> owner{wire, &std::free};
    return {wire, wire + size};
}

std::optional<MessageText> read_by_ldns(std::span<const std::uint8_t> bytes) {
    ldns_pkt* raw = nullptr;
    if (bytes.empty() || ldns_wire2pkt(&raw, bytes.data(), bytes.size()) != LDNS_STATUS_OK) {
        return std::nullopt;
    }
    const Packet packet{raw, &ldns_pkt_free};
    if (!ldns_pkt_qr(raw)) {
        return std::nullopt;
    }
    MessageText message{.id = ldns_pkt_id(raw),
                        .rcode = static_cast<std::uint8_t>(ldns_pkt_get_rcode(raw)),
                        .authoritative = ldns_pkt_aa(raw),
                        .truncated = ldns_pkt_tc(raw),
                        .recursion_desired = ldns_pkt_rd(raw),
                        .recursion_available = ldns_pkt_ra(raw),
                        .authentic_data = ldns_pkt_ad(raw),
                        .checking_disabled = ldns_pkt_cd(raw)};
    const std::vector<std::string> questions = texts(ldns_pkt_question(raw));
    message.question = questions.empty() ? "" : questions.front();
    message.answer = texts(ldns_pkt_answer(raw));
    message.authority = texts(ldns_pkt_authority(raw));
    message.additional = texts(ldns_pkt_additional(raw));
    if (ldns_pkt_edns(raw)) {
        message.opt = OptText{.payload_bytes = ldns_pkt_edns_udp_size(raw),
                              .dnssec_ok = ldns_pkt_edns_do(raw),
                              .extended_rcode = ldns_pkt_edns_extended_rcode(raw)};
        if (const ldns_rdf* const data = ldns_pkt_edns_data(raw)) {
            message.opt->options = bytes_of(data);
        }
    }
    return message;
}

}  // namespace ostrakon::test
