// The lines of an rbldnsd data set, and its special lines: $TTL, $TIMESTAMP, $DATASET and so on.
#pragma once

#include "lines.hpp"
#include "ostrakon/base/result.hpp"
#include "ostrakon/base/time.hpp"
#include "rbldnsd_text.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace ostrakon::feed {

/// Gives the lines of a data set, without blanks at their ends. Only \n ends a line; a \r before it
/// counts as a blank.
class RbldnsdLines {
public:
    RbldnsdLines(std::string_view text, std::uint32_t first_number)
        : text_(text), number_(first_number) {}

    bool next(Line& line);
    /// Bytes that have been given out, line ends counted.
    std::size_t consumed() const { return at_; }

private:
    std::string_view text_;
    std::size_t at_ = 0;
    std::uint32_t number_;
};

enum class SpecialKind : std::uint8_t {
    None,  ///< An entry, a default, a comment or an empty line.
    Soa,
    Nameservers,
    Ttl,
    MaxRange4,
    Timestamp,
    DataSet,
    Variable,
    Unknown,  ///< It begins with a $, and that is all.
};
struct Special {
    SpecialKind kind = SpecialKind::None;
    std::size_t variable = 0;   ///< Of a Variable: 0 to 9, or kBaseTemplate.
    std::string_view argument;  ///< What stands behind its name.
};

/// What special line this is, if it is one.
Special special_of(std::string_view line);

struct Timestamp {
    std::optional<UnixTime> made;     ///< Nothing: not said.
    std::optional<UnixTime> expires;  ///< Nothing: never.
};

/// The argument of $TIMESTAMP; nothing if it is not in order.
std::optional<Timestamp> read_timestamp(std::string_view argument);

/// What $MAXRANGE4 says: how many addresses the widest entry may have. It holds from its line on
/// through all that follows in the file, and can only be lowered.
class MaxRange {
public:
    enum class Taken : std::uint8_t { Yes, NotUnderstood, NotLowered };
    Taken take(std::string_view argument);
    std::optional<std::uint64_t> addresses() const { return addresses_; }
    bool forbids(std::uint64_t count) const { return addresses_ && count > *addresses_; }

private:
    std::optional<std::uint64_t> addresses_;
};

}  // namespace ostrakon::feed
