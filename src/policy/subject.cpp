#include "ostrakon/policy/subject.hpp"

#include "ostrakon/dns/reversed_address.hpp"
#include "subject_mistake.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <limits>
#include <optional>

namespace ostrakon::policy {
namespace {

constexpr std::size_t kTypedSizeMax = 1024;  // U-labels are longer than the A-labels they become
constexpr std::string_view kCountryMark = "country:";
constexpr int kIpv6UnitLength = 64;  // what one customer has, and what counts as one

bool starts_with_ignoring_case(std::string_view text, std::string_view start) {
    return text.size() >= start.size() &&
           std::equal(start.begin(), start.end(), text.begin(), [](char expected, char read) {
               return static_cast<std::uint8_t>(expected) ==
                      dns::lower(static_cast<std::uint8_t>(read));
           });
}

bool is_as_number(std::string_view text) {
    return text.size() > 2 && starts_with_ignoring_case(text, "as") &&
           is_all_digits(text.substr(2));
}

// What people may write by the rules of this program, though this version cannot carry it out; or
// what is no subject at all and is mistaken for one so often that it deserves its own words.
std::optional<Error> foreign_kind(std::string_view text) {
    const auto mistake = [text](std::string why, std::string remedy) {
        return std::optional{subject_mistake(text, std::move(why), std::move(remedy)).value()};
    };
    if (text.find("://") != std::string_view::npos) {
        const std::string_view host = host_of(text);
        return mistake("is a URL", host.empty() ? "write its host alone, as in example.com"
                                                : fmt::format("write its host alone: {}", host));
    }
    return std::nullopt;
}

// Addresses, prefixes and ranges have nothing but digits and signs, or a colon or slash, which no
// name has.
bool looks_like_addresses(std::string_view text) {
    return text.find_first_of(":/") != std::string_view::npos ||
           text.find_first_not_of("0123456789.-") == std::string_view::npos;
}

Result<Subject> parse_name_subject(std::string_view text) {
    NameScope scope = NameScope::Tree;
    std::string_view bare = text;
    if (bare.front() == '=') {
        scope = NameScope::Exact;
        bare.remove_prefix(1);
    } else if (bare.substr(0, 2) == "*.") {
        scope = NameScope::Below;
        bare.remove_prefix(2);
    }
    auto name = dns::parse_name(bare);
    if (!name) {
        return name_mistake(text, name.error());
    }
    const bool is_hash = name->label_count() == 1 && dns::is_hash_label(name->labels().front());
    if (is_hash && scope != NameScope::Below) {
        return subject_mistake(text, "is the hash of a mail address, which is no name",
                               "write its 40 digits alone, in ASCII");
    }
    // Marks that IDNA drops, and digits of other scripts, can hide what is no name in plain text.
    const std::string plain = to_string(*name);
    if (scope == NameScope::Tree && (is_as_number(plain) || looks_like_addresses(plain))) {
        return subject_mistake(text, fmt::format("reads as {}, which is no name", plain),
                               "write it in ASCII, as in example.com");
    }
    return Subject{NameSubject{std::move(*name), scope}};
}

Result<Subject> parse_as_subject(std::string_view text) {
    if (const auto origin = net::parse_as_number(text)) {
        return Subject{*origin};
    }
    return subject_mistake(text, "is no AS number",
                           "AS numbers are 1 to 4294967295, without leading zeros, as in AS64500");
}

Result<Subject> parse_country_subject(std::string_view text) {
    if (const auto origin = net::parse_country(text.substr(kCountryMark.size()))) {
        return Subject{*origin};
    }
    return subject_mistake(text, "is no country",
                           "write the two letters of ISO 3166-1, as in country:DE");
}

Result<Subject> parse_pattern_subject(std::string_view text) {
    auto parsed = pattern::parse(text.substr(kPatternMark.size()));
    if (!parsed) {
        return subject_mistake(text, std::move(parsed.error().why),
                               std::move(parsed.error().remedy));
    }
    return Subject{std::move(*parsed)};
}

Subject from_range(const net::AddressRange& range) {
    return std::visit([](auto found) { return Subject{found}; }, range);
}

}  // namespace

Result<Subject> parse_subject(std::string_view text) {
    if (const auto v4 = net::parse_ipv4(text)) {  // by far the most frequent kind in lists
        return Subject{net::Ipv4Range{*v4, *v4}};
    }
    if (text.empty()) {
        return subject_mistake(text, "is empty", "write it as 192.0.2.7 or example.com");
    }
    if (text.size() > kTypedSizeMax) {
        return subject_mistake(
            text, fmt::format("has {} bytes, more than {}", text.size(), kTypedSizeMax),
            "write it as 192.0.2.7 or example.com");
    }
    if (is_as_number(text)) {
        return parse_as_subject(text);
    }
    if (starts_with_ignoring_case(text, kCountryMark)) {
        return parse_country_subject(text);
    }
    if (starts_with_ignoring_case(text, kPatternMark)) {
        return parse_pattern_subject(text);
    }
    if (auto foreign = foreign_kind(text)) {
        return Unexpected{std::move(*foreign)};
    }
    if (text.find('@') != std::string_view::npos) {
        auto mail = parse_mail_address(text);
        return mail ? Result<Subject>{std::move(*mail)} : Unexpected{std::move(mail.error())};
    }
    if (dns::is_hash_label(text)) {
        return Subject{mail_of_hash(text)};
    }
    if (looks_like_addresses(text)) {
        const auto range = net::parse_range(text);
        if (!range) {
            return address_mistake(text, range.error());
        }
        return from_range(*range);
    }
    return parse_name_subject(text);
}

Result<Subject> parse_ban_subject(std::string_view text, bool exact) {
    auto subject = parse_subject(text);
    const bool has_length = text.find_first_of("/-") != std::string_view::npos;
    if (!subject || exact || has_length) {
        return subject;
    }
    if (const auto* range = std::get_if<net::Ipv6Range>(&*subject)) {
        return Subject{net::prefix(range->first, kIpv6UnitLength)};
    }
    return subject;
}

std::string to_string(const Subject& subject) {
    if (const auto* origin = std::get_if<net::Origin>(&subject)) {
        return net::to_string(*origin);
    }
    if (const auto* mail = std::get_if<MailSubject>(&subject)) {
        return mail->address.empty() ? mail->hash : mail->address;
    }
    if (const auto* of_names = std::get_if<pattern::Pattern>(&subject)) {
        return std::string{kPatternMark} + of_names->text;
    }
    const auto* name = std::get_if<NameSubject>(&subject);
    if (name == nullptr) {
        const auto* v4 = std::get_if<net::Ipv4Range>(&subject);
        return v4 != nullptr ? net::to_string(*v4)
                             : net::to_string(std::get<net::Ipv6Range>(subject));
    }
    std::string text = dns::to_string(name->name);
    switch (name->scope) {
        case NameScope::Exact:
            return "=" + text;
        case NameScope::Below:
            return "*." + text;
        case NameScope::Tree:
        case NameScope::Pattern:
            break;
    }
    return text;
}

std::string_view default_class(const Subject& subject) {
    if (const auto* origin = std::get_if<net::Origin>(&subject)) {
        return origin->kind == net::OriginKind::As ? "isp" : "country";
    }
    if (std::holds_alternative<MailSubject>(subject)) {
        return "email";
    }
    if (std::holds_alternative<pattern::Pattern>(subject)) {
        return "dynamic";
    }
    return std::holds_alternative<NameSubject>(subject) ? "domain" : "ip";
}

Coverage& Coverage::operator+=(const Coverage& other) {
    const auto add = [](std::uint64_t& sum, std::uint64_t more) {
        sum = more > std::numeric_limits<std::uint64_t>::max() - sum
                  ? std::numeric_limits<std::uint64_t>::max()
                  : sum + more;
    };
    add(addresses, other.addresses);
    add(names, other.names);
    return *this;
}

Coverage coverage(const Subject& subject) {
    if (const auto* v4 = std::get_if<net::Ipv4Range>(&subject)) {
        return {std::uint64_t{v4->last.bits} - v4->first.bits + 1, 0};
    }
    if (const auto* v6 = std::get_if<net::Ipv6Range>(&subject)) {
        constexpr int kUnitShift = net::Ipv6::kWidth - kIpv6UnitLength;
        const auto last_unit = static_cast<std::uint64_t>(v6->last.bits >> kUnitShift);
        const auto first_unit = static_cast<std::uint64_t>(v6->first.bits >> kUnitShift);
        Coverage units{last_unit - first_unit, 0};
        return units += Coverage{1, 0};
    }
    return {0, std::holds_alternative<net::Origin>(subject) ? 0U : 1U};
}

bool lies_in(const Subject& inner, const Subject& outer) {
    if (const auto* of_names = std::get_if<pattern::Pattern>(&inner)) {
        const auto* tree = std::get_if<NameSubject>(&outer);
        const std::string_view end = pattern::literal_end(of_names->text);
        return inner == outer || (tree != nullptr && tree->scope != NameScope::Exact &&
                                  !end.empty() && dns::parse_name(end)->is_at_or_below(tree->name));
    }
    if (inner.index() != outer.index()) {
        return false;
    }
    if (const auto* v4 = std::get_if<net::Ipv4Range>(&outer)) {
        return v4->contains(std::get<net::Ipv4Range>(inner));
    }
    if (const auto* v6 = std::get_if<net::Ipv6Range>(&outer)) {
        return v6->contains(std::get<net::Ipv6Range>(inner));
    }
    if (std::holds_alternative<net::Origin>(outer)) {
        return inner == outer;
    }
    if (const auto* mail = std::get_if<MailSubject>(&outer)) {
        return mail->hash == std::get<MailSubject>(inner).hash;
    }
    const auto& of = std::get<NameSubject>(outer);
    const auto& name = std::get<NameSubject>(inner);
    if (of.scope == NameScope::Exact) {
        return name == of;
    }
    const bool at_top = name.name == of.name;
    return name.name.is_at_or_below(of.name) &&
           (!at_top || of.scope == NameScope::Tree || name.scope == of.scope);
}

}  // namespace ostrakon::policy
