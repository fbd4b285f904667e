#include "ostrakon/responder/query_text.hpp"

#include <arpa/inet.h>
#include <charconv>

namespace ostrakon::responder {
namespace {

std::size_t write(net::Ipv4 address, std::span<char> text) noexcept {
    char* at = text.data();
    for (int shift = 24; shift >= 0; shift -= 8) {
        at = std::to_chars(at, text.data() + text.size(), address.bits >> shift & 255).ptr;
        if (shift > 0) {
            *at++ = '.';
        }
    }
    return static_cast<std::size_t>(at - text.data());
}

std::size_t write(net::Ipv6 address, std::span<char> text) noexcept {
    const auto bytes = net::to_bytes(address);
    const char* const written =
        inet_ntop(AF_INET6, bytes.data(), text.data(), static_cast<socklen_t>(text.size()));
    return written == nullptr ? 0 : std::string_view{written}.size();
}

// Lower-case, as dns::to_string writes names (RFC 1035 §5.1).
std::size_t write(dns::Labels labels, std::span<char> text) noexcept {
    char* at = text.data();
    while (!labels.empty()) {
        for (const char c : labels.pop_front()) {
            const std::uint8_t byte = dns::lower(static_cast<std::uint8_t>(c));
            if (byte > ' ' && byte < 0x7F && c != '.' && c != '\\') {
                *at++ = static_cast<char>(byte);
                continue;
            }
            *at++ = '\\';
            for (const int digit : {byte / 100, byte / 10 % 10, byte % 10}) {
                *at++ = static_cast<char>('0' + digit);
            }
        }
        if (!labels.empty()) {
            *at++ = '.';
        }
    }
    return static_cast<std::size_t>(at - text.data());
}

}  // namespace

QueryText::QueryText(const verdict::Subject& subject, dns::Labels labels) noexcept {
    if (const auto* ipv4 = std::get_if<net::Ipv4>(&subject)) {
        size_ = write(*ipv4, text_);
    } else if (const auto* ipv6 = std::get_if<net::Ipv6>(&subject)) {
        size_ = write(*ipv6, text_);
    } else {
        size_ = write(labels, text_);
    }
}

}  // namespace ostrakon::responder
