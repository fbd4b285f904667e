#include "answer_reader.hpp"

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <optional>

namespace ostrakon::diagnose {
namespace {

constexpr std::uint16_t kUdpPayloadSize = 1232;
constexpr std::size_t kTextSizeMax = 16384;

struct PacketFree {
    decltype(&ldns_pkt_free) free;
    void operator()(ldns_pkt* packet) const { free(packet); }
};
using Packet = std::unique_ptr<ldns_pkt, PacketFree>;

// A record of the answer, as far as it is used.
class RecordReader {
public:
    RecordReader(const ldns::Library& ldns, const ldns_rr* record) : ldns_(ldns), record_(record) {}

    bool is_of(const dns::Name& owner, RecordType type) const {
        return static_cast<unsigned>(ldns_.type(record_)) == static_cast<unsigned>(type) &&
               ldns_.record_class(record_) == LDNS_RR_CLASS_IN &&
               name_in(ldns_.owner(record_)) == owner;
    }
    std::optional<dns::Name> name_at(std::size_t position) const {
        return position < ldns_.rdf_count(record_) ? name_in(ldns_.rdf(record_, position))
                                                   : std::nullopt;
    }
    std::span<const std::uint8_t> bytes_at(std::size_t position) const {
        if (position >= ldns_.rdf_count(record_)) {
            return {};
        }
        const ldns_rdf* const field = ldns_.rdf(record_, position);
        return {ldns_.rdf_data(field), ldns_.rdf_size(field)};
    }
    // All strings of a TXT record, joined (RFC 7208 §3.3); each has its length before it.
    std::string text() const {
        std::string joined;
        for (std::size_t at = 0; at < ldns_.rdf_count(record_); ++at) {
            const auto bytes = bytes_at(at);
            if (bytes.size() > 1 && joined.size() < kTextSizeMax) {
                joined.append(reinterpret_cast<const char*>(bytes.data()) + 1, bytes.size() - 1);
            }
        }
        joined.resize(std::min(joined.size(), kTextSizeMax));
        return joined;
    }

private:
    std::optional<dns::Name> name_in(const ldns_rdf* field) const {
        if (field == nullptr) {
            return std::nullopt;
        }
        const std::span<const std::uint8_t> wire{ldns_.rdf_data(field), ldns_.rdf_size(field)};
        std::vector<std::string> labels;
        for (std::size_t at = 0; at < wire.size() && wire[at] != 0;) {
            const std::size_t size = wire[at];
            if (size > dns::kLabelSizeMax || at + 1 + size > wire.size()) {
                return std::nullopt;
            }
            labels.emplace_back(reinterpret_cast<const char*>(wire.data()) + at + 1, size);
            at += size + 1;
        }
        auto name = dns::Name::from_labels(labels);
        return name ? std::optional{std::move(*name)} : std::nullopt;
    }

