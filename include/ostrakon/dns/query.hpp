// Reads a query out of a packet that anyone may have sent.
//
// Reading is all: which queries are answered how is the responder's business. Nothing outside the
// packet is read, nothing is allocated, nothing thrown, and the work is bounded by the packet's
// length and kQueryRecordsMax.
#pragma once

#include "ostrakon/base/result.hpp"
#include "ostrakon/dns/labels.hpp"
#include "ostrakon/dns/protocol.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace ostrakon::dns {

/// Records that a query may carry besides its question; a real one has an OPT, a TSIG, an IXFR's
/// SOA.
inline constexpr unsigned kQueryRecordsMax = 32;

/// Why a packet is no query that can be answered.
enum class QueryError : std::uint8_t {
    TooShort,       ///< Not even a header.
    IsAnswer,       ///< QR is set; answering it could go on for ever.
    OtherOpcode,    ///< Not a standard query.
    QuestionCount,  ///< Not exactly one question (RFC 9619).
    CookieAlone,    ///< No question, but a COOKIE: only a server cookie is wanted (RFC 7873 §5.4).
    BadQuestion,    ///< Its name is cut off, too long or compressed, or type or class are missing.
    TooManyRecords,  ///< More than kQueryRecordsMax.
    BadRecord,       ///< A record is cut off.
    BadOpt,  ///< An OPT that is not the root's, not in the additional section, or whose options are
             ///< cut off or of an impossible length.
    SecondOpt,  ///< RFC 6891 §6.1.1.
    BadTsig,    ///< A TSIG that is not the last record of the additional section (RFC 8945 §5.1).
};

/// What a query's OPT record says (RFC 6891).
struct Edns {
    std::uint8_t version = 0;
    std::uint16_t payload_bytes = 0;  ///< The largest UDP answer that the client takes, as it says.
    bool dnssec_ok = false;
    // Options; all others are ignored, and so are these where the version is not 0.
    bool asks_nsid = false;       ///< RFC 5001
    bool asks_keepalive = false;  ///< RFC 7828
    std::span<const std::uint8_t>
        cookie;  ///< RFC 7873: 8 bytes of the client, then 0 or 8 to 32 of a server; empty: none.
};

/// One query. Borrows the packet.
struct Query {
    std::uint16_t id = 0;
    std::uint8_t opcode = 0;
    bool recursion_desired = false;
    bool checking_disabled = false;
    std::span<const std::uint8_t>
        question;  ///< Name, type and class as they came; empty if they could not be read.
    QuestionName name;
    RecordType type{};
    RecordClass record_class{};
    std::optional<Edns> edns;
    /// Where in the packet its TSIG begins, the last record, which module tsig reads; 0: it has
    /// none.
    std::size_t tsig_begin = 0;
};

/// Reads `packet` into `query`, whatever that held before. After an error other than TooShort and
/// IsAnswer `query` holds what could be read, also an OPT behind what is wrong where there is a way
/// to it, so that the error can be answered; what comes behind the last record is ignored.
Expected<void, QueryError> parse_query(std::span<const std::uint8_t> packet, Query& query) noexcept;

}  // namespace ostrakon::dns
