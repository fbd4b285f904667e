// axfr://: a zone, transferred over TCP (RFC 5936), signed or not, written as a master file.
#include "attempt.hpp"
#include "axfr_connection.hpp"
#include "body_file.hpp"
#include "dns_message.hpp"
#include "ostrakon/ldns/library.hpp"
#include "tsig_key.hpp"

#include <sys/random.h>

#include <fmt/format.h>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <memory>

namespace ostrakon::fetch {
namespace {

constexpr unsigned kRcodeNxDomain = 3;
constexpr unsigned kRcodeRefused = 5;
constexpr unsigned kRcodeNotAuth = 9;
constexpr std::size_t kSoaSerialField = 2;

struct PacketFree {
    decltype(&ldns_pkt_free) free;
    void operator()(ldns_pkt* packet) const { free(packet); }
};
using Packet = std::unique_ptr<ldns_pkt, PacketFree>;

class AxfrFetch {
public:
    AxfrFetch(const ldns::Library& ldns, const Attempt& attempt, const AxfrTarget& target,
              const tsig::Key* key)
        : ldns_(ldns), attempt_(attempt), target_(target), key_(key) {}

    Outcome run();

private:
    Expected<std::optional<std::string>, Failure> asked_serial();
    Outcome transferred();
    Expected<AxfrConnection, Failure> begin(std::uint16_t type);
    Expected<Packet, Failure> next(AxfrConnection& connection);
    Expected<Done, Failure> check(ByteSpan message);
    Expected<bool, Failure> write_records(const Packet& packet, BodyFile& body);
    Expected<Done, Failure> write_text(std::string_view text, BodyFile& body);
    Unexpected<Failure> by_rcode(const MessageOutline& outline) const;
    Unexpected<Failure> cut_off() const {
        return attempt_.left().count() == 0
                   ? attempt_.timed_out()
                   : attempt_.failed(FailureKind::Temporary,
                                     "the server ended the connection before the zone was whole");
    }
    bool is_soa_of_zone(const ldns_rr* record) const;
    std::string serial_of(const ldns_rr* soa) const;