    const ldns::Library& ldns_;
    const ldns_rr* record_;
};

void keep_record(const RecordReader& record, RecordType type, Answer& answer) {
    const auto bytes = record.bytes_at(0);
    switch (type) {
        case RecordType::A:
            if (bytes.size() == 4) {
                answer.addresses.emplace_back(net::Ipv4{std::uint32_t{bytes[0]} << 24 |
                                                        std::uint32_t{bytes[1]} << 16 |
                                                        std::uint32_t{bytes[2]} << 8 | bytes[3]});
            }
            break;
        case RecordType::Aaaa:
            if (bytes.size() == 16) {
                answer.addresses.emplace_back(net::ipv6_from_bytes(bytes.data()));
            }
            break;
        case RecordType::Mx:
            if (auto host = record.name_at(1); host && bytes.size() == 2) {
                answer.exchanges.push_back(
                    {static_cast<std::uint16_t>(bytes[0] << 8 | bytes[1]), std::move(*host)});
            }
            break;
        case RecordType::Txt:
            answer.texts.push_back(record.text());
            break;
        case RecordType::Ptr:
        case RecordType::Cname:
            if (auto name = record.name_at(0)) {
                answer.names.push_back(std::move(*name));
            }
            break;
    }
}

std::size_t count_of(const Answer& answer) {
    return answer.addresses.size() + answer.names.size() + answer.exchanges.size() +
           answer.texts.size();
}

// The records of the answer that are about `owner`; what a CNAME says of it, or nothing.
std::optional<dns::Name> keep_records(const ldns::Library& ldns, const ldns_rr_list* records,
                                      const dns::Name& owner, RecordType type, Answer& answer) {
    std::optional<dns::Name> alias;
    for (std::size_t i = 0; i < ldns.count(records); ++i) {
        const RecordReader record{ldns, ldns.record(records, i)};
        if (record.is_of(owner, type) && count_of(answer) < Answer::kRecordsMax) {
            keep_record(record, type, answer);
        } else if (!alias && record.is_of(owner, RecordType::Cname)) {
            alias = record.name_at(0);
        }
    }
    return alias;
}

std::string rcode_name(ldns_pkt_rcode rcode) {
    switch (rcode) {
        case LDNS_RCODE_SERVFAIL:
            return "SERVFAIL";
        case LDNS_RCODE_REFUSED:
            return "REFUSED";
        case LDNS_RCODE_FORMERR:
            return "FORMERR";
        case LDNS_RCODE_NOTIMPL:
            return "NOTIMP";
        default:
            return "error " + std::to_string(static_cast<unsigned>(rcode));
    }
}

}  // namespace

Bytes write_query(const ldns::Library& ldns, const dns::Name& name, RecordType type,
                  std::uint16_t id) {
    const std::string_view wire = name.wire();
    ldns_rdf* const owner = ldns.name_new(static_cast<std::uint16_t>(wire.size()),
                                          wire.data());  // becomes the packet's
    if (owner == nullptr) {
        return {};
    }
    const Packet packet{
        ldns.query_new(owner, static_cast<ldns_rr_type>(type), LDNS_RR_CLASS_IN, LDNS_RD),
        {ldns.packet_free}};
    if (!packet) {
        return {};
    }
    ldns.set_id(packet.get(), id);
    ldns.set_udp_size(packet.get(), kUdpPayloadSize);
    std::uint8_t* bytes = nullptr;
    std::size_t size = 0;
    if (ldns.to_wire(&bytes, packet.get(), &size) != LDNS_STATUS_OK) {
        return {};
    }
    Bytes query{bytes, bytes + size};
    std::free(bytes);
    return query;
}

Answer read_answer(const ldns::Library& ldns, std::span<const std::uint8_t> bytes,
                   const dns::Name& name, RecordType type) {
    Answer answer;
    ldns_pkt* raw = nullptr;
    if (ldns.from_wire(&raw, bytes.data(), bytes.size()) != LDNS_STATUS_OK) {
        answer.why = "an answer that cannot be read";
        return answer;
    }
    const Packet packet{raw, {ldns.packet_free}};
    const ldns_pkt_rcode rcode = ldns.rcode(packet.get());
    if (rcode != LDNS_RCODE_NOERROR && rcode != LDNS_RCODE_NXDOMAIN) {
        answer.why = rcode_name(rcode);
        return answer;
    }
    dns::Name at = name;
    for (;;) {
        const auto alias = keep_records(ldns, ldns.answer(packet.get()), at, type, answer);
        if (count_of(answer) > 0) {
            answer.kind = Answer::Kind::Found;
            return answer;
        }
        if (!alias) {
            break;
        }
        if (answer.aliases.size() == Answer::kAliasesMax) {
            answer.why = "a chain of more than " + std::to_string(Answer::kAliasesMax) + " aliases";
            return answer;
        }
        answer.aliases.push_back(*alias);
        at = *alias;
    }
    answer.kind = rcode == LDNS_RCODE_NXDOMAIN ? Answer::Kind::NoName : Answer::Kind::NoRecords;
    return answer;
}

}  // namespace ostrakon::diagnose
