#include "ostrakon/diagnose/diagnosis.hpp"

#include "examination.hpp"
#include "ostrakon/net/private_ranges.hpp"

#include <algorithm>

namespace ostrakon::diagnose {
namespace {

constexpr std::size_t kAddressesShownMax = 6;

}  // namespace

std::string_view to_string(Finding finding) {
    switch (finding) {
        case Finding::Passed:
            return "passed";
        case Finding::Failed:
            return "failed";
        case Finding::Unknown:
            break;
    }
    return "unknown";
}

std::size_t Diagnosis::count(Finding finding) const {
    return static_cast<std::size_t>(
        std::count_if(checks.begin(), checks.end(),
                      [finding](const Check& check) { return check.finding == finding; }));
}

std::string Diagnosis::brief() const {
    std::string text;
    for (const Check& check : checks) {
        if (check.finding == Finding::Failed) {
            text += (text.empty() ? "" : "; ") + check.brief;
        }
    }
    return text;
}

RecordType address_type(const net::Address& address) {
    return std::holds_alternative<net::Ipv4>(address) ? RecordType::A : RecordType::Aaaa;
}

bool holds(const Answer& answer, const net::Address& address) {
    return std::find(answer.addresses.begin(), answer.addresses.end(), address) !=
           answer.addresses.end();
}

std::string spelled(const std::vector<net::Address>& addresses) {
    std::string text;
    for (std::size_t i = 0; i < std::min(addresses.size(), kAddressesShownMax); ++i) {
        text += (i == 0 ? "" : ", ") + net::to_string(addresses[i]);
    }
    return text + (addresses.size() > kAddressesShownMax ? ", …" : "");
}

// An IPv4 address in an AAAA record leads nowhere either.
bool is_private(const net::Address& address) {
    const auto* ipv6 = std::get_if<net::Ipv6>(&address);
    return net::is_private(address) || (ipv6 != nullptr && net::mapped_ipv4(*ipv6));
}

Answer addresses_of(Examination& examination, const dns::Name& name) {
    // What the server itself has comes first: it is what is compared.
    const RecordType first = address_type(examination.server().address);
    const RecordType second = first == RecordType::A ? RecordType::Aaaa : RecordType::A;
    Answer answer = examination.ask(name, first);
    if (answer.kind == Answer::Kind::NoName) {
        return answer;
    }
    const Answer& other = examination.ask(name, second);
    if (answer.is_found()) {
        answer.addresses.insert(answer.addresses.end(), other.addresses.begin(),
                                other.addresses.end());
        return answer;
    }
    return answer.is_unknown() && !other.is_found() ? answer : other;
}

Diagnosis diagnose(Resolver& resolver, const MailServer& server,
                   const config::ProtectSettings& protect, UnixTime at,
                   const NameKnowledge& names) {
    Examination examination{resolver, server, protect};
    const bool is_fresh =
        names.top_level_domains != nullptr && names.top_level_domains->is_fresh(at);
    check_reverse(examination, names.dynamic_names);
    const auto helo = check_helo(examination);
    const auto sender = check_sender(examination, is_fresh ? names.top_level_domains : nullptr);
    // Without a sender the HELO name is what receivers look up (RFC 7208 §2.4).
    if (sender || helo) {
        check_spf(examination, sender ? *sender : *helo);
    }
    return {server, resolver.description(), at, examination.take()};
}

}  // namespace ostrakon::diagnose
