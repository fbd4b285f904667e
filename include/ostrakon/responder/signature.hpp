// The signature of a question (RFC 8945): whose it is, and whether it is to be believed.
#pragma once

#include "ostrakon/responder/pending_query.hpp"
#include "ostrakon/tsig/answering.hpp"

#include <optional>

namespace ostrakon::responder {

/// The TSIG of one question. Borrows the packet and the site.
struct Signature {
    tsig::Record record;
    const tsig::Key* key = nullptr;  ///< That it names; null: not known here, or another zone's.
    tsig::Finding finding{};
    bool has_room = true;  ///< False: the answer goes out without one.

    bool is_good() const noexcept { return finding == tsig::Finding::Good; }
    /// Who signed; null where that is not to be believed.
    const tsig::Key* signer() const noexcept { return is_good() ? key : nullptr; }
};

/// Judges the signature of a query that has one and could be read.
void check_signature(const PendingQuery& pending, const Site::Prepared& site, UnixTime now,
                     Signature& signature) noexcept;

/// Bytes that the signature of the answer takes, at most; 0: it has none.
std::size_t answer_signature_size(const Signature& signature) noexcept;

}  // namespace ostrakon::responder
