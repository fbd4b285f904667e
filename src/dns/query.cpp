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

// RFC 7873 §4: a client's cookie, or that and a server's.
bool can_be_cookie(std::size_t length) noexcept {
    constexpr std::size_t kClient = 8;
    constexpr std::size_t kWithServerMin = 16;
    constexpr std::size_t kWithServerMax = 40;
    return length == kClient || (length >= kWithServerMin && length <= kWithServerMax);
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
        if (code == kOptionCookie) {
            if (!can_be_cookie(length)) {
                return false;
            }
            if (edns.cookie.empty()) {  // all but the first are ignored (RFC 7873 §5.2)
                edns.cookie = data.subspan(kOptionFixedSize, length);
            }
        }
        edns.asks_nsid = edns.asks_nsid || code == kOptionNsid;
        edns.asks_keepalive = edns.asks_keepalive || code == kOptionKeepalive;
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
                      .cookie = {}};
    // What the data of another version means is not known here.
    if (!is_root || !is_additional ||
        (query.edns->version == 0 && !read_options(data, *query.edns))) {
        return Unexpected{QueryError::BadOpt};
    }
    return {};
}

// Inlined into the way that nearly all packets take.
[[gnu::always_inline]] inline Expected<void, QueryError> read_records(Bytes packet, Bytes rest,
                                                                      Query& query) noexcept {
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

// Takes the question off the front.
[[gnu::always_inline]] inline bool read_question(Bytes& rest, Query& query) noexcept {
    if (!query.name.parse(rest) || rest.size() < query.name.wire().size() + 4) {
        return false;
    }
    const std::size_t name_size = query.name.wire().size();
    query.type = RecordType{load_u16(&rest[name_size])};
    query.record_class = RecordClass{load_u16(&rest[name_size + 2])};
    query.question = rest.first(name_size + 4);
    rest = rest.subspan(name_size + 4);
    return true;
}

bool skip_questions(Bytes& rest, unsigned count) noexcept {
    for (unsigned i = 0; i < count; ++i) {
        if (i == kQueryRecordsMax || !skip_name(rest) || rest.size() < 4) {
            return false;
        }
        rest = rest.subspan(4);
    }
    return true;
}

// Says what a packet is that is no standard query with one question. It is read all the same, since
// an OPT in it is answered with one (RFC 6891 §6.1.1).
[[gnu::noinline, gnu::cold]] QueryError read_other_message(Bytes packet, Query& query) noexcept {
    const unsigned questions = load_u16(&packet[4]);
    Bytes rest = packet.subspan(kHeaderSize);
    const bool is_readable =
        (questions == 1 ? read_question(rest, query) : skip_questions(rest, questions)) &&
        read_records(packet, rest, query);
    if (query.opcode != 0) {
        return QueryError::OtherOpcode;
    }
    const bool has_cookie = query.edns && !query.edns->cookie.empty();
    return is_readable && questions == 0 && has_cookie ? QueryError::CookieAlone
                                                       : QueryError::QuestionCount;
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
    if (query.opcode != 0 || load_u16(&packet[4]) != 1) {
        return Unexpected{read_other_message(packet, query)};
    }
    Bytes rest = packet.subspan(kHeaderSize);
    if (!read_question(rest, query)) {
        return Unexpected{QueryError::BadQuestion};
    }
    return read_records(packet, rest, query);
}

}  // namespace ostrakon::dns
