// Questions for a whole zone (AXFR, RFC 5936; IXFR, RFC 1995): who may have it, and what is said
// without sending it. Sending it is the server's.
#pragma once

#include "ostrakon/responder/exchange.hpp"
#include "ostrakon/responder/pending_query.hpp"

#include <cstdint>
#include <optional>

namespace ostrakon::responder {

/// Whether a query asks for a transfer, whoever it is.
constexpr bool asks_transfer(const dns::Query& query) noexcept {
    return query.type == dns::RecordType::Axfr || query.type == dns::RecordType::Ixfr;
}

/// A transfer that the client may have. Borrows the site.
struct TransferRequest {
    const PreparedZone* zone = nullptr;
    bool is_catalog = false;  ///< Then the zone is the site's catalog, and no zone of the rulebook.
    std::optional<std::uint32_t> client_serial = std::nullopt;  ///< Of an IXFR: what it has.
};

/// What a query that has been read asks for, where `signer` (null: nobody signed) may have it.
/// Nothing where it asks for something else or may not.
std::optional<TransferRequest> granted_transfer(const PendingQuery& pending, const Client& client,
                                                const Site::Prepared& site,
                                                const tsig::Key* signer) noexcept;

/// Answers a question for a transfer in one message: refuses it, or over UDP gives the SOA alone
/// to those who may have the zone (RFC 1995 §2). Over TCP these get SERVFAIL: they come here only
/// where there is no room for another transfer.
void answer_transfer_request(Exchange& exchange) noexcept;

}  // namespace ostrakon::responder
