#include "ostrakon/dns/query.hpp"

#include "message_layout.hpp"
#include "ostrakon/dns/wire.hpp"

namespace ostrakon::dns {
namespace {

using Bytes = std::span<const std::uint8_t>;

// Takes the name of a record off the front; names of records may end in a pointer, which need not
// be followed.
bool skip_name(Bytes& rest) noexcept {
    std::size_t at = 0;
    while (at < rest.size() && at < kNameSizeMax) {
        const std::uint8_t length = rest[at];
        if (length == 0 || length >= kPointer >> 8) {
            const std::size_t end = at + (length == 0 ? 1 : 2);
            if (end > rest.size()) {
                return false;
            }
            rest = rest.subspan(end);
            return true;
        }
        if (length > kLabelSizeMax) {
            return false;
        }
        at += length + std::size_t{1};
    }
    return false;
}

bool read_options(Bytes data, Edns& edns) noexcept {
    while (!data.empty()) {
        if (data.size() < kOptionFixedSize) {
            return false;
        }
        const std::uint16_t code = load_u16(data.data());
        const std::size_t length = load_u16(data.data() + 2);
        if (length > data.size() - kOptionFixedSize) {
            return false;
        }
        edns.asks_nsid = edns.asks_nsid || code == kOptionNsid;
        data = data.subspan(kOptionFixedSize + length);
    }
    return true;
}

// Reads the record at the front of `rest` and takes it away.
Expected<void, QueryError> read_record(Bytes& rest, bool is_additional, Query& query,
                                       bool& is_tsig) noexcept {
    const bool is_root = !rest.empty() && rest.front() == 0;
    if (!skip_name(rest) || rest.size() < kRecordFixedSize) {
        return Unexpected{QueryError::BadRecord};
    }
    const Bytes fixed = rest.first(kRecordFixedSize);
    const std::size_t data_size = load_u16(&fixed[8]);
    if (data_size > rest.size() - kRecordFixedSize) {
        return Unexpected{QueryError::BadRecord};
    }
    const Bytes data = rest.subspan(kRecordFixedSize, data_size);
    rest = rest.subspan(kRecordFixedSize + data_size);
    const RecordType type{load_u16(fixed.data())};
    if (type != RecordType::Opt) {
        is_tsig = type == RecordType::Tsig;
        return {};
    }
    if (query.edns) {
        return Unexpected{QueryError::SecondOpt};
    }
    // The class is the payload size, the TTL holds extended rcode, version and flags (RFC 6891
    // §6.1.3).
    query.edns = Edns{.version = fixed[5],
                      .payload_bytes = load_u16(&fixed[2]),
                      .dnssec_ok = (load_u16(&fixed[6]) & kDnssecOk) != 0,
                      .asks_nsid = false};
    if (!is_root || !is_additional || !read_options(data, *query.edns)) {
        return Unexpected{QueryError::BadOpt};
    }
    return {};
}

}  // namespace

Expected<void, QueryError> parse_query(std::span<const std::uint8_t> packet,
                                       Query& query) noexcept {
    query.question = {};
    query.name.clear();
    query.edns.reset();
    query.tsig_begin = 0;
    if (packet.size() < kHeaderSize) {
        return Unexpected{QueryError::TooShort};
    }
    const std::uint16_t flags = load_u16(&packet[2]);
    query.id = load_u16(packet.data());
    query.opcode = static_cast<std::uint8_t>(flags >> kOpcodeShift & kOpcodeMask);
    query.recursion_desired = (flags & kRd) != 0;
    query.checking_disabled = (flags & kCd) != 0;
    if ((flags & kQr) != 0) {
        return Unexpected{QueryError::IsAnswer};
    }
    if (query.opcode != 0) {
        return Unexpected{QueryError::OtherOpcode};
    }
    if (load_u16(&packet[4]) != 1) {
        return Unexpected{QueryError::QuestionCount};
    }
    Bytes rest = packet.subspan(kHeaderSize);
    if (!query.name.parse(rest) || rest.size() < query.name.wire().size() + 4) {
        return Unexpected{QueryError::BadQuestion};
    }
    const std::size_t name_size = query.name.wire().size();
    query.type = RecordType{load_u16(&rest[name_size])};
    query.record_class = RecordClass{load_u16(&rest[name_size + 2])};
    query.question = rest.first(name_size + 4);
    rest = rest.subspan(name_size + 4);

    const unsigned before_additional = load_u16(&packet[6]) + unsigned{load_u16(&packet[8])};
    const unsigned records = before_additional + load_u16(&packet[10]);
    if (records > kQueryRecordsMax) {
        return Unexpected{QueryError::TooManyRecords};
    }
    for (unsigned i = 0; i < records; ++i) {
        const std::size_t begin = packet.size() - rest.size();
        bool is_tsig = false;
        if (const auto read = read_record(rest, i >= before_additional, query, is_tsig); !read) {
            return read;
        }
        if (is_tsig) {
            if (i < before_additional || i + 1 != records) {
                return Unexpected{QueryError::BadTsig};
            }
            query.tsig_begin = begin;
        }
    }
    return {};
}

}  // namespace ostrakon::dns
