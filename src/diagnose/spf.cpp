#include "ostrakon/diagnose/spf.hpp"

#include "ostrakon/base/printable.hpp"
#include "ostrakon/net/address.hpp"
#include "spf_domain.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace ostrakon::diagnose {
namespace {

constexpr std::string_view kVersion = "v=spf1";
constexpr std::size_t kShownTermSizeMax = 80;

char lowered(char c) {
    return static_cast<char>(dns::lower(static_cast<std::uint8_t>(c)));
}

bool is_equal_word(std::string_view text, std::string_view word) {
    return std::equal(text.begin(), text.end(), word.begin(), word.end(),
                      [](char a, char b) { return lowered(a) == b; });
}

bool is_letter(char c) {
    return lowered(c) >= 'a' && lowered(c) <= 'z';
}
bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

// What may follow the name of a mechanism.
enum class Operand : std::uint8_t { None, Domain, DomainOrNone, Network4, Network6 };

struct Mechanism {
    std::string_view name;
    SpfTermKind kind;
    Operand operand;
    bool has_lengths = false;  ///< "/24//64" may stand behind it.
};
constexpr std::array<Mechanism, 8> kMechanisms{{
    {"all", SpfTermKind::All, Operand::None},
    {"include", SpfTermKind::Include, Operand::Domain},
    {"a", SpfTermKind::Address, Operand::DomainOrNone, true},
    {"mx", SpfTermKind::Exchange, Operand::DomainOrNone, true},
    {"ptr", SpfTermKind::Pointer, Operand::DomainOrNone},
    {"ip4", SpfTermKind::Ip4, Operand::Network4},
    {"ip6", SpfTermKind::Ip6, Operand::Network6},
    {"exists", SpfTermKind::Exists, Operand::Domain},
}};

// A prefix length without leading zeros, up to `max`.
bool is_length(std::string_view text, int max) {
    int length = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), length);
    return error == std::errc{} && end == text.data() + text.size() && is_digit(text.front()) &&
           (text.size() == 1 || text.front() != '0') && length <= max;
}

// The digits at the end of the text behind `mark`, cut off with it; nothing where there are none.
std::optional<std::string_view> cut_length(std::string_view& text, std::string_view mark) {
    std::size_t digits = text.size();
    while (digits > 0 && is_digit(text[digits - 1])) {
        --digits;
    }
    if (digits == text.size() || digits < mark.size() ||
        text.substr(digits - mark.size(), mark.size()) != mark) {
        return std::nullopt;
    }
    const std::string_view length = text.substr(digits);
    text = text.substr(0, digits - mark.size());
    return length;
}

// Cuts "/24//64" off; false where a length is out of its range.
bool cut_lengths(std::string_view& text) {
    const auto ipv6 = cut_length(text, "//");
    const auto ipv4 = cut_length(text, "/");
    return (!ipv6 || is_length(*ipv6, net::Ipv6::kWidth)) &&
           (!ipv4 || is_length(*ipv4, net::Ipv4::kWidth));
}

bool is_network(std::string_view text, Operand kind) {
    const std::size_t slash = text.find('/');
    const std::string_view address = text.substr(0, slash);
    const int width = kind == Operand::Network4 ? net::Ipv4::kWidth : net::Ipv6::kWidth;
    const bool is_address = kind == Operand::Network4 ? net::parse_ipv4(address).has_value()
                                                      : net::parse_ipv6(address).has_value();
    return is_address &&
           (slash == std::string_view::npos || is_length(text.substr(slash + 1), width));
}

// One term being read: what it is, or why it is none.
struct TermReading {
    SpfTerm term;
    std::string why;  ///< Not empty: it is wrong.
};

TermReading wrong(std::string why) {
    return {{}, std::move(why)};
}

TermReading read_domain(SpfTermKind kind, std::string_view text) {
    SpfDomain domain = parse_spf_domain(text);
    if (!domain.why.empty()) {
        return wrong(std::move(domain.why));
    }
    return {{kind, std::move(domain.name)}, {}};
}

