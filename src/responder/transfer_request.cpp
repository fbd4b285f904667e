#include "ostrakon/responder/transfer_request.hpp"

#include "ostrakon/dns/wire.hpp"
#include "ostrakon/responder/records.hpp"
#include "ostrakon/responder/zone_answer.hpp"

namespace ostrakon::responder {
namespace {

constexpr std::size_t kRecordHeadSize = 10;  // type, class, TTL, length of the data
constexpr std::size_t kSoaNumbersSize = 20;  // the serial is the first of five
constexpr std::uint8_t kPointerBits = 0xC0;

using PacketBytes = std::span<const std::uint8_t>;

// Takes a name off the front, a pointer as it is; false where it is cut off.
bool skip_owner(PacketBytes& rest) noexcept {
    while (!rest.empty()) {
        const std::size_t length = rest.front();
        const bool is_last = length == 0 || length >= kPointerBits;
        const std::size_t size = length >= kPointerBits ? 2 : length + 1;
        if (size > rest.size()) {
            return false;
        }
        rest = rest.subspan(size);
        if (is_last) {
            return true;
        }
    }
    return false;
}

// The serial of the SOA that an IXFR has in its authority section (RFC 1995 §3). Without one it
// asks for all of the zone.
std::optional<std::uint32_t> serial_of_client(const PendingQuery& pending) noexcept {
    const PacketBytes packet = pending.packet;
    if (dns::load_u16(&packet[6]) != 0 || dns::load_u16(&packet[8]) == 0) {
        return std::nullopt;
    }
    PacketBytes rest = packet.subspan(dns::kHeaderSize + pending.query.question.size());
    if (!skip_owner(rest) || rest.size() < kRecordHeadSize ||
        dns::RecordType{dns::load_u16(rest.data())} != dns::RecordType::Soa) {
        return std::nullopt;
    }
    const std::size_t size = dns::load_u16(&rest[8]);
    if (size < kSoaNumbersSize || size > rest.size() - kRecordHeadSize) {
        return std::nullopt;
    }
    const std::uint8_t* const at = &rest[kRecordHeadSize + size - kSoaNumbersSize];
    return std::uint32_t{dns::load_u16(at)} << 16 | dns::load_u16(at + 2);
}

// The zone or catalog whose origin is asked for; null: none.
const PreparedZone* zone_asked_for(const PendingQuery& pending,
                                   const Site::Prepared& site) noexcept {
    if (pending.query.record_class != dns::RecordClass::In) {
        return nullptr;
    }
    if (pending.zone != nullptr) {
        const bool is_apex = pending.query.name.label_count() == pending.zone->origin_labels;
        return is_apex ? pending.zone : nullptr;
    }
    return site.find_catalog(pending.query.name);
}

}  // namespace

std::optional<TransferRequest> granted_transfer(const PendingQuery& pending, const Client& client,
                                                const Site::Prepared& site,
                                                const tsig::Key* signer) noexcept {
    if (pending.error || !asks_transfer(pending.query)) {
        return std::nullopt;
    }
    const PreparedZone* const zone = zone_asked_for(pending, site);
    if (zone == nullptr || !zone->secondaries.admits(client.address, signer)) {
        return std::nullopt;
    }
    TransferRequest request{zone, pending.zone == nullptr};
    if (pending.query.type == dns::RecordType::Ixfr) {
        request.client_serial = serial_of_client(pending);
    }
    return request;
}

void answer_transfer_request(Exchange& exchange) noexcept {
    const auto granted =
        granted_transfer(exchange.asked, exchange.client, exchange.site, exchange.signer);
    const bool is_udp = exchange.client.transport == Transport::Udp;
    if (!granted) {
        exchange.incident = Incident::TransferRefused;
        exchange.writer.set_rcode(dns::Rcode::Refused);
        exchange.writer.set_error(dns::ExtendedError::Prohibited);
    } else if (!is_udp) {
        exchange.writer.set_rcode(dns::Rcode::ServFail);
        exchange.writer.set_error(dns::ExtendedError::NotReady);
    } else if (exchange.query.type == dns::RecordType::Axfr) {
        exchange.writer.set_rcode(dns::Rcode::Refused);  // RFC 5936 §4.2 knows none over UDP
    } else {
        answer_apex_soa(exchange, *granted->zone);
    }
}

}  // namespace ostrakon::responder
