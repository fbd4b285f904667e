// One query in, one answer out: the whole of the protocol, without a socket.
//
// Tests, fuzzers, benchmarks and the server all call this function.
#pragma once

#include "ostrakon/base/time.hpp"
#include "ostrakon/config/tsig_keys.hpp"
#include "ostrakon/dns/server_cookie.hpp"
#include "ostrakon/net/address.hpp"
#include "ostrakon/partner/zone_keys.hpp"
#include "ostrakon/verdict/judge.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace ostrakon::responder {

enum class Transport : std::uint8_t { Udp, Tcp };

/// Who asks.
struct Client {
    net::Address address;  ///< IPv4 clients on an IPv6 socket as IPv4.
    Transport transport = Transport::Udp;
    /// Over TCP: how long the connection may be idle, for those who ask (RFC 7828).
    std::uint16_t keepalive_100ms = 0;
};

/// What the responder itself is told about the server.
struct ResponderSettings {
    std::uint16_t udp_payload_bytes =
        1232;             ///< The largest UDP answer, and what OPT says (512 to 1232 are meant).
    std::string version;  ///< Answer to version.bind CH TXT; empty: REFUSED.
    std::string nsid;     ///< Also the answer to id.server and hostname.bind CH TXT.
    dns::CookieSecrets cookie_secrets = {};
};

/// What the responder is told about those who take zones from here.
struct SecondarySettings {
    std::vector<config::SiteKey> keys;
    std::optional<config::CatalogSettings> catalog;
};

/// Bytes that an answer over UDP or TCP can have; `answer` buffers have at least the one for their
/// transport.
inline constexpr std::size_t kUdpAnswerSizeMax = 4096;
inline constexpr std::size_t kTcpAnswerSizeMax = 65535;

/// What is prepared once for one generation of the configuration: apex records, served codes, the
/// tree of origins. Immutable, shared by all threads.
class Site {
public:
    /// `keys` are those of the rulebook's zones. Without them none of any zone is known. Without
    /// `secondaries` no signature is.
    Site(std::shared_ptr<const verdict::Rulebook> rulebook, ResponderSettings settings,
         const partner::ZoneKeys& keys = {},
         std::shared_ptr<const SecondarySettings> secondaries = nullptr);
    ~Site();
    Site(const Site&) = delete;
    Site& operator=(const Site&) = delete;

    const verdict::Rulebook& rulebook() const noexcept;
    const std::shared_ptr<const verdict::Rulebook>& shared_rulebook() const noexcept;

    struct Prepared;
    const Prepared& prepared() const noexcept { return *prepared_; }

private:
    std::unique_ptr<const Prepared> prepared_;
};

/// Answers one query: returns the bytes written into `answer`, or 0 for a packet that gets none
/// (too short, or itself an answer). `judge` has this site's rulebook and a fresh snapshot; is its
/// snapshot missing (`has_snapshot` false), what needs data is SERVFAIL. Allocates nothing, takes
/// no lock, makes no system call, throws nothing.
std::size_t respond(std::span<const std::uint8_t> query, const Client& client, const Site& site,
                    verdict::Judge& judge, bool has_snapshot, UnixTime now,
                    std::span<std::uint8_t> answer) noexcept;

}  // namespace ostrakon::responder
