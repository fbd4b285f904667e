// The side that is asked: is a request signed as it should be, and the signature of what answers it
// (RFC 8945 §5.2, §5.3).
//
// A signature tells who asks, and that nobody has changed the question. It does not tell that the
// question has not been asked before: within its time it can be sent again, which gets who does so
// nothing but what the answer's receiver may have anyway. Allocates nothing, throws nothing.
#pragma once

#include "ostrakon/base/time.hpp"
#include "ostrakon/tsig/key.hpp"
#include "ostrakon/tsig/record.hpp"

#include <span>

namespace ostrakon::tsig {

/// What is to be thought of a request that has a TSIG.
enum class Finding : std::uint8_t {
    Good,
    Malformed,  ///< To be answered FORMERR, unsigned.
    // To be answered NOTAUTH with the error of this name.
    BadKey,    ///< The key or its algorithm is not known here.
    BadSig,    ///< Another secret, or another message.
    BadTime,   ///< Its time is over, or a clock is wrong.
    BadTrunc,  ///< Its MAC is cut short, though rightly.
};

/// Judges a request. `key` is the one that the record names; null: it is not known here.
Finding verify_request(Bytes message, const Record& record, const Key* key, UnixTime now) noexcept;

/// Bytes of the TSIG record that AnswerSigner adds, at most.
std::size_t answer_record_size(const Record& request, const Key* key) noexcept;

/// Signs the answers to one request, each as it goes out: one alone, or all messages of a transfer.
/// Where the finding is BadKey or BadSig its records say so, and sign nothing.
class AnswerSigner {
public:
    /// Borrows the record, the message that it was read from, and the key.
    AnswerSigner(const Record& request, const Key* key, Finding finding) noexcept;

    /// Puts a TSIG behind the message, the first `size` bytes of `buffer`, which has room for it;
    /// returns the size that it has then.
    std::size_t sign(std::span<std::uint8_t> buffer, std::size_t size, UnixTime now) noexcept;

private:
    const Record& request_;
    const Key* key_;
    Finding finding_;
    Mac prior_;
    bool is_first_ = true;
};

}  // namespace ostrakon::tsig
