#include "dns_message.hpp"

#include "ostrakon/dns/protocol.hpp"
#include "ostrakon/dns/wire.hpp"

#include <algorithm>

namespace ostrakon::fetch {

Bytes write_question(std::uint16_t id, const dns::Name& name, std::uint16_t type) {
    const std::string_view wire = name.wire();
    const std::size_t end = dns::kHeaderSize + wire.size();
    Bytes message(end + 4);
    dns::store_u16(message.data(), id);
    message[5] = 1;  // one question, no records
    std::copy(wire.begin(), wire.end(), &message[dns::kHeaderSize]);
    dns::store_u16(&message[end], type);
    dns::store_u16(&message[end + 2], static_cast<std::uint16_t>(dns::RecordClass::In));
    return message;
}

std::optional<MessageOutline> read_outline(ByteSpan message) {
    const auto tsig_begin = tsig::find_record(message);
    if (!tsig_begin) {
        return std::nullopt;
    }
    MessageOutline outline;
    outline.id = dns::load_u16(message.data());
    const unsigned flags = dns::load_u16(&message[2]);
    outline.is_answer = (flags & 0x8000U) != 0;
    outline.is_truncated = (flags & 0x0200U) != 0;
    outline.rcode = flags & 0xFU;
    if (*tsig_begin != 0 && !tsig::read_record(message, *tsig_begin, outline.tsig.emplace())) {
        return std::nullopt;
    }
    return outline;
}

}  // namespace ostrakon::fetch
