#include "ostrakon/dns/type_names.hpp"

#include "ostrakon/dns/name.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <utility>

namespace ostrakon::dns {
namespace {

constexpr std::string_view kTypePrefix = "TYPE";

constexpr auto kTypeNames = std::to_array<std::pair<std::string_view, std::uint16_t>>(
    {{"A", 1},      {"NS", 2},     {"CNAME", 5},  {"SOA", 6},      {"PTR", 12},  {"HINFO", 13},
     {"MX", 15},    {"TXT", 16},   {"RP", 17},    {"SIG", 24},     {"KEY", 25},  {"AAAA", 28},
     {"LOC", 29},   {"SRV", 33},   {"NAPTR", 35}, {"CERT", 37},    {"A6", 38},   {"DNAME", 39},
     {"OPT", 41},   {"DS", 43},    {"SSHFP", 44}, {"RRSIG", 46},   {"NSEC", 47}, {"DNSKEY", 48},
     {"NSEC3", 50}, {"TLSA", 52},  {"CDS", 59},   {"CDNSKEY", 60}, {"SVCB", 64}, {"HTTPS", 65},
     {"SPF", 99},   {"TSIG", 250}, {"IXFR", 251}, {"AXFR", 252},   {"ANY", 255}, {"URI", 256},
     {"CAA", 257}});

bool is_same_type_name(std::string_view a, std::string_view b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) {
        return lower(static_cast<std::uint8_t>(x)) == lower(static_cast<std::uint8_t>(y));
    });
}

}  // namespace

std::string type_name(RecordType type) {
    const auto number = static_cast<std::uint16_t>(type);
    const auto* const found = std::find_if(kTypeNames.begin(), kTypeNames.end(),
                                           [&](const auto& row) { return row.second == number; });
    return found != kTypeNames.end() ? std::string{found->first}
                                     : fmt::format("{}{}", kTypePrefix, number);
}

std::optional<RecordType> parse_type(std::string_view text) {
    for (const auto& [name, number] : kTypeNames) {
        if (is_same_type_name(text, name)) {
            return RecordType{number};
        }
    }
    if (!is_same_type_name(text.substr(0, kTypePrefix.size()), kTypePrefix)) {
        return std::nullopt;
    }
    text.remove_prefix(kTypePrefix.size());
    std::uint16_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    return error == std::errc{} && end == text.data() + text.size()
               ? std::optional{RecordType{number}}
               : std::nullopt;
}

std::string rcode_name(Rcode rcode) {
    switch (rcode) {
        case Rcode::NoError:
            return "NOERROR";
        case Rcode::FormErr:
            return "FORMERR";
        case Rcode::ServFail:
            return "SERVFAIL";
        case Rcode::NxDomain:
            return "NXDOMAIN";
        case Rcode::NotImp:
            return "NOTIMP";
        case Rcode::Refused:
            return "REFUSED";
        case Rcode::NotAuth:
            return "NOTAUTH";
        case Rcode::BadVers:
            return "BADVERS";
        case Rcode::BadCookie:
            return "BADCOOKIE";
    }
    return fmt::format("RCODE{}", static_cast<unsigned>(rcode));
}

}  // namespace ostrakon::dns
