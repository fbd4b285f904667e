#include "ostrakon/responder/signature.hpp"

namespace ostrakon::responder {

void check_signature(const PendingQuery& pending, const Site::Prepared& site, UnixTime now,
                     Signature& signature) noexcept {
    signature.key = nullptr;
    if (!tsig::read_record(pending.packet, pending.query.tsig_begin, signature.record)) {
        signature.finding = tsig::Finding::Malformed;
        return;
    }
    signature.key = site.find_key(pending.zone, signature.record.name.view());
    signature.finding = tsig::verify_request(pending.packet, signature.record, signature.key, now);
}

std::size_t answer_signature_size(const Signature& signature) noexcept {
    return signature.finding == tsig::Finding::Malformed || !signature.has_room
               ? 0
               : tsig::answer_record_size(signature.record, signature.key);
}

}  // namespace ostrakon::responder
