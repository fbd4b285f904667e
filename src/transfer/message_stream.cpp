#include "ostrakon/transfer/message_stream.hpp"

#include <utility>

namespace ostrakon::transfer {
namespace {

using Message = std::vector<std::uint8_t>;

constexpr std::size_t kHeaderSize = 12;
constexpr std::uint16_t kAnswerAuthoritative = 0x8400;  // QR and AA
constexpr std::uint16_t kPointerTo = 0xC000;            // RFC 1035 §4.1.4

void put_16(Message& message, std::size_t value) {
    message.push_back(static_cast<std::uint8_t>(value >> 8));
    message.push_back(static_cast<std::uint8_t>(value));
}

void put_32(Message& message, std::uint32_t value) {
    put_16(message, value >> 16);
    put_16(message, value & 0xFFFF);
}

void put(Message& message, std::string_view bytes) {
    message.insert(message.end(), bytes.begin(), bytes.end());
}

}  // namespace

MessageStream::MessageStream(RecordSource& source, TransferQuestion question)
    : source_(source), question_(std::move(question)), has_record_(source.next(record_)) {}

bool MessageStream::next(Message& message) {
    if (!has_record_) {
        return false;
    }
    begin(message);
    last_owner_.clear();
    std::size_t count = 0;
    while (has_record_ && (count == 0 || message.size() + record_.owner.size() +
                                                 record_.rdata.size() + kHeaderSize <=
                                             kTransferMessageSize)) {
        add(message);
        ++count;
        has_record_ = source_.next(record_);
    }
    message[6] = static_cast<std::uint8_t>(count >> 8);
    message[7] = static_cast<std::uint8_t>(count);
    records_ += count;
    return true;
}

void MessageStream::begin(Message& message) const {
    message.clear();
    put_16(message, question_.id);
    put_16(message, kAnswerAuthoritative);
    put_16(message, 1);
    put_16(message, 0);
    put_32(message, 0);
    put(message, question_.name);
    put_16(message, static_cast<std::uint16_t>(question_.type));
    put_16(message, static_cast<std::uint16_t>(dns::RecordClass::In));
}

void MessageStream::add(Message& message) {
    if (record_.owner.empty()) {
        put_16(message, kPointerTo | kHeaderSize);
    } else if (record_.owner == last_owner_) {
        put_16(message, kPointerTo | last_owner_at_);
    } else {
        last_owner_ = record_.owner;
        last_owner_at_ = static_cast<std::uint16_t>(message.size());
        put(message, record_.owner);
        put_16(message, kPointerTo | kHeaderSize);
    }
    put_16(message, static_cast<std::uint16_t>(record_.type));
    put_16(message, static_cast<std::uint16_t>(dns::RecordClass::In));
    put_32(message, record_.ttl_s);
    put_16(message, record_.rdata.size());
    put(message, record_.rdata);
}

}  // namespace ostrakon::transfer
