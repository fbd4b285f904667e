#include "ostrakon/server/dnstap_record.hpp"

#include <algorithm>
#include <cstring>

namespace ostrakon::server {
namespace {

constexpr std::size_t kTapIpv4Size = 4;
constexpr std::size_t kTapIpv6Size = 16;
constexpr int kTapIpv4NetworkBits = 24;
constexpr int kTapIpv6NetworkBits = 56;
constexpr char kTapHidden = 'x';

// In front of: client, question, answer.
struct TapHead {
    std::int64_t seconds = 0;
    std::uint32_t nanoseconds = 0;
    std::uint16_t query_size = 0;
    std::uint16_t answer_size = 0;
    std::uint8_t client_size = 0;
    std::uint8_t is_tcp = 0;
    std::uint8_t has_answer = 0;
};
static_assert(sizeof(TapHead) + kTapIpv6Size + 2 * kDnstapMessageMax <= kDnstapRecordMax);

// Where the label stands in a message that is a key, or looks like one.
struct HiddenLabel {
    std::size_t at = 0;
    std::size_t size = 0;  // 0: there is none
};

HiddenLabel hidden_label(const responder::PendingQuery& asked) noexcept {
    if (asked.key == responder::KeyKind::None || asked.zone == nullptr) {
        return {};
    }
    const dns::QuestionName& name = asked.query.name;
    const std::size_t key = name.label_count() - asked.zone->origin_labels - 1;
    return {dns::kHeaderSize + name.label_start(key) + 1, name.label(key).size()};
}

// The question's name stands first in both messages, and all that repeats it points there.
std::uint16_t add_message(std::span<const std::uint8_t> message, HiddenLabel hidden,
                          std::uint8_t* target) noexcept {
    if (message.size() > kDnstapMessageMax) {
        return 0;
    }
    std::copy(message.begin(), message.end(), target);
    if (hidden.size > 0 && hidden.at + hidden.size <= message.size()) {
        std::fill_n(target + hidden.at, hidden.size, static_cast<std::uint8_t>(kTapHidden));
    }
    return static_cast<std::uint16_t>(message.size());
}

std::uint8_t add_tap_client(const net::Address& client, std::uint8_t* target) noexcept {
    if (const auto* ipv4 = std::get_if<net::Ipv4>(&client)) {
        for (std::size_t i = 0; i < kTapIpv4Size; ++i) {
            target[i] = static_cast<std::uint8_t>(ipv4->bits >> (24 - 8 * i));
        }
        return kTapIpv4Size;
    }
    const auto bytes = net::to_bytes(*std::get_if<net::Ipv6>(&client));
    std::copy(bytes.begin(), bytes.end(), target);
    return kTapIpv6Size;
}

// Protocol buffers, as far as dnstap.proto needs them.
class Protobuf {
public:
    Protobuf& number(unsigned field, std::uint64_t value) {
        tag(field, 0);
        varint(value);
        return *this;
    }
    Protobuf& fixed(unsigned field, std::uint32_t value) {
        tag(field, 5);
        for (unsigned shift = 0; shift < 32; shift += 8) {
            bytes_.push_back(static_cast<char>(value >> shift));
        }
        return *this;
    }
    Protobuf& bytes(unsigned field, std::string_view value) {
        tag(field, 2);
        varint(value.size());
        bytes_.append(value);
        return *this;
    }
    const std::string& text() const { return bytes_; }

private:
    void tag(unsigned field, unsigned wire_type) { varint(field << 3 | wire_type); }
    void varint(std::uint64_t value) {
        for (; value > 0x7F; value >>= 7) {
            bytes_.push_back(static_cast<char>(value | 0x80));
        }
        bytes_.push_back(static_cast<char>(value));
    }

