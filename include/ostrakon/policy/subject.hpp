// Subjects: what a decision is about, and the one spelling under which the database knows each.
#pragma once

#include "ostrakon/base/result.hpp"
#include "ostrakon/dns/name.hpp"
#include "ostrakon/net/address.hpp"
#include "ostrakon/net/origin.hpp"
#include "ostrakon/pattern/pattern.hpp"
#include "ostrakon/policy/mail_address.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

namespace ostrakon::policy {

/// Which names a subject covers.
enum class NameScope : std::uint8_t {
    Tree,     ///< example.com: the name and all below it.
    Exact,    ///< =example.com: that name alone.
    Below,    ///< *.example.com: only what is below.
    Pattern,  ///< Of entries alone: what a glob matches of it and of what is below.
};

struct NameSubject {
    dns::Name name;
    NameScope scope = NameScope::Tree;
    friend auto operator<=>(const NameSubject&, const NameSubject&) = default;
};

/// What a subject that is a pattern begins with.
inline constexpr std::string_view kPatternMark = "rdns:";

using Subject = std::variant<net::Ipv4Range, net::Ipv6Range, NameSubject, net::Origin,
                             pattern::Pattern, MailSubject>;

/// Reads a subject as people write it; the error gives an example of a right one. Normalises case,
/// last dots, U-labels and mapped addresses; refuses host bits. 40 hexadecimal digits alone are the
/// hash of a mail address.
Result<Subject> parse_subject(std::string_view text);

/// Reads the subject of a ban that a person types: as parse_subject, but an IPv6 address without a
/// length means its /64, unless `exact`. An address written out as /128 stays one address.
Result<Subject> parse_ban_subject(std::string_view text, bool exact);

/// The canonical spelling; parse_subject reads it back to an equal subject.
std::string to_string(const Subject& subject);

/// The class of a ban of such a subject when none is named: "ip", "domain", "isp", "country" or
/// "dynamic" or "email".
std::string_view default_class(const Subject& subject);

/// Whether `inner` lies wholly in `outer`. A mail address lies in itself alone, not in its domain.
bool lies_in(const Subject& inner, const Subject& outer);

/// How much a subject covers: addresses (an IPv6 /64 counts as one, a smaller part as one) and
/// names, of which a mail address is one. Nothing for an AS or a country: that is for maps to say
/// (policy/origin_map.hpp).
struct Coverage {
    std::uint64_t addresses = 0;  ///< Saturates at 2^64 - 1.
    std::uint64_t names = 0;
    Coverage& operator+=(const Coverage& other);
};
Coverage coverage(const Subject& subject);

}  // namespace ostrakon::policy