    const ldns::Library& ldns_;
    const Attempt& attempt_;
    const AxfrTarget& target_;
    const tsig::Key* key_;
    std::optional<tsig::Session> session_;
    std::uint16_t id_ = 0;
    std::string serial_;
    std::uint64_t received_ = 0;
};

bool AxfrFetch::is_soa_of_zone(const ldns_rr* record) const {
    const ldns_rdf* const owner = ldns_.owner(record);
    const std::string_view zone = target_.zone.wire();
    const ByteSpan wire{ldns_.rdf_data(owner), ldns_.rdf_size(owner)};
    return ldns_.type(record) == LDNS_RR_TYPE_SOA && ldns_.rdf_count(record) > kSoaSerialField &&
           std::equal(wire.begin(), wire.end(), zone.begin(), zone.end(),
                      [](std::uint8_t a, char b) {
                          return dns::lower(a) == dns::lower(static_cast<std::uint8_t>(b));
                      });
}

std::string AxfrFetch::serial_of(const ldns_rr* soa) const {
    const ldns_rdf* const field = ldns_.rdf(soa, kSoaSerialField);
    const ByteSpan bytes{ldns_.rdf_data(field), ldns_.rdf_size(field)};
    std::uint32_t serial = 0;
    for (const std::uint8_t byte : bytes) {
        serial = serial << 8 | byte;
    }
    return std::to_string(serial);
}

Expected<AxfrConnection, Failure> AxfrFetch::begin(std::uint16_t type) {
    auto connection = AxfrConnection::open(attempt_, target_);
    if (!connection) {
        return attempt_.failed(FailureKind::Temporary, message(connection.error()));
    }
    if (::getrandom(&id_, sizeof id_, 0) != sizeof id_) {
        return attempt_.failed(FailureKind::Temporary, std::strerror(errno));
    }
    Bytes question = write_question(id_, target_.zone, type);
    session_.reset();
    if (key_ != nullptr) {
        session_.emplace(*key_).sign(question, now());
    }
    if (!connection->send(question)) {
        return cut_off();
    }
    return std::move(*connection);
}

Unexpected<Failure> AxfrFetch::by_rcode(const MessageOutline& outline) const {
    const bool is_refused = outline.rcode == kRcodeRefused || outline.rcode == kRcodeNotAuth;
    std::string why =
        fmt::format("the server answered {}", outline.rcode == kRcodeRefused   ? "REFUSED"
                                              : outline.rcode == kRcodeNotAuth ? "NOTAUTH"
                                              : outline.rcode == kRcodeNxDomain
                                                  ? "NXDOMAIN"
                                                  : std::to_string(outline.rcode));
    if (outline.tsig && outline.tsig->error != 0) {
        why += "; " + tsig_error_text(outline.tsig->error);
    }
    return attempt_.failed(is_refused                        ? FailureKind::Refused
                           : outline.rcode == kRcodeNxDomain ? FailureKind::Gone
                                                             : FailureKind::Temporary,
                           why,
                           is_refused ? "see whether zone, key and this address are allowed" : "");
}

Expected<Done, Failure> AxfrFetch::check(ByteSpan message) {
    const auto outline = read_outline(message);
    if (!outline || !outline->is_answer || outline->id != id_ || outline->is_truncated) {
        return attempt_.failed(FailureKind::Temporary, "the server sent what is no answer");
    }
    if (outline->rcode != 0) {
        return by_rcode(*outline);
    }
    if (session_) {
        const tsig::Record* const record = outline->tsig ? &*outline->tsig : nullptr;
        const tsig::Doubt doubt = session_->take(message, record, now());
        if (doubt != tsig::Doubt::None) {
            return attempt_.failed(FailureKind::Temporary,
                                   doubt_text(doubt, record == nullptr ? 0 : record->error));
        }
    }
    return Done{};
}

Expected<Packet, Failure> AxfrFetch::next(AxfrConnection& connection) {
    const Bytes message = connection.receive();
    if (message.empty()) {
        return cut_off();
    }
    received_ += message.size();
    if (auto checked = check(message); !checked) {
        return Unexpected{std::move(checked.error())};
    }
    ldns_pkt* raw = nullptr;
    if (ldns_.from_wire(&raw, message.data(), message.size()) != LDNS_STATUS_OK) {
        return attempt_.failed(FailureKind::Temporary,
                               "the server sent records that cannot be read");
    }
    return Packet{raw, {ldns_.packet_free}};
}

Expected<std::optional<std::string>, Failure> AxfrFetch::asked_serial() {
    auto connection = begin(kTypeSoa);
    if (!connection) {
        return Unexpected{std::move(connection.error())};
    }
    const auto packet = next(*connection);
    if (!packet) {
        return Unexpected{packet.error()};
    }
    const ldns_rr_list* const records = ldns_.answer(packet->get());
    for (std::size_t i = 0; i < ldns_.count(records); ++i) {
        if (is_soa_of_zone(ldns_.record(records, i))) {
            return std::optional{serial_of(ldns_.record(records, i))};
        }
    }
    return std::optional<std::string>{};
}

Expected<Done, Failure> AxfrFetch::write_text(std::string_view text, BodyFile& body) {
    if (body.size() + text.size() > attempt_.request.limits.size_max) {
        return attempt_.too_large();
    }
    if (auto written = body.write(text); !written) {
        return Attempt::failed(std::move(written.error()));
    }
    return Done{};
}

// True where the zone is whole.
Expected<bool, Failure> AxfrFetch::write_records(const Packet& packet, BodyFile& body) {
    const ldns_rr_list* const records = ldns_.answer(packet.get());
    const std::size_t count = ldns_.count(records);
    if (count == 0) {
        return attempt_.failed(FailureKind::Temporary, "the server sent a message without records");
    }
    for (std::size_t i = 0; i < count; ++i) {
        const ldns_rr* const record = ldns_.record(records, i);
        const bool is_soa = is_soa_of_zone(record);
        if (serial_.empty() != is_soa) {
            if (!is_soa || i + 1 != count || serial_of(record) != serial_) {
                return attempt_.failed(FailureKind::Temporary,
                                       is_soa ? "the zone changed while it was transferred"
                                              : "the server sent a zone that begins with no SOA");
            }
            return true;
        }
        if (ldns_.record_class(record) != LDNS_RR_CLASS_IN) {
            return attempt_.failed(FailureKind::Temporary, "the zone has records of another class");
        }
        serial_ = is_soa ? serial_of(record) : serial_;
        const std::unique_ptr<char, decltype(&std::free)> text{ldns_.record_text(record),
                                                               &std::free};
        if (!text) {
            return attempt_.failed(FailureKind::Temporary,
                                   "the server sent a record that cannot be read");
        }
        if (auto written = write_text(text.get(), body); !written) {
            return Unexpected{std::move(written.error())};
        }
    }
    return false;
}

Outcome AxfrFetch::transferred() {
    auto connection = begin(kTypeAxfr);
    if (!connection) {
        return Unexpected{std::move(connection.error())};
    }
    auto body = BodyFile::create(attempt_.request.body);
    if (!body) {
        return Attempt::failed(std::move(body.error()));
    }
    if (auto written = write_text("$ORIGIN " + dns::to_string(target_.zone) + ".\n", *body);
        !written) {
        return Unexpected{std::move(written.error())};
    }
    for (;;) {
        auto packet = next(*connection);
        if (!packet) {
            return Unexpected{std::move(packet.error())};
        }
        const auto whole = write_records(*packet, *body);
        if (!whole) {
            return Unexpected{whole.error()};
        }
        attempt_.tell_progress(received_, 0);
        if (*whole) {
            break;
        }
    }
    if (session_ && !session_->is_settled()) {
        return attempt_.failed(FailureKind::Temporary, "the end of the zone is not signed");
    }
    if (auto kept = body->keep(); !kept) {
        return Attempt::failed(std::move(kept.error()));
    }
    return Fetched{false, {serial_, ""}, std::nullopt, body->size()};
}

Outcome AxfrFetch::run() {
    const std::string& known = attempt_.request.validators.etag;
    if (!known.empty()) {
        const auto serial = asked_serial();
        if (!serial) {
            return Unexpected{serial.error()};
        }
        if (*serial == known) {
            return Fetched{true, attempt_.request.validators, std::nullopt, 0};
        }
    }
    return transferred();
}

}  // namespace

Outcome fetch_axfr(Attempt& attempt) {
    const auto target = read_axfr_target(attempt.request.url);
    if (!target) {
        return attempt.failed(FailureKind::BadRequest, "names no zone of a server",
                              "write it as axfr://HOST:PORT/ZONE");
    }
    const auto ldns = ldns::load_library();
    if (!ldns) {
        return Attempt::failed(ldns.error());
    }
    std::optional<tsig::Key> key;
    if (!attempt.request.key.empty()) {
        key = read_tsig_key(attempt.request.key);
        if (!key) {
            return attempt.failed(
                FailureKind::BadRequest, "its key is none of a name server",
                "write it as hmac-sha256:NAME:BASE64 (or -sha1, -sha224, -sha384, -sha512)");
        }
    }
    return AxfrFetch{*ldns, attempt, *target, key ? &*key : nullptr}.run();
}

}  // namespace ostrakon::fetch
