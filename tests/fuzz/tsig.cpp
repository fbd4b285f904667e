// Property: the TSIG of any message is read without a look outside it, is what ldns reads, and is
// believed only where it was made with the key; what answers it has room and can be read.
#include "target.hpp"

#include "ostrakon/dns/query.hpp"
#include "ostrakon/tsig/answering.hpp"
#include "ostrakon/tsig/asking.hpp"

#include <ldns/ldns.h>

#include <algorithm>
#include <array>
#include <memory>

namespace {

using namespace ostrakon;
using fuzz::require;

constexpr std::size_t kAnswerRoom = 1024;

const tsig::Key& key() {
    static const tsig::Key made{*tsig::key_name("partner"), tsig::Algorithm::Sha256, "secret"};
    return made;
}

void check_against_ldns(tsig::Bytes message, const tsig::Record& record) {
    ldns_pkt* raw = nullptr;
    if (ldns_wire2pkt(&raw, message.data(), message.size()) != LDNS_STATUS_OK) {
        return;
    }
    const std::unique_ptr<ldns_pkt, decltype(&ldns_pkt_free)> packet{raw, &ldns_pkt_free};
    const ldns_rr* const other = ldns_pkt_tsig(packet.get());
    require(other != nullptr, "ldns sees the TSIG, too");
    const ldns_rdf* const owner = ldns_rr_owner(other);
    const std::string_view name = record.name.view();
    require(std::equal(name.begin(), name.end(), ldns_rdf_data(owner),
                       ldns_rdf_data(owner) + ldns_rdf_size(owner),
                       [](char one, std::uint8_t two) {
                           return static_cast<std::uint8_t>(one) == dns::lower(two);
                       }),
            "the name of the key");
}

void check_answer(const tsig::Record& record, tsig::Finding finding) {
    std::array<std::uint8_t, dns::kHeaderSize + kAnswerRoom> buffer{};
    const tsig::Key* const known = finding == tsig::Finding::BadKey ? nullptr : &key();
    tsig::AnswerSigner signer{record, known, finding};
    const std::size_t size = signer.sign(buffer, dns::kHeaderSize, UnixTime{1});
    require(size <= dns::kHeaderSize + tsig::answer_record_size(record, known),
            "the room that was asked for");
    const auto begin = tsig::find_record(tsig::Bytes{buffer}.first(size));
    tsig::Record again;
    require(begin && tsig::read_record(tsig::Bytes{buffer}.first(size), *begin, again),
            "an answer's record");
    require(again.name.view() == record.name.view() &&
                again.algorithm.view() == record.algorithm.view(),
            "an answer has the request's names");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    const tsig::Bytes message{bytes, size};
    const auto begin = tsig::find_record(message);
    dns::Query query;
    const bool is_query = dns::parse_query(message, query).has_value();
    if (begin && is_query) {
        require(*begin == query.tsig_begin, "both readers find the same record");
    }
    tsig::Record record;
    if (!begin || *begin == 0 || !tsig::read_record(message, *begin, record)) {
        return 0;
    }
    require(record.name.size >= 1 && record.algorithm.size >= 1, "names end");
    check_against_ldns(message, record);
    const auto finding = tsig::verify_request(message, record, &key(),
                                              UnixTime{static_cast<std::int64_t>(record.time)});
    if (finding != tsig::Finding::Malformed) {
        check_answer(record, finding);
    }
    tsig::Session session{key()};
    std::vector<std::uint8_t> question(dns::kHeaderSize);
    session.sign(question, UnixTime{1});
    require(session.take(message, &record, UnixTime{1}) != tsig::Doubt::None,
            "nobody who has not seen the question can sign its answer");
    return 0;
}
