// What a function returns when it can fail: a value, or why there is none.
//
// Expected<T, enum> is for the hot path, which neither allocates nor throws. Result<T> is for all the rest: its Error
// tells an operator what was attempted, why it failed and what to do.
#pragma once

#include <cstdint>
#include <string>
#include <tl/expected.hpp>
#include <utility>

namespace ostrakon {

template <class T, class E>
using Expected = tl::expected<T, E>;

template <class E>
class Unexpected : public tl::unexpected<E> {
public:
    using tl::unexpected<E>::unexpected;
};
template <class E>
Unexpected(E) -> Unexpected<E>;

/// What kind of failure an Error is. Programs choose their exit status by it (see exit_status).
enum class ErrorCode : std::uint8_t {
    Usage,    ///< The words of the call are wrong, or a file it names cannot be read or understood.
    Refused,  ///< A safety or lifecycle rule forbids it.
    Absent,   ///< What was asked for is not there.
    Store,    ///< The database cannot be opened, read or written.
    System,   ///< The operating system refused.
};

/// Why something failed, in words for the operator. No sentence ends in a full stop: they are joined by message().
struct Error {
    ErrorCode code = ErrorCode::System;
    std::string attempt;  ///< What was attempted, on what: "open /var/lib/ostrakon/data.mdb".
    std::string why;      ///< Why it failed: "Permission denied".
    std::string remedy;   ///< What to do about it; may be empty.
};

/// Returns the error as one line: "attempt: why (remedy)".
std::string message(const Error& error);

/// Returns the exit status for this kind of failure: 1 absent, 2 usage, 3 refused, 4 store or system.
int exit_status(ErrorCode code);

template <class T>
using Result = Expected<T, Error>;

/// A success that carries nothing.
struct Done {};

}  // namespace ostrakon