TermReading read_mechanism(const Mechanism& mechanism, std::string_view rest) {
    if (mechanism.has_lengths && !cut_lengths(rest)) {
        return wrong("has a prefix length that is none");
    }
    const bool has_operand = !rest.empty();
    if (has_operand && rest.front() != ':') {
        return wrong("has something behind its name that does not belong there");
    }
    const std::string_view operand = has_operand ? rest.substr(1) : rest;
    switch (mechanism.operand) {
        case Operand::None:
            return has_operand ? wrong("takes no value") : TermReading{{mechanism.kind, {}}, {}};
        case Operand::Domain:
            return has_operand ? read_domain(mechanism.kind, operand)
                               : wrong("needs a domain behind a colon");
        case Operand::DomainOrNone:
            return has_operand ? read_domain(mechanism.kind, operand)
                               : TermReading{{mechanism.kind, {}}, {}};
        case Operand::Network4:
            return is_network(operand, mechanism.operand)
                       ? TermReading{{mechanism.kind, {}}, {}}
                       : wrong("needs an IPv4 address or network, as in ip4:192.0.2.0/24");
        case Operand::Network6:
            return is_network(operand, mechanism.operand)
                       ? TermReading{{mechanism.kind, {}}, {}}
                       : wrong("needs an IPv6 address or network, as in ip6:2001:db8::/32");
    }
    return wrong("is unknown");
}

TermReading read_modifier(std::string_view name, std::string_view value) {
    if (is_equal_word(name, "redirect")) {
        return read_domain(SpfTermKind::Redirect, value);
    }
    if (is_equal_word(name, "exp")) {
        return read_domain(SpfTermKind::Explanation, value);
    }
    std::string why = why_no_macro_string(value);
    return {{SpfTermKind::Other, {}}, std::move(why)};
}

// The length of the name at the start: a letter, then letters, digits, '-', '_' and '.'.
std::size_t name_size(std::string_view term) {
    std::size_t size = 0;
    while (size < term.size() &&
           (is_letter(term[size]) || (size > 0 && (is_digit(term[size]) || term[size] == '-' ||
                                                   term[size] == '_' || term[size] == '.')))) {
        ++size;
    }
    return size;
}

TermReading read_term(std::string_view term) {
    const std::size_t modifier_name = name_size(term);
    if (modifier_name > 0 && modifier_name < term.size() && term[modifier_name] == '=') {
        return read_modifier(term.substr(0, modifier_name), term.substr(modifier_name + 1));
    }
    if (std::string_view{"+-?~"}.find(term.front()) != std::string_view::npos) {
        term.remove_prefix(1);
    }
    const std::size_t end = std::min(term.find_first_of(":/"), term.size());
    const std::string_view name = term.substr(0, end);
    const auto mechanism =
        std::find_if(kMechanisms.begin(), kMechanisms.end(),
                     [name](const Mechanism& known) { return is_equal_word(name, known.name); });
    return mechanism == kMechanisms.end()
               ? wrong("is no mechanism of SPF (all, include, a, mx, ptr, ip4, ip6, exists)")
               : read_mechanism(*mechanism, term.substr(end));
}

void add_mistake(SpfRecord& record, std::string mistake) {
    if (record.mistakes.size() < SpfRecord::kMistakesMax) {
        record.mistakes.push_back(std::move(mistake));
    }
}

// redirect and exp may stand once (RFC 7208 §6).
void check_once(SpfRecord& record, SpfTermKind kind, std::string_view name) {
    const auto count = std::count_if(record.terms.begin(), record.terms.end(),
                                     [kind](const SpfTerm& term) { return term.kind == kind; });
    if (count > 1) {
        add_mistake(record,
                    std::string{name} + " stands in it " + std::to_string(count) + " times");
    }
}

}  // namespace

bool SpfTerm::asks_dns() const {
    switch (kind) {
        case SpfTermKind::Include:
        case SpfTermKind::Address:
        case SpfTermKind::Exchange:
        case SpfTermKind::Pointer:
        case SpfTermKind::Exists:
        case SpfTermKind::Redirect:
            return true;
        default:
            return false;
    }
}

bool is_spf_record(std::string_view text) {
    return is_equal_word(text.substr(0, kVersion.size()), kVersion) &&
           (text.size() == kVersion.size() || text[kVersion.size()] == ' ');
}

SpfRecord parse_spf(std::string_view text) {
    SpfRecord record;
    if (text.size() > kSpfSizeMax) {
        add_mistake(record, "it has more than " + std::to_string(kSpfSizeMax) + " bytes");
        return record;
    }
    text.remove_prefix(std::min(kVersion.size(), text.size()));
    while (!text.empty()) {
        const std::size_t end = std::min(text.find(' '), text.size());
        const std::string_view term = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        if (term.empty()) {
            continue;
        }
        TermReading reading = read_term(term);
        if (reading.why.empty()) {
            record.terms.push_back(std::move(reading.term));
        } else {
            add_mistake(record, "\"" + printable(term, kShownTermSizeMax) + "\" " + reading.why);
        }
    }
    check_once(record, SpfTermKind::Redirect, "redirect=");
    check_once(record, SpfTermKind::Explanation, "exp=");
    return record;
}

}  // namespace ostrakon::diagnose
