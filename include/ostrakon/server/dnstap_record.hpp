// One question and its answer as bytes, on their way to whoever reads dnstap: a worker makes a
// record, the thread that writes them the two messages of dnstap.proto (AUTH_QUERY and
// AUTH_RESPONSE).
//
// No partner's key is in a record: in the place of a label that is one, or looks like one, stand
// as many x.
#pragma once

#include "ostrakon/responder/pending_query.hpp"
#include "ostrakon/server/query_record.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ostrakon::server {

/// Bytes of a message that goes along; of a longer one it is only said that there was one.
inline constexpr std::size_t kDnstapMessageMax = 4096;
/// Bytes of a record at most: both messages, and what is said of them.
inline constexpr std::size_t kDnstapRecordMax = 2 * kDnstapMessageMax + 64;

struct DnstapTime {
    std::int64_t seconds = 0;
    std::uint32_t nanoseconds = 0;
};

using DnstapRecordBuffer = std::vector<std::uint8_t>;

/// Writes the record of a packet and what was answered, which is empty where nothing was, into
/// `record`, of kDnstapRecordMax bytes; returns its size. Allocates nothing.
std::size_t write_dnstap_record(const responder::PendingQuery& asked,
                                const responder::Client& client,
                                std::span<const std::uint8_t> answer, DnstapTime at,
                                std::span<std::uint8_t> record) noexcept;

/// The server as dnstap calls it.
struct DnstapServer {
    std::string identity;
    std::string version;
};

/// The frames of a record: AUTH_QUERY and, where there was an answer, AUTH_RESPONSE, each a
/// protobuf message Dnstap. Empty: there is none.
struct DnstapFrames {
    std::string query;
    std::string response;
};
DnstapFrames dnstap_frames(std::span<const std::uint8_t> record, LoggedClient shown,
                           const DnstapServer& server);

}  // namespace ostrakon::server
