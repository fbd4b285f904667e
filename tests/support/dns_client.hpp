// Asks a DNS server as a resolver would, over UDP and TCP; messages are written and read by ldns.
#pragma once

#include "ostrakon/base/file_descriptor.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ostrakon::test {

using Bytes = std::vector<std::uint8_t>;

/// How long a client waits for an answer. Reaching it means that there is none.
inline constexpr std::chrono::seconds kAnswerPatience{10};

struct Question {
    std::string name = {};
    std::string type = "A";
    std::uint16_t id = 1;
    std::optional<std::uint16_t> edns_payload_bytes = {};  ///< Empty: without EDNS.
};

/// The question as a message, recursion not desired.
Bytes query_bytes(const Question& question);

/// An answer as ldns reads it.
struct Reply {
    bool is_valid = false;  ///< ldns could read it, and it is an answer.
    std::uint16_t id = 0;
    std::string rcode;  ///< "NOERROR", "NXDOMAIN", …
    bool authoritative = false;
    bool truncated = false;
    std::vector<std::string> answer;     ///< "NAME TTL CLASS TYPE DATA", separated by one blank.
    std::vector<std::string> authority;  ///< The same.
    std::vector<std::string> data;       ///< DATA of the answer section alone: "127.0.0.2".
    Bytes bytes;
};
Reply parse_reply(std::span<const std::uint8_t> bytes);

struct ServerAddress {
    std::string address = "127.0.0.1";
    std::uint16_t port = 0;
};

/// A UDP socket that talks to one server, and takes answers from that address and port alone.
class UdpClient {
public:
    explicit UdpClient(const ServerAddress& server, const std::string& source_address = {});

    void send(std::span<const std::uint8_t> message);
    /// The next datagram, empty when none came in time.
    Bytes receive(std::chrono::milliseconds patience = kAnswerPatience);
    Reply ask(const Question& question);

private:
    FileDescriptor socket_;
};

/// A TCP connection to one server (RFC 7766).
class TcpClient {
public:
    explicit TcpClient(const ServerAddress& server, const std::string& source_address = {});

    bool is_connected() const { return socket_.is_open(); }
    /// Writes bytes as they are; false when the server has closed.
    bool send(std::span<const std::uint8_t> bytes);
    /// Writes as many bytes as go out without waiting, and returns how many did.
    std::size_t send_some(std::span<const std::uint8_t> bytes);
    /// The next message without its length, empty when the connection closed or nothing came in
    /// time.
    Bytes receive(std::chrono::milliseconds patience = kAnswerPatience);
    Reply ask(const Question& question);
    /// True when the server ends the connection before patience runs out; what it still sends is
    /// thrown away.
    bool is_closed_by_server(std::chrono::milliseconds patience = kAnswerPatience);
    /// True when the server ends the connection, before patience runs out, though not all that was
    /// sent to it has been read; nothing of what it sent is read for that.
    bool is_reset_by_server(std::chrono::milliseconds patience = kAnswerPatience);
    /// Ends the sending direction.
    void finish_sending();
    /// Ends the connection with a reset instead of an orderly close.
    void reset();

private:
    std::size_t read_exactly(std::span<std::uint8_t> into, std::chrono::milliseconds patience);

    FileDescriptor socket_;
};

/// The message with the two bytes of length that TCP puts before it.
Bytes framed(std::span<const std::uint8_t> message);

/// One question over UDP on a socket of its own, and over TCP on a connection of its own.
Reply ask_udp(const ServerAddress& server, const Question& question);
Reply ask_tcp(const ServerAddress& server, const Question& question);

}  // namespace ostrakon::test
