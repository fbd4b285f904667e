// One question and its answer, as a line of the query log:
//
//   2026-11-22T18:00:00Z 192.0.2.1 7.2.0.192.bl.example.org A NOERROR 127.0.0.2,127.0.0.4 NAME
//
// Time, client, name, type, rcode, codes, partner; "-" where there is none. A worker makes a
// record, the log's thread the line. What came from the network is spelled so that nothing in it
// ends a word or a line.
#pragma once

#include "ostrakon/base/time.hpp"
#include "ostrakon/responder/pending_query.hpp"
#include "ostrakon/server/log.hpp"
#include "ostrakon/server/query_ring.hpp"

#include <array>
#include <cstdint>
#include <span>
#include <string>

namespace ostrakon::server {

/// What the log says of clients.
enum class LoggedClient : std::uint8_t {
    Full,
    Network,  ///< Their /24 or /56, by its first address.
    None,
};

using QueryRecordBuffer = std::array<std::uint8_t, QueryRing::kRecordSizeMax>;

/// Writes the record of a question that could be read; 0 bytes where it could not. `answer` is
/// empty where none was sent. No key is in it: the name goes without one that is known, and has "-"
/// in the place of a label that looks like one.
std::size_t write_query_record(const responder::PendingQuery& asked,
                               const responder::Client& client,
                               std::span<const std::uint8_t> answer, UnixTime at,
                               QueryRecordBuffer& record) noexcept;

/// Adds the line of a record that write_query_record() wrote: as above, or with names for what it
/// holds and without what is not there.
void append_query_line(std::span<const std::uint8_t> record, LoggedClient client, std::string& text,
                       LogFormat format = LogFormat::Plain);

}  // namespace ostrakon::server
