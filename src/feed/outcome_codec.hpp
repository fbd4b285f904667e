// A reading's outcome as bytes, from the process that has read a list to the one that wants it.
//
// Both are one program, so numbers lie as they do in memory; but the process that has read may be
// in the hands of the list. Nothing that comes from it is relied on before it has been checked.
#pragma once

#include "ostrakon/base/result.hpp"
#include "ostrakon/feed/confined_reading.hpp"

#include <cstddef>
#include <functional>
#include <string_view>

namespace ostrakon::feed {

/// Patterns that a list may have: each is compiled by whoever takes the outcome.
inline constexpr std::size_t kReadPatternsMax = 1000;

/// Writes an outcome, or why there is none, piece by piece. The name of the format is left out.
void encode_outcome(const Result<ReadOutcome>& outcome,
                    const std::function<void(std::string_view)>& write);

/// Gives the next `size` bytes, fewer at the end alone.
using ByteSource = std::function<std::size_t(char* to, std::size_t size)>;

/// Reads what encode_outcome has written: the outcome, or the error it was. Bytes that
/// encode_outcome cannot have written are an error of kind Usage about `file`. `size` is what the
/// source has in all.
Result<ReadOutcome> decode_outcome(std::string_view file, std::size_t size,
                                   const ByteSource& source);

}  // namespace ostrakon::feed
