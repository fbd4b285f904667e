// Messages as ldns reads and writes them: what our own codec is measured by.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace ostrakon::test {

using Bytes = std::vector<std::uint8_t>;

/// An OPT record of an answer.
struct OptText {
    std::uint16_t payload_bytes = 0;
    bool dnssec_ok = false;
    std::uint8_t extended_rcode = 0;
    Bytes options = {};  ///< As they stand in the record's data.
    friend bool operator==(const OptText&, const OptText&) = default;
};

/// An answer as text: what ldns is to write, or what it has read.
struct MessageText {
    std::uint16_t id = 0;
    std::uint8_t rcode = 0;  ///< The four bits of the header.
    bool authoritative = false;
    bool truncated = false;
    bool recursion_desired = false;
    bool recursion_available = false;
    bool authentic_data = false;
    bool checking_disabled = false;
    std::string question = {};             ///< "NAME CLASS TYPE", or empty.
    std::vector<std::string> answer = {};  ///< "NAME TTL CLASS TYPE DATA".
    std::vector<std::string> authority = {};
    std::vector<std::string> additional = {};
    std::optional<OptText> opt = std::nullopt;
    friend bool operator==(const MessageText&, const MessageText&) = default;
};

/// The answer as ldns writes it: names compressed, OPT last. Empty if ldns cannot read a record.
Bytes write_by_ldns(const MessageText& message);

/// What ldns reads in a message; nothing if it finds a mistake, or if it is no answer. Blanks are
/// single.
std::optional<MessageText> read_by_ldns(std::span<const std::uint8_t> bytes);

}  // namespace ostrakon::test
