#include "ostrakon/compare/messages.hpp"

#include "ostrakon/dns/wire.hpp"
#include "ostrakon/ldns/library.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

namespace ostrakon::compare {
namespace {

constexpr std::uint16_t kPayloadSize = 1232;
constexpr std::uint8_t kRecursionDesired = 0x01;
constexpr std::size_t kRecordsMax = 256;     // of one answer that are looked at
constexpr std::size_t kTextSizeMax = 16384;  // of one record that is kept

void append_u16(Bytes& bytes, std::uint16_t value) {
    bytes.resize(bytes.size() + 2);
    dns::store_u16(bytes.data() + bytes.size() - 2, value);
}

template <class T>
void make_distinct(std::vector<T>& values) {
    std::sort(values.begin(), values.end());
    values.erase(std::unique(values.begin(), values.end()), values.end());
}

}  // namespace

Bytes write_question(const Question& question, std::uint16_t id) {
    constexpr std::size_t kOptSize = 11;
    const std::string_view name = question.name.wire();
    Bytes bytes(dns::kHeaderSize, 0);
    bytes.reserve(dns::kHeaderSize + name.size() + 4 + kOptSize);
    dns::store_u16(bytes.data(), id);
    bytes[2] = kRecursionDesired;
    bytes[5] = 1;   // a question
    bytes[11] = 1;  // an additional record
    bytes.insert(bytes.end(), name.begin(), name.end());
    append_u16(bytes, static_cast<std::uint16_t>(question.type));
    append_u16(bytes, static_cast<std::uint16_t>(dns::RecordClass::In));
    bytes.push_back(0);  // the root owns the OPT record (RFC 6891 §6.1.2)
    append_u16(bytes, static_cast<std::uint16_t>(dns::RecordType::Opt));
    append_u16(bytes, kPayloadSize);
    bytes.resize(bytes.size() + 6, 0);  // extended rcode, version, flags, no options
    return bytes;
}

struct AnswerReader::State {
    ldns::Library ldns;

    std::span<const std::uint8_t> field(const ldns_rr* record, std::size_t position) const {
        const ldns_rdf* const found = ldns.rdf(record, position);
        if (found == nullptr || ldns.rdf_data(found) == nullptr) {
            return {};
        }
        return {ldns.rdf_data(found), ldns.rdf_size(found)};
    }
    // All strings of a TXT record, joined; each has its length before it.
    std::string text(const ldns_rr* record) const {
        std::string joined;
        for (std::size_t i = 0; i < ldns.rdf_count(record) && joined.size() < kTextSizeMax; ++i) {
            if (const auto bytes = field(record, i); bytes.size() > 1) {
                joined += dns::as_text(bytes.subspan(1));
            }
        }
        joined.resize(std::min(joined.size(), kTextSizeMax));
        return joined;
    }
    void keep(const ldns_rr* record, const Question& question, Answer& answer) const {
        if (static_cast<unsigned>(ldns.type(record)) != static_cast<unsigned>(question.type)) {
            return;
        }
        answer.has_records = true;
        if (question.type == dns::RecordType::Txt) {
            answer.texts.push_back(text(record));
        } else if (const auto bytes = field(record, 0);
                   question.type == dns::RecordType::A && bytes.size() == 4) {
            answer.codes.push_back(net::Ipv4{std::uint32_t{dns::load_u16(bytes.data())} << 16 |
                                             dns::load_u16(bytes.data() + 2)});
        }
    }
};

AnswerReader::AnswerReader(std::unique_ptr<const State> state) : state_(std::move(state)) {}
AnswerReader::AnswerReader(AnswerReader&&) noexcept = default;
AnswerReader& AnswerReader::operator=(AnswerReader&&) noexcept = default;
AnswerReader::~AnswerReader() = default;

Result<AnswerReader> AnswerReader::open() {
    auto library = ldns::load_library();
    if (!library) {
        return Unexpected{std::move(library.error())};
    }
    return AnswerReader{std::make_unique<const State>(State{*library})};
}

Answer AnswerReader::read(std::span<const std::uint8_t> bytes, const Question& question) const {
    const ldns::Library& ldns = state_->ldns;
    Answer answer;
    ldns_pkt* raw = nullptr;
    if (bytes.empty() || ldns.from_wire(&raw, bytes.data(), bytes.size()) != LDNS_STATUS_OK) {
        return answer;
    }
    const std::unique_ptr<ldns_pkt, decltype(ldns.packet_free)> packet{raw, ldns.packet_free};
    answer.is_there = true;
    answer.rcode = static_cast<std::uint16_t>(ldns.rcode(raw));
    const ldns_rr_list* const records = ldns.answer(raw);
    const std::size_t count = std::min(ldns.count(records), kRecordsMax);
    for (std::size_t i = 0; i < count; ++i) {
        state_->keep(ldns.record(records, i), question, answer);
    }
    make_distinct(answer.codes);
    make_distinct(answer.texts);
    return answer;
}

}  // namespace ostrakon::compare
