// Questions as bytes, and answers as values.
#pragma once

#include "ostrakon/base/result.hpp"
#include "ostrakon/compare/answer.hpp"
#include "ostrakon/compare/log_line.hpp"

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace ostrakon::compare {

using Bytes = std::vector<std::uint8_t>;

/// A query with recursion desired, so that a resolver may stand in front of the other server, and
/// with EDNS for answers of up to 1,232 bytes.
Bytes write_question(const Question& question, std::uint16_t id);

/// Reads answers with ldns, which is loaded by open().
class AnswerReader {
public:
    static Result<AnswerReader> open();
    AnswerReader(AnswerReader&&) noexcept;
    AnswerReader& operator=(AnswerReader&&) noexcept;
    ~AnswerReader();

    /// The bytes may be hostile; what cannot be read is no answer.
    Answer read(std::span<const std::uint8_t> bytes, const Question& question) const;

private:
    struct State;
    explicit AnswerReader(std::unique_ptr<const State> state);
    std::unique_ptr<const State> state_;
};

}  // namespace ostrakon::compare
