// What a server says to a question, and how two servers' answers differ.
//
// TTLs, flags and the other sections are left aside: they differ between any two servers.
#pragma once

#include "ostrakon/net/address.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace ostrakon::compare {

struct Answer {
    bool is_there = false;  ///< An answer came that could be read.
    std::uint16_t rcode = 0;
    bool has_records = false;        ///< Of the type that was asked for.
    std::vector<net::Ipv4> codes;    ///< A: distinct, ascending.
    std::vector<std::string> texts;  ///< TXT: any bytes; distinct, ascending.
};

/// "NOERROR", "NXDOMAIN", "REFUSED", …, "RCODE17"; empty where there is no answer.
std::string rcode_name(const Answer& answer);

enum class Difference : std::uint8_t {
    None,
    NoData,      ///< One says NXDOMAIN, the other that the name has no such records.
    ListedHere,  ///< And not there.
    ListedThere,
    Codes,       ///< Listed by both, with other codes.
    Texts,       ///< Listed by both, with other texts.
    Failure,     ///< One refuses or fails, or both in different ways.
    Unanswered,  ///< Nothing came from there.
};
/// "listed here only", as tables say it.
std::string_view to_string(Difference difference);

/// Texts are compared with `with_texts` alone.
Difference difference_of(const Answer& ours, const Answer& theirs, bool with_texts);

}  // namespace ostrakon::compare
