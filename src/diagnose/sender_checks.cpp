// The domain of the sender: it exists, and mail can be answered.
#include "examination.hpp"

#include "ostrakon/base/printable.hpp"

#include <fmt/format.h>
#include <algorithm>

namespace ostrakon::diagnose {
namespace {

constexpr std::string_view kSenderTopLevel = "sender-tld";
constexpr std::string_view kSenderExists = "sender-exists";
constexpr std::string_view kSenderTakesMail = "sender-takes-mail";
constexpr std::size_t kExchangesMax = 10;
constexpr std::size_t kShownSenderSizeMax = 255;

std::string_view bare(std::string_view sender) {
    if (sender.size() >= 2 && sender.front() == '<' && sender.back() == '>') {
        sender = sender.substr(1, sender.size() - 2);
    }
    return sender;
}

// What speaks against a mail exchanger.
struct Exchanger {
    bool is_usable = false;
    std::string unknown;  ///< Why it could not be found out.
    std::string seen;
};

bool is_spelled_like_an_address(const dns::Name& name) {
    return net::parse_address(dns::to_string(name)).has_value();
}

Exchanger look_into(Examination& examination, const dns::Name& host) {
    const std::string name = dns::to_string(host);
    if (is_spelled_like_an_address(host)) {  // RFC 5321 §5.1: an MX names a host
        return {false, {}, fmt::format("{} is an address where a name belongs", name)};
    }
    const Answer answer = addresses_of(examination, host);
    if (answer.is_unknown()) {
        return {false, answer.why, {}};
    }
    if (!answer.aliases.empty()) {  // RFC 2181 §10.3
        return {false, {}, fmt::format("{} is an alias (CNAME)", name)};
    }
    if (!answer.is_found()) {
        return {false,
                {},
                answer.kind == Answer::Kind::NoName ? fmt::format("{} does not exist", name)
                                                    : fmt::format("{} has no address", name)};
    }
    if (std::all_of(answer.addresses.begin(), answer.addresses.end(), is_private)) {
        return {false,
                {},
                fmt::format("{} has {}, which nobody can reach", name, spelled(answer.addresses))};
    }
    return {true, {}, fmt::format("{} has {}", name, spelled(answer.addresses))};
}

void check_exchanges(Examination& examination, const dns::Name& domain,
                     std::vector<MailExchange> exchanges) {
    std::sort(exchanges.begin(), exchanges.end(),
              [](const auto& one, const auto& other) { return one.preference < other.preference; });
    exchanges.resize(std::min(exchanges.size(), kExchangesMax));
    std::string seen;
    std::string unknown;
    bool is_usable = false;
    for (const MailExchange& exchange : exchanges) {
        const Exchanger exchanger = look_into(examination, exchange.host);
        is_usable = is_usable || exchanger.is_usable;
        unknown = exchanger.unknown.empty() ? unknown : exchanger.unknown;
        const std::string& words = exchanger.seen.empty() ? exchanger.unknown : exchanger.seen;
        seen += (seen.empty() ? "MX " : "; MX ") + words;
    }
    if (is_usable) {
        examination.pass(kSenderTakesMail, std::move(seen));
    } else if (!unknown.empty()) {
        examination.leave_open(kSenderTakesMail, std::move(seen));
    } else {
        examination.fail(
            kSenderTakesMail, "sender domain has no usable MX", std::move(seen),
            fmt::format("Let the MX record of {} name a host that has an address of its own which "
                        "can be reached from outside: no address in place of a name, no alias "
                        "(CNAME), no private address.",
                        dns::to_string(domain)));
    }
}

// RFC 5321 §5.1: without an MX record, the domain's own address takes its mail.
void check_own_address(Examination& examination, const dns::Name& domain) {
    const Answer answer = addresses_of(examination, domain);
    const std::string name = dns::to_string(domain);
    const std::string remedy = fmt::format(
        "Give {} an MX record that names the server which takes its mail, or send with a domain "
        "that takes mail: what comes from it can be neither answered nor bounced.",
        name);
    if (answer.is_unknown()) {
        examination.leave_open(kSenderTakesMail, answer.why);
    } else if (!answer.is_found()) {
        examination.fail(kSenderTakesMail, "sender domain takes no mail",
                         name + " has neither an MX record nor an address", remedy);
    } else if (std::all_of(answer.addresses.begin(), answer.addresses.end(), is_private)) {
        examination.fail(kSenderTakesMail, "sender domain takes no mail",
                         fmt::format("{} has no MX record, and {} cannot be reached", name,
                                     spelled(answer.addresses)),
                         remedy);
    } else {
        examination.pass(kSenderTakesMail, fmt::format("{} has no MX record but {}", name,
                                                       spelled(answer.addresses)));
    }
}

// RFC 7505: "MX 0 ." says that the domain takes no mail.
bool is_null_exchange(const MailExchange& exchange) {
    return exchange.host.is_root();
}

void check_domain(Examination& examination, const dns::Name& domain) {
    const Answer& answer = examination.ask(domain, RecordType::Mx);
    const std::string name = dns::to_string(domain);
    if (answer.is_unknown()) {
        examination.leave_open(kSenderExists, answer.why);
        return;
    }
    if (answer.kind == Answer::Kind::NoName) {
        examination.fail(
            kSenderExists, "sender domain does not exist", name + " does not exist",
            fmt::format("Send with a domain that exists, or have {} entered in DNS.", name));
        return;
    }
    examination.pass(kSenderExists, name + " exists");
    if (std::any_of(answer.exchanges.begin(), answer.exchanges.end(), is_null_exchange)) {
        examination.fail(
            kSenderTakesMail, "sender domain says that it takes no mail",
            name + " has a null MX: it says that it takes no mail (RFC 7505)",
            fmt::format("A domain that takes no mail must not send any. Give {} an MX record that "
                        "names its mail server in place of \"MX 0 .\", or send with another "
                        "domain.",
                        name));
        return;
    }
    if (answer.is_found()) {
        check_exchanges(examination, domain, answer.exchanges);
    } else {
        check_own_address(examination, domain);
    }
}

void check_top_level(Examination& examination, const dns::Name& domain,
                     const zone::TopLevelDomains& known) {
    const std::string key = dns::reversed_key(domain);
    const std::string_view label = zone::top_level_of(key);
    const std::string shown = printable(label, dns::kLabelSizeMax);
    if (known.has(label)) {
        examination.pass(kSenderTopLevel, fmt::format("there is a top-level domain .{}", shown));
        return;
    }
    examination.fail(kSenderTopLevel, "sender domain has no known top-level domain",
                     fmt::format("there is no top-level domain .{}", shown),
                     "Have the mail server send with a domain that is registered: names such as "
                     "server.lan or pc.local mean nothing outside of your network.");
}

}  // namespace

bool is_sender(std::string_view text) {
    const std::string_view address = bare(text);
    return text.size() <= kWordSizeMax &&
           (address.empty() || address.find('@') != std::string_view::npos);
}

std::optional<dns::Name> check_sender(Examination& examination,
                                      const zone::TopLevelDomains* top_level_domains) {
    const auto& given = examination.server().sender;
    const std::string_view sender = given ? bare(*given) : std::string_view{};
    if (sender.empty()) {
        return std::nullopt;
    }
    const auto domain = dns::parse_name(sender.substr(sender.rfind('@') + 1));
    if (!domain) {
        examination.fail(
            kSenderExists, "sender has no valid domain",
            fmt::format("the sender is \"{}\"", printable(sender, kShownSenderSizeMax)),
            "Send with an address whose domain exists, as in "
            "name@your-domain.example.");
        return std::nullopt;
    }
    if (top_level_domains != nullptr && !domain->is_root()) {
        check_top_level(examination, *domain, *top_level_domains);
    }
    check_domain(examination, *domain);
    return *domain;
}

}  // namespace ostrakon::diagnose
