// Reads SPF records (RFC 7208) to judge their spelling, not to apply them to a message.
//
// The record is hostile: its size is bounded, and mistakes quote no more of it than can be shown.
#pragma once

#include "ostrakon/dns/name.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ostrakon::diagnose {

/// The longest record that is read, in bytes.
inline constexpr std::size_t kSpfSizeMax = 8192;
/// The most mechanisms and modifiers of a record that may ask DNS (RFC 7208 §4.6.4), with those of
/// the records that it takes in.
inline constexpr unsigned kSpfLookupsMax = 10;

enum class SpfTermKind : std::uint8_t {
    All,
    Include,
    Address,   ///< `a`
    Exchange,  ///< `mx`
    Pointer,   ///< `ptr`
    Ip4,
    Ip6,
    Exists,
    Redirect,
    Explanation,
    Other,  ///< A modifier that nobody has defined yet.
};

struct SpfTerm {
    SpfTermKind kind = SpfTermKind::Other;
    /// The domain that the term names, where it can be known without a message: no macro in it.
    std::optional<dns::Name> domain;

    /// Whether it counts among those that may ask DNS.
    bool asks_dns() const;
};

struct SpfRecord {
    std::vector<SpfTerm> terms;         ///< Those without a mistake, in their order.
    std::vector<std::string> mistakes;  ///< In words, each with its term; at most kMistakesMax.
    static constexpr std::size_t kMistakesMax = 5;
};

/// Whether a TXT record is an SPF record: begins with "v=spf1" and a blank, or is nothing else.
bool is_spf_record(std::string_view text);

/// Reads a record for which is_spf_record holds.
SpfRecord parse_spf(std::string_view text);

}  // namespace ostrakon::diagnose
