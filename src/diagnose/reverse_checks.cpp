// Reverse DNS: there is a name, and the name leads back.
#include "examination.hpp"

#include <fmt/format.h>
#include <algorithm>

namespace ostrakon::diagnose {
namespace {

constexpr std::string_view kReverseDns = "reverse-dns";
constexpr std::string_view kForwardConfirmed = "forward-confirmed";
constexpr std::string_view kNotDynamic = "not-dynamic";
constexpr std::size_t kNamesMax = 10;

// 7.2.0.192.in-addr.arpa, or 32 nibbles below ip6.arpa.
dns::Name reverse_name(const net::Address& address) {
    std::vector<std::string> labels;
    if (const auto* ipv4 = std::get_if<net::Ipv4>(&address)) {
        for (unsigned shift = 0; shift < 32; shift += 8) {
            labels.push_back(std::to_string(ipv4->bits >> shift & 0xFF));
        }
        labels.insert(labels.end(), {"in-addr", "arpa"});
    } else {
        const auto bytes = net::to_bytes(std::get<net::Ipv6>(address));
        for (auto byte = bytes.rbegin(); byte != bytes.rend(); ++byte) {
            labels.push_back(fmt::format("{:x}", *byte & 0xF));
            labels.push_back(fmt::format("{:x}", *byte >> 4));
        }
        labels.insert(labels.end(), {"ip6", "arpa"});
    }
    return dns::Name::from_labels(labels).value_or(dns::Name{});
}

void check_leads_back(Examination& examination, const std::vector<dns::Name>& names) {
    const net::Address& address = examination.server().address;
    const std::string own = net::to_string(address);
    std::string seen;
    std::string unknown;
    for (std::size_t i = 0; i < std::min(names.size(), kNamesMax); ++i) {
        const Answer& answer = examination.ask(names[i], address_type(address));
        const std::string name = dns::to_string(names[i]);
        if (holds(answer, address)) {
            examination.pass(kForwardConfirmed, fmt::format("{} has the address {}", name, own));
            return;
        }
        if (answer.is_unknown()) {
            unknown = answer.why;
        }
        seen +=
            fmt::format("{}{} {}", seen.empty() ? "" : "; ", name,
                        answer.is_found() ? "has " + spelled(answer.addresses)
                        : answer.kind == Answer::Kind::NoName
                            ? "does not exist"
                            : fmt::format("has no {} record", to_string(address_type(address))));
    }
    if (!unknown.empty()) {
        examination.leave_open(kForwardConfirmed, unknown);
        return;
    }
    const std::string name = dns::to_string(names.front());
    examination.fail(
        kForwardConfirmed, "reverse DNS does not lead back", seen + ", not " + own,
        fmt::format("Give {} the address {} ({} record), or have the PTR record changed to a name "
                    "that has it. Until then the name may be forged: anybody can enter any name "
                    "for an address.",
                    name, own, to_string(address_type(address))));
}

// One name that is not that of a dynamic line is enough.
void check_not_dynamic(Examination& examination, const std::vector<dns::Name>& names,
                       const pattern::NameClassifier& dynamic_names) {
    std::string reason;
    for (std::size_t i = 0; i < std::min(names.size(), kNamesMax); ++i) {
        const std::string name = dns::to_string(names[i]);
        switch (dynamic_names.classify(name)) {
            case pattern::MatchResult::None:
                examination.pass(kNotDynamic, name + " is not that of a dynamic line");
                return;
            case pattern::MatchResult::Some:
                reason = fmt::format("{}: {}", name, dynamic_names.reason(name));
                break;
            case pattern::MatchResult::Failed:
                examination.leave_open(kNotDynamic,
                                       name + " needs too much memory to be looked at");
                return;
        }
    }
    examination.fail(
        kNotDynamic, "reverse DNS names a dynamic line", reason,
        fmt::format(
            "Send through your provider's mail server, or have {} given a reverse name of "
            "your own that says so, as in mail.your-domain.example: names like this one are "
            "those of lines whose addresses change hands.",
            net::to_string(examination.server().address)));
}

}  // namespace

void check_reverse(Examination& examination, const pattern::NameClassifier* dynamic_names) {
    const net::Address& address = examination.server().address;
    const dns::Name name = reverse_name(address);
    const Answer& answer = examination.ask(name, RecordType::Ptr);
    const std::string spelled_name = dns::to_string(name);
    if (answer.is_unknown()) {
        examination.leave_open(kReverseDns, answer.why);
        return;
    }
    if (!answer.is_found()) {
        examination.fail(
            kReverseDns, "no reverse DNS",
            fmt::format("there is no PTR record at {}", spelled_name),
            fmt::format("Have a PTR record made for {} that names the mail server. Whoever "
                        "provides the address can do that: {}. PTR mail.your-domain.example. "
                        "That name needs the address {} in turn.",
                        net::to_string(address), spelled_name, net::to_string(address)));
        return;
    }
    std::string names;
    for (std::size_t i = 0; i < std::min(answer.names.size(), kNamesMax); ++i) {
        names += (i == 0 ? "" : ", ") + dns::to_string(answer.names[i]);
    }
    examination.pass(kReverseDns, fmt::format("{} is {}", net::to_string(address), names));
    check_leads_back(examination, answer.names);
    if (dynamic_names != nullptr) {
        check_not_dynamic(examination, answer.names, *dynamic_names);
    }
}

}  // namespace ostrakon::diagnose
