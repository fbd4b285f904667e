#include "support/dns_client.hpp"

#include <arpa/inet.h>
#include <ldns/ldns.h>
#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <stdexcept>

namespace ostrakon::test {
namespace {

using Packet = std::unique_ptr<ldns_pkt, decltype(&ldns_pkt_free)>;
using OwnedText = std::unique_ptr<char, decltype(&std::free)>;

struct SocketAddress {
    sockaddr_storage storage{};
    socklen_t size = 0;
    const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage); }
};

SocketAddress socket_address(const std::string& address, std::uint16_t port) {
    addrinfo hints{};
    hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV;
    addrinfo* found = nullptr;
    if (::getaddrinfo(address.c_str(), std::to_string(port).c_str(), &hints, &found) != 0) {
        throw std::runtime_error("not an address: " + address);
    }
    SocketAddress result;
    std::memcpy(&result.storage, found->ai_addr, found->ai_addrlen);
    result.size = found->ai_addrlen;
    ::freeaddrinfo(found);
    return result;
}

FileDescriptor connected_socket(const ServerAddress& server, int type, const std::string& source) {
    const SocketAddress target = socket_address(server.address, server.port);
    FileDescriptor socket(::socket(target.storage.ss_family, type | SOCK_CLOEXEC, 0));
    if (!source.empty()) {
        const SocketAddress own = socket_address(source, 0);
        if (::bind(socket.get(), own.get(), own.size) != 0) {
            throw std::runtime_error("cannot bind " + source + ": " + std::strerror(errno));
        }
    }
    if (::connect(socket.get(), target.get(), target.size) != 0) {
        socket.reset();
    }
    return socket;
}

bool wait_readable(int fd, std::chrono::milliseconds patience) {
    pollfd readable{fd, POLLIN, 0};
    return ::poll(&readable, 1, static_cast<int>(patience.count())) > 0;
}

std::string text_of(const ldns_rr* rr) {
    const OwnedText text(ldns_rr2str(rr), &std::free);
    std::string result = text ? text.get() : "";
    while (!result.empty() && result.back() == '\n') {
        result.pop_back();
    }
    for (char& character : result) {
        character = character == '\t' ? ' ' : character;
    }
    return result;
}

std::string data_of(const ldns_rr* rr) {
    std::string result;
    for (std::size_t i = 0; i < ldns_rr_rd_count(rr); ++i) {
        const OwnedText text(ldns_rdf2str(ldns_rr_rdf(rr, i)), &std::free);
        result += (i == 0 ? "" : " ") + std::string(text ? text.get() : "");
    }
    return result;
}

}  // namespace

Bytes query_bytes(const Question& question) {
    ldns_rdf* name = ldns_dname_new_frm_str(question.name.c_str());
    if (name == nullptr) {
        throw std::runtime_error("not a name: " + question.name);
    }
    const Packet packet(ldns_pkt_query_new(name, ldns_get_rr_type_by_name(question.type.c_str()),
                                           LDNS_RR_CLASS_IN, 0),
                        &ldns_pkt_free);
    ldns_pkt_set_id(packet.get(), question.id);
    if (question.edns_payload_bytes) {
        ldns_pkt_set_edns_udp_size(packet.get(), *question.edns_payload_bytes);
    }
    std::uint8_t* wire = nullptr;
    std::size_t size = 0;
    if (ldns_pkt2wire(&wire, packet.get(), &size) != LDNS_STATUS_OK) {
        throw std::runtime_error("cannot write a query for " + question.name);
    }
    Bytes result(wire, wire + size);
    std::free(wire);
    return result;
}

Reply parse_reply(std::span<const std::uint8_t> bytes) {
    Reply reply;
    reply.bytes.assign(bytes.begin(), bytes.end());
    ldns_pkt* raw = nullptr;
    if (bytes.empty() || ldns_wire2pkt(&raw, bytes.data(), bytes.size()) != LDNS_STATUS_OK) {
        return reply;
    }
    const Packet packet(raw, &ldns_pkt_free);
    reply.is_valid = ldns_pkt_qr(raw);
    reply.id = ldns_pkt_id(raw);
    const OwnedText rcode(ldns_pkt_rcode2str(ldns_pkt_get_rcode(raw)), &std::free);
    reply.rcode = rcode ? rcode.get() : "";
    reply.authoritative = ldns_pkt_aa(raw);
    reply.truncated = ldns_pkt_tc(raw);
    for (std::size_t i = 0; i < ldns_pkt_ancount(raw); ++i) {
        const ldns_rr* rr = ldns_rr_list_rr(ldns_pkt_answer(raw), i);
        reply.answer.push_back(text_of(rr));
        reply.data.push_back(data_of(rr));
    }
    for (std::size_t i = 0; i < ldns_pkt_nscount(raw); ++i) {
        reply.authority.push_back(text_of(ldns_rr_list_rr(ldns_pkt_authority(raw), i)));
    }
    return reply;
}

