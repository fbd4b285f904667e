// The records of a zone file in master format (RFC 1035 §5), cut into words.
#pragma once

#include "lines.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace ostrakon::feed {

/// One record or directive. The words borrow the text.
struct ZoneRecord {
    std::uint32_t line = 0;               ///< Where it begins.
    std::string_view text;                ///< Its first line.
    bool has_owner = false;               ///< Its first word is an owner, or a directive.
    std::vector<std::string_view> words;  ///< Comments and parentheses taken off.
    std::string mistake;                  ///< Why it cannot be read; empty where it can.
};

/// Gives the records one after the other; parentheses let one go on over lines.
class ZoneRecords {
public:
    explicit ZoneRecords(std::string_view text) : lines_(text) {}
    bool next(ZoneRecord& record);
    std::size_t consumed() const { return lines_.consumed(); }
    /// Whether the text ended within parentheses.
    bool is_open() const { return depth_ > 0; }

private:
    void take_words(std::string_view text, ZoneRecord& record);

    Lines lines_;
    unsigned depth_ = 0;
};

}  // namespace ostrakon::feed
