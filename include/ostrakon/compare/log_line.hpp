// Reads the question out of one line of a query log, whichever program wrote it.
//
// Each line is taken for what it looks like, so that logs of several servers may stand in one file:
//   2026-11-22T18:00:00Z 192.0.2.1 7.2.0.192.bl.example.org A NOERROR 127.0.0.2 -   [log] queries
//   1795364624 192.0.2.1 7.2.0.192.bl.example.org A IN: NOERROR/1/58              rbldnsd -l
//   … client @0x7f… 192.0.2.1#5353 (NAME): query: NAME IN A +E(0) (192.0.2.53)    BIND
//   7.2.0.192.bl.example.org [A]                                                  a name a line
#pragma once

#include "ostrakon/dns/name.hpp"
#include "ostrakon/dns/type_names.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace ostrakon::compare {

/// What was asked, in class IN.
struct Question {
    dns::Name name;
    dns::RecordType type = dns::RecordType::A;
    friend bool operator==(const Question&, const Question&) = default;
};

enum class LineKind : std::uint8_t {
    Question,
    Empty,        ///< Blank, or a comment ("#" or ";").
    NotCompared,  ///< A question of another class, or for something else than records of one type.
    NoQuery,
};

struct LogLine {
    LineKind kind = LineKind::NoQuery;
    Question question = {};
};

/// Reads a line without its end. Any bytes may stand in it.
LogLine read_log_line(std::string_view line);

/// A name as a master file spells it, \DDD and \X for bytes (RFC 1035 §5.1); raw bytes that are not
/// printable ASCII are refused.
std::optional<dns::Name> parse_logged_name(std::string_view text);

}  // namespace ostrakon::compare
