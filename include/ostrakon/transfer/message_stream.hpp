// Packs the records of a transfer into DNS messages (RFC 5936 §2.2), without TSIG.
//
// Every message repeats the question, whose name is the zone's origin: so owner names end in a
// pointer to it.
#pragma once

#include "ostrakon/dns/protocol.hpp"
#include "ostrakon/transfer/record_source.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace ostrakon::transfer {

/// Bytes after which a message takes no further record: all names in it can be pointed to.
inline constexpr std::size_t kTransferMessageSize = 16384;
/// Bytes that any of its messages can have: one record may be that long.
inline constexpr std::size_t kTransferMessageSizeMax = kTransferMessageSize + 65535 / 2;

/// What was asked.
struct TransferQuestion {
    std::uint16_t id = 0;
    std::string name;  ///< In wire form, as it was asked: the zone's origin.
    dns::RecordType type{};
};

class MessageStream {
public:
    /// The source outlives it.
    MessageStream(RecordSource& source, TransferQuestion question);

    /// Puts the next message in the place of what `message` holds; false at the end.
    bool next(std::vector<std::uint8_t>& message);

    std::uint64_t record_count() const { return records_; }

private:
    void begin(std::vector<std::uint8_t>& message) const;
    void add(std::vector<std::uint8_t>& message);

    RecordSource& source_;
    TransferQuestion question_;
    Record record_;  // the next one that goes out
    bool has_record_;
    std::string last_owner_;  // in this message
    std::uint16_t last_owner_at_ = 0;
    std::uint64_t records_ = 0;
};

}  // namespace ostrakon::transfer
