#include "server_word.hpp"

#include "arguments.hpp"
#include "ostrakon/base/printable.hpp"

#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <fmt/format.h>

#include <cstring>
#include <memory>

namespace ostrakon::tool {
namespace {

constexpr std::size_t kServerWordSizeMax = 200;

net::Address address_of(const addrinfo& found) {
    if (found.ai_family == AF_INET) {
        sockaddr_in ipv4{};
        std::memcpy(&ipv4, found.ai_addr, sizeof ipv4);
        return net::Ipv4{ntohl(ipv4.sin_addr.s_addr)};
    }
    sockaddr_in6 ipv6{};
    std::memcpy(&ipv6, found.ai_addr, sizeof ipv6);
    return net::ipv6_from_bytes(static_cast<const std::uint8_t*>(ipv6.sin6_addr.s6_addr));
}

}  // namespace

Result<config::Endpoint> server_of_word(std::string_view option, const std::string& word) {
    if (const auto endpoint = config::parse_endpoint(word)) {
        return *endpoint;
    }
    const std::string attempt =
        fmt::format("{} \"{}\"", option, printable(word, kServerWordSizeMax));
    const std::size_t colon = word.rfind(':');
    const std::string host = word.substr(0, colon);
    // With an address of the documentation in its place, what is behind the host must be a port.
    const auto port = colon == std::string::npos
                          ? std::nullopt
                          : config::parse_endpoint("192.0.2.1" + word.substr(colon));
    const bool is_name = !host.empty() && host.find_first_of(":[]/ ") == std::string::npos;
    if (!port || !is_name) {
        return wrong_usage(attempt, "is no server with a port",
                           fmt::format("write it as in {0} 192.0.2.53:53, {0} [2001:db8::53]:53 "
                                       "or {0} ns1.example.org:53",
                                       option));
    }
    addrinfo hints{};
    hints.ai_socktype = SOCK_DGRAM;
    hints.ai_flags = AI_ADDRCONFIG;
    addrinfo* list = nullptr;
    if (const int error = ::getaddrinfo(host.c_str(), nullptr, &hints, &list); error != 0) {
        return wrong_usage(attempt, fmt::format("{}: {}", host, ::gai_strerror(error)),
                           "an address works without a look-up");
    }
    const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> owner{list, ::freeaddrinfo};
    return config::Endpoint{address_of(*list), port->port};
}

}  // namespace ostrakon::tool
