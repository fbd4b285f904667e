// Signatures of DNS messages with a shared key (RFC 8945), of whole transfers too, where a server
// need not sign every message, which ldns takes for a forgery. Included by this module's sources
// only.
#pragma once

#include "dns_message.hpp"
#include "ostrakon/ldns/library.hpp"

#include <string>
#include <string_view>

namespace ostrakon::fetch {

enum class TsigHash : std::uint8_t { Sha1, Sha256, Sha384, Sha512 };

struct TsigKey {
    TsigHash hash = TsigHash::Sha256;
    Bytes algorithm;  ///< As a name on the wire.
    Bytes name;       ///< The same.
    Bytes secret;
};

/// Reads "hmac-sha256:NAME:BASE64"; without the first part it is that. Nothing where it is none.
std::optional<TsigKey> read_tsig_key(const ldns::Library& ldns, std::string_view text);

/// What the error field of a record says, for people.
std::string tsig_error_text(std::uint16_t error);

/// RFC 2104.
Bytes hmac(TsigHash hash, ByteSpan key, ByteSpan text);

/// One question and the messages that answer it.
class TsigSession {
public:
    explicit TsigSession(const TsigKey& key) : key_(key) {}

    /// Puts the record behind a question.
    void sign(Bytes& question, std::uint64_t time);
    /// Takes the next message. Empty where all is well, or why it is not to be believed.
    std::string take(ByteSpan message, const MessageOutline& outline, std::uint64_t time);
    /// Whether the last message was signed: what came after a signature is not believed.
    bool is_settled() const { return is_begun_ && unsigned_count_ == 0; }

private:
    void put_variables(Bytes& text, std::uint64_t time, std::uint16_t fudge, std::uint16_t error,
                       ByteSpan other) const;

    const TsigKey& key_;
    Bytes prior_mac_;
    Bytes pending_;  // messages without a signature so far
    unsigned unsigned_count_ = 0;
    bool is_begun_ = false;
};

}  // namespace ostrakon::fetch