UdpClient::UdpClient(const ServerAddress& server, const std::string& source_address)
    : socket_(connected_socket(server, SOCK_DGRAM, source_address)) {}

void UdpClient::send(std::span<const std::uint8_t> message) {
    ::send(socket_.get(), message.data(), message.size(), MSG_NOSIGNAL);
}

Bytes UdpClient::receive(std::chrono::milliseconds patience) {
    if (!wait_readable(socket_.get(), patience)) {
        return {};
    }
    Bytes message(65536);
    const ssize_t size = ::recv(socket_.get(), message.data(), message.size(), 0);
    message.resize(size > 0 ? static_cast<std::size_t>(size) : 0);
    return message;
}

Reply UdpClient::ask(const Question& question) {
    send(query_bytes(question));
    return parse_reply(receive());
}

TcpClient::TcpClient(const ServerAddress& server, const std::string& source_address)
    : socket_(connected_socket(server, SOCK_STREAM, source_address)) {}

bool TcpClient::send(std::span<const std::uint8_t> bytes) {
    while (!bytes.empty()) {
        const ssize_t size = ::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (size <= 0) {
            return false;
        }
        bytes = bytes.subspan(static_cast<std::size_t>(size));
    }
    return true;
}

std::size_t TcpClient::send_some(std::span<const std::uint8_t> bytes) {
    const ssize_t size =
        ::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    return size > 0 ? static_cast<std::size_t>(size) : 0;
}

std::size_t TcpClient::read_exactly(std::span<std::uint8_t> into,
                                    std::chrono::milliseconds patience) {
    std::size_t done = 0;
    while (done < into.size() && wait_readable(socket_.get(), patience)) {
        const ssize_t size = ::recv(socket_.get(), into.data() + done, into.size() - done, 0);
        if (size <= 0) {
            break;
        }
        done += static_cast<std::size_t>(size);
    }
    return done;
}

Bytes TcpClient::receive(std::chrono::milliseconds patience) {
    std::array<std::uint8_t, 2> length{};
    if (read_exactly(length, patience) != length.size()) {
        return {};
    }
    Bytes message(static_cast<std::size_t>(length[0] << 8 | length[1]));
    return read_exactly(message, patience) == message.size() ? message : Bytes{};
}

Reply TcpClient::ask(const Question& question) {
    send(framed(query_bytes(question)));
    return parse_reply(receive());
}

bool TcpClient::is_closed_by_server(std::chrono::milliseconds patience) {
    std::array<std::uint8_t, 4096> thrown_away{};
    while (wait_readable(socket_.get(), patience)) {
        if (::recv(socket_.get(), thrown_away.data(), thrown_away.size(), 0) <= 0) {
            return true;
        }
    }
    return false;
}

bool TcpClient::is_reset_by_server(std::chrono::milliseconds patience) {
    pollfd ended{socket_.get(), 0, 0};  // POLLERR and POLLHUP are always told
    return ::poll(&ended, 1, static_cast<int>(patience.count())) > 0;
}

void TcpClient::finish_sending() {
    ::shutdown(socket_.get(), SHUT_WR);
}

void TcpClient::reset() {
    const linger at_once{1, 0};
    ::setsockopt(socket_.get(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    socket_.reset();
}

Bytes framed(std::span<const std::uint8_t> message) {
    Bytes result(2 + message.size());
    result[0] = static_cast<std::uint8_t>(message.size() >> 8);
    result[1] = static_cast<std::uint8_t>(message.size() & 0xFF);
    std::copy(message.begin(), message.end(), result.begin() + 2);
    return result;
}

Reply ask_udp(const ServerAddress& server, const Question& question) {
    return UdpClient(server).ask(question);
}

Reply ask_tcp(const ServerAddress& server, const Question& question) {
    return TcpClient(server).ask(question);
}

}  // namespace ostrakon::test