    std::string bytes_;
};

// Numbers of dnstap.proto.
constexpr unsigned kDnstapIdentity = 1;
constexpr unsigned kDnstapVersion = 2;
constexpr unsigned kDnstapMessage = 14;
constexpr unsigned kDnstapType = 15;
constexpr unsigned kTypeMessage = 1;
constexpr unsigned kMessageType = 1;
constexpr unsigned kAuthQuery = 1;
constexpr unsigned kAuthResponse = 2;
constexpr unsigned kSocketFamily = 2;
constexpr unsigned kSocketProtocol = 3;
constexpr unsigned kQueryAddress = 4;
constexpr unsigned kQueryTimeSeconds = 8;
constexpr unsigned kQueryTimeNanoseconds = 9;
constexpr unsigned kQueryMessage = 10;
constexpr unsigned kResponseTimeSeconds = 12;
constexpr unsigned kResponseTimeNanoseconds = 13;
constexpr unsigned kResponseMessage = 14;

std::string shown_client(std::string_view bytes, LoggedClient shown) {
    if (shown == LoggedClient::None) {
        return {};
    }
    std::string text{bytes};
    if (shown == LoggedClient::Network) {
        const std::size_t kept =
            static_cast<std::size_t>(bytes.size() == kTapIpv4Size ? kTapIpv4NetworkBits
                                                                  : kTapIpv6NetworkBits) /
            8;
        std::fill(text.begin() + static_cast<std::ptrdiff_t>(std::min(kept, text.size())),
                  text.end(), '\0');
    }
    return text;
}

std::string frame_of(const Protobuf& message, const DnstapServer& server) {
    Protobuf frame;
    if (!server.identity.empty()) {
        frame.bytes(kDnstapIdentity, server.identity);
    }
    if (!server.version.empty()) {
        frame.bytes(kDnstapVersion, server.version);
    }
    frame.bytes(kDnstapMessage, message.text());
    frame.number(kDnstapType, kTypeMessage);
    return frame.text();
}

}  // namespace

std::size_t write_dnstap_record(const responder::PendingQuery& asked,
                                const responder::Client& client,
                                std::span<const std::uint8_t> answer, DnstapTime at,
                                std::span<std::uint8_t> record) noexcept {
    TapHead head;
    head.seconds = at.seconds;
    head.nanoseconds = at.nanoseconds;
    head.is_tcp = client.transport == responder::Transport::Tcp ? 1 : 0;
    head.has_answer = answer.empty() ? 0 : 1;
    const HiddenLabel hidden = hidden_label(asked);
    std::size_t size = sizeof head;
    head.client_size = add_tap_client(client.address, record.data() + size);
    size += head.client_size;
    head.query_size = add_message(asked.packet, hidden, record.data() + size);
    size += head.query_size;
    head.answer_size = add_message(answer, hidden, record.data() + size);
    size += head.answer_size;
    std::memcpy(record.data(), &head, sizeof head);
    return size;
}

DnstapFrames dnstap_frames(std::span<const std::uint8_t> record, LoggedClient shown,
                           const DnstapServer& server) {
    TapHead head;
    if (record.size() < sizeof head) {
        return {};
    }
    std::memcpy(&head, record.data(), sizeof head);
    std::string_view rest{reinterpret_cast<const char*>(record.data()),
                          record.size()};  // NOLINT: bytes
    rest.remove_prefix(sizeof head);
    const auto take = [&rest](std::size_t size) {
        const std::string_view piece = rest.substr(0, size);
        rest.remove_prefix(piece.size());
        return piece;
    };
    const std::string_view client = take(head.client_size);
    const std::string_view query = take(head.query_size);
    const std::string_view answer = take(head.answer_size);
    const std::string address = shown_client(client, shown);
    const auto begin = [&](unsigned type) {
        Protobuf message;
        message.number(kMessageType, type);
        message.number(kSocketFamily, client.size() == kTapIpv4Size ? 1 : 2);
        message.number(kSocketProtocol, head.is_tcp != 0 ? 2 : 1);
        if (!address.empty()) {
            message.bytes(kQueryAddress, address);
        }
        return message;
    };
    const auto seconds = static_cast<std::uint64_t>(head.seconds);
    DnstapFrames frames;
    Protobuf asked = begin(kAuthQuery);
    asked.number(kQueryTimeSeconds, seconds).fixed(kQueryTimeNanoseconds, head.nanoseconds);
    if (!query.empty()) {
        asked.bytes(kQueryMessage, query);
    }
    frames.query = frame_of(asked, server);
    if (head.has_answer != 0) {
        Protobuf answered = begin(kAuthResponse);
        answered.number(kQueryTimeSeconds, seconds).fixed(kQueryTimeNanoseconds, head.nanoseconds);
        answered.number(kResponseTimeSeconds, seconds)
            .fixed(kResponseTimeNanoseconds, head.nanoseconds);
        if (!answer.empty()) {
            answered.bytes(kResponseMessage, answer);
        }
        frames.response = frame_of(answered, server);
    }
    return frames;
}

}  // namespace ostrakon::server
