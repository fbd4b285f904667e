// The side that asks: signs a question, and verifies what answers it, a whole transfer too, of
// which a server need not sign every message (RFC 8945 §5.3.1).
#pragma once

#include "ostrakon/base/time.hpp"
#include "ostrakon/tsig/key.hpp"
#include "ostrakon/tsig/record.hpp"

#include <optional>
#include <vector>

namespace ostrakon::tsig {

/// Why an answer is not to be believed.
enum class Doubt : std::uint8_t {
    None,
    NotSigned,        ///< The first message has to be.
    TooManyUnsigned,  ///< More than kUnsignedMessagesMax in a row.
    OtherKey,
    ToldError,  ///< The record says that the question was not believed, and why.
    WrongMac,
    WrongTime,
};

inline constexpr unsigned kUnsignedMessagesMax = 99;

/// One question and the messages that answer it.
class Session {
public:
    /// Borrows the key.
    explicit Session(const Key& key) : key_(key) {}

    /// Puts a TSIG behind a question.
    void sign(std::vector<std::uint8_t>& question, UnixTime now);

    /// Takes the next message; `record` is its TSIG, null where it has none.
    Doubt take(Bytes message, const Record* record, UnixTime now);

    /// Whether the last message was signed: what came after a signature is not believed.
    bool is_settled() const { return is_begun_ && unsigned_count_ == 0; }

private:
    const Key& key_;
    Mac prior_;
    std::optional<Hmac> pending_;  // of what came since the last signature
    unsigned unsigned_count_ = 0;
    bool is_begun_ = false;
};

}  // namespace ostrakon::tsig
