#include "support/answer_rules.hpp"

#include "support/ldns_message.hpp"

#include "ostrakon/dns/query.hpp"

#include <algorithm>

namespace ostrakon::test {
namespace {

using View = std::span<const std::uint8_t>;

constexpr std::size_t kTcpSizeMax = 65535;
constexpr unsigned kOpcodeMask = 0x78;
constexpr unsigned kTruncated = 0x02;

bool is_answer(View message) {
    return (message[2] & 0x80) != 0;
}

std::size_t size_max(const dns::Query& query, const AnswerTerms& terms) {
    if (terms.over_tcp) {
        return kTcpSizeMax;
    }
    if (!query.edns) {
        return dns::kUdpSizeWithoutEdns;
    }
    const auto client = std::max<std::size_t>(query.edns->payload_bytes, dns::kUdpSizeWithoutEdns);
    return std::min(client, std::max(terms.udp_payload_bytes, dns::kUdpSizeWithoutEdns));
}

// Bit for bit, or none where none could be read.
bool has_question_of(View answer, View question) {
    const std::size_t count = static_cast<std::size_t>(answer[4] << 8 | answer[5]);
    if (question.empty()) {
        return count == 0;
    }
    const View rest = answer.subspan(dns::kHeaderSize);
    return count == 1 && rest.size() >= question.size() &&
           std::equal(question.begin(), question.end(), rest.begin());
}

}  // namespace

bool gets_answer(View packet) {
    return packet.size() >= dns::kHeaderSize && !is_answer(packet);
}

std::string broken_rule(View packet, View answer, const AnswerTerms& terms) {
    if (!gets_answer(packet)) {
        return answer.empty() ? "" : "answered what gets no answer";
    }
    if (answer.empty()) {
        return "not answered";
    }
    if (answer.size() < dns::kHeaderSize || !is_answer(answer)) {
        return "not an answer";
    }
    if (answer[0] != packet[0] || answer[1] != packet[1]) {
        return "another id";
    }
    if ((answer[2] & kOpcodeMask) != (packet[2] & kOpcodeMask)) {
        return "another opcode";
    }
    if (terms.over_tcp && (answer[2] & kTruncated) != 0) {
        return "truncated over TCP";
    }
    dns::Query query;
    static_cast<void>(dns::parse_query(packet, query));  // what it read up to a mistake counts
    if (answer.size() > size_max(query, terms)) {
        return "larger than allowed";
    }
    if (!has_question_of(answer, query.question)) {
        return "another question";
    }
    const auto message = read_by_ldns(answer);
    if (!message) {
        return "not readable by ldns";
    }
    // ldns takes an OPT with a payload of 0 for none; a server has no reason to send one.
    return message->opt.has_value() == query.edns.has_value() ? "" : "an OPT too many or too few";
}

}  // namespace ostrakon::test
