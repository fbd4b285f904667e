// What the server calls itself.
#include "examination.hpp"

#include "ostrakon/base/printable.hpp"
#include "ostrakon/policy/guard.hpp"

#include <fmt/format.h>

namespace ostrakon::diagnose {
namespace {

constexpr std::string_view kHeloQualified = "helo-qualified";
constexpr std::string_view kHeloNotOurs = "helo-not-ours";
constexpr std::string_view kHeloExists = "helo-exists";
constexpr std::string_view kHeloMatches = "helo-matches";
constexpr std::size_t kShownHeloSizeMax = 255;

template <class A>
policy::Subject single(A address) {
    return net::Range<A>{address, address};
}
policy::Subject subject_of(const net::Address& address) {
    return std::visit([](auto value) { return single(value); }, address);
}

bool is_ours(const Examination& examination, const policy::Subject& subject) {
    return policy::never_overlap(examination.protect(), subject) == policy::NeverOverlap::Wholly;
}

// "[192.0.2.7]" or "[IPv6:2001:db8::7]" (RFC 5321 §4.1.3).
std::optional<net::Address> literal(std::string_view text) {
    if (text.size() < 2 || text.front() != '[' || text.back() != ']') {
        return std::nullopt;
    }
    text = text.substr(1, text.size() - 2);
    constexpr std::string_view kTag = "IPv6:";
    if (text.substr(0, kTag.size()) == kTag) {
        text.remove_prefix(kTag.size());
    }
    return net::parse_address(text);
}

std::string use_own_name(const Examination& examination) {
    return fmt::format(
        "Have the mail server greet with its own whole name, which has the address {}, as in "
        "HELO mail.your-domain.example (Postfix: smtp_helo_name, Exim: primary_hostname, "
        "Exchange: the FQDN of the send connector).",
        net::to_string(examination.server().address));
}

// A literal of the server itself needs no DNS.
void check_literal(Examination& examination, const net::Address& claimed) {
    const std::string own = net::to_string(examination.server().address);
    if (claimed == examination.server().address) {
        examination.pass(kHeloQualified, "it greets with its own address");
        return;
    }
    examination.pass(kHeloQualified, "it greets with an address");
    if (is_ours(examination, subject_of(claimed)) &&
        !is_ours(examination, subject_of(examination.server().address))) {
        examination.fail(kHeloNotOurs, "HELO claims to be us",
                         fmt::format("[{}] is protected here", net::to_string(claimed)),
                         use_own_name(examination));
        return;
    }
    examination.fail(kHeloMatches, "HELO is somebody else's address",
                     fmt::format("it greets as {} and comes from {}", net::to_string(claimed), own),
                     use_own_name(examination));
}

// Nothing where it is no name that could be looked up.
std::optional<dns::Name> check_qualified(Examination& examination, const std::string& helo) {
    const std::string shown = printable(helo, kShownHeloSizeMax);
    const auto name = dns::parse_name(helo);
    if (!name) {
        examination.fail(kHeloQualified,
                         net::parse_address(helo) ? "HELO is an address without brackets"
                                                  : "HELO is no domain name",
                         fmt::format("it greets as \"{}\"", shown), use_own_name(examination));
        return std::nullopt;
    }
    if (name->label_count() < 2) {
        examination.fail(kHeloQualified, "HELO is not fully qualified",
                         fmt::format("it greets as \"{}\", which is no whole name", shown),
                         use_own_name(examination));
        return std::nullopt;
    }
    examination.pass(kHeloQualified, fmt::format("it greets as {}", dns::to_string(*name)));
    return *name;
}

bool check_not_ours(Examination& examination, const dns::Name& name) {
    const policy::Subject claimed = policy::NameSubject{name, policy::NameScope::Exact};
    if (is_ours(examination, claimed) &&
        !is_ours(examination, subject_of(examination.server().address))) {
        examination.fail(kHeloNotOurs, "HELO claims to be us",
                         fmt::format("{} is a name of ours, and {} is not", dns::to_string(name),
                                     net::to_string(examination.server().address)),
                         use_own_name(examination));
        return false;
    }
    examination.pass(kHeloNotOurs, fmt::format("{} claims no name of ours", dns::to_string(name)));
    return true;
}

void check_address(Examination& examination, const dns::Name& name) {
    const Answer answer = addresses_of(examination, name);
    const std::string helo = dns::to_string(name);
    const std::string own = net::to_string(examination.server().address);
    if (answer.is_unknown()) {
        examination.leave_open(kHeloExists, answer.why);
        return;
    }
    if (!answer.is_found()) {
        const bool is_there = answer.kind == Answer::Kind::NoRecords;
        examination.fail(kHeloExists,
                         is_there ? "HELO name has no address" : "HELO name does not exist",
                         helo + (is_there ? " has no address" : " does not exist"),
                         fmt::format("Give {} the address {}, or have the mail server greet with a "
                                     "name that has it.",
                                     helo, own));
        return;
    }
    examination.pass(kHeloExists, fmt::format("{} has {}", helo, spelled(answer.addresses)));
    if (holds(answer, examination.server().address)) {
        examination.pass(kHeloMatches, fmt::format("{} has the address {}", helo, own));
        return;
    }
    const Answer& same_family = examination.ask(name, address_type(examination.server().address));
    if (same_family.is_unknown()) {
        examination.leave_open(kHeloMatches, same_family.why);
        return;
    }
    examination.fail(kHeloMatches, "HELO name has another address",
                     fmt::format("{} has {}, not {}", helo, spelled(answer.addresses), own),
                     fmt::format("Give {} the address {} too, or have the mail server greet with a "
                                 "name that has it.",
                                 helo, own));
}

}  // namespace

std::optional<dns::Name> check_helo(Examination& examination) {
    if (!examination.server().helo) {
        return std::nullopt;
    }
    const std::string& helo = *examination.server().helo;
    if (const auto claimed = literal(helo)) {
        check_literal(examination, *claimed);
        return std::nullopt;
    }
    auto name = check_qualified(examination, helo);
    if (!name || !check_not_ours(examination, *name)) {
        return std::nullopt;
    }
    check_address(examination, *name);
    return name;
}

}  // namespace ostrakon::diagnose
