#include "ostrakon/lookup/query_subject.hpp"

#include "ostrakon/base/printable.hpp"
#include "ostrakon/dns/reversed_address.hpp"
#include "ostrakon/partner/key_file.hpp"

#include <fmt/format.h>
#include <algorithm>

namespace ostrakon::lookup {
namespace {

constexpr std::size_t kQueryShownSizeMax = 120;

Unexpected<Error> no_query(std::string_view text, std::string why, std::string remedy) {
    return Unexpected{Error{ErrorCode::Usage,
                            fmt::format("query \"{}\"", printable(text, kQueryShownSizeMax)),
                            std::move(why), std::move(remedy)}};
}

QuerySubject of_address(const net::Address& address) {
    const std::string text = net::to_string(address);
    if (const auto* v4 = std::get_if<net::Ipv4>(&address)) {
        return {net::Ipv4Range{*v4, *v4}, text, text};
    }
    const net::Ipv6 v6 = std::get<net::Ipv6>(address);
    return {net::Ipv6Range{v6, v6}, text, text};
}

QuerySubject of_name(dns::Name name) {
    std::string text = dns::to_string(name);
    return {policy::NameSubject{std::move(name), policy::NameScope::Exact}, text, text};
}

QuerySubject of_mail(policy::MailSubject mail) {
    std::string asked = mail.hash;
    std::string shown = mail.address.empty() ? mail.hash : mail.address;
    return {std::move(mail), std::move(shown), std::move(asked)};
}

// The zone that answers for a name: the one of the longest origin.
const zone::Zone* zone_of(const dns::Name& name, const std::vector<zone::Zone>& zones) {
    const zone::Zone* best = nullptr;
    for (const zone::Zone& zone : zones) {
        if (name.is_at_or_below(zone.origin) &&
            (best == nullptr || zone.origin.label_count() > best->origin.label_count())) {
            best = &zone;
        }
    }
    return best;
}

// Takes a partner's key away, as the server does. Where the file is not the caller's to read, what
// looks like a key is taken for one.
Result<Done> take_key(std::string_view text, const zone::Zone& zone,
                      std::vector<std::string>& labels) {
    if (zone.keys_file.empty() || labels.empty() || !partner::looks_like_key(labels.back())) {
        return Done{};
    }
    const auto entries = partner::read_key_file(zone.keys_file);
    const auto is_it = [&](const partner::KeyEntry& entry) { return entry.key == labels.back(); };
    const auto known = entries ? std::find_if(entries->begin(), entries->end(), is_it)
                               : std::vector<partner::KeyEntry>::const_iterator{};
    if (entries && known != entries->end() && known->is_revoked) {
        return no_query(text, fmt::format("has a key of {}, which is revoked", known->name),
                        "the server refuses it; ask without the key to learn what is listed");
    }
    if (!entries || known != entries->end()) {
        labels.pop_back();
    } else if (labels.size() > 1 && dns::is_address_label(labels[labels.size() - 2])) {
        return no_query(
            text, "has a key that nobody has",
            "the server refuses it; `ostrakon partner list --show-keys` shows the keys");
    }
    return Done{};
}

// The labels in front of the origin, read as the server reads them.
Result<QuerySubject> of_query_name(std::string_view text, const dns::Name& name,
                                   const zone::Zone& zone) {
    std::vector<std::string> inner;
    for (dns::Labels rest{name.wire().substr(0, name.wire().size() - zone.origin.wire().size())};
         !rest.empty();) {
        inner.emplace_back(rest.pop_front());
    }
    if (auto done = take_key(text, zone, inner); !done) {
        return Unexpected{std::move(done.error())};
    }
    auto asked = dns::Name::from_labels(inner);
    if (!asked) {
        return Unexpected{std::move(asked.error())};
    }
    const dns::Labels labels{asked->wire().substr(0, asked->wire().size() - 1)};
    if (labels.empty()) {
        return no_query(text, "is a zone, not a question to it",
                        "write it as in 7.2.0.192." + zone.name);
    }
    if (const auto v4 = dns::parse_reversed_ipv4(labels)) {
        return of_address(*v4);
    }
    if (const auto v6 = dns::parse_reversed_ipv6(labels)) {
        const auto mapped = net::mapped_ipv4(*v6);
        return of_address(mapped ? net::Address{*mapped} : net::Address{*v6});
    }
    if (inner.size() == 1 && dns::is_hash_label(inner.front())) {
        return of_mail(policy::mail_of_hash(inner.front()));
    }
    if (dns::is_address_label(inner.back())) {
        return no_query(text, "asks for a part of an address, or for none",
                        "an address has 4 octets or 32 nibbles in front of " + zone.name);
    }
    return of_name(std::move(*asked));
}

}  // namespace

Result<QuerySubject> parse_query_subject(std::string_view text,
                                         const std::vector<zone::Zone>& zones) {
    if (const auto address = net::parse_address(text)) {
        return of_address(*address);
    }
    auto subject = policy::parse_subject(text);
    if (!subject) {
        return Unexpected{std::move(subject.error())};
    }
    if (auto* mail = std::get_if<policy::MailSubject>(&*subject)) {
        return of_mail(std::move(*mail));
    }
    const auto* name = std::get_if<policy::NameSubject>(&*subject);
    if (name == nullptr) {
        if (std::holds_alternative<pattern::Pattern>(*subject)) {
            return no_query(text, "is a pattern, not a name",
                            "ask about a name, as in mail.example.com; `ostrakon show` says what "
                            "is recorded of the pattern");
        }
        const bool is_origin = std::holds_alternative<net::Origin>(*subject);
        return no_query(text, "is more than one address",
                        is_origin ? "ask about one of them, as in 192.0.2.7; `ostrakon show` says "
                                    "what is recorded of it"
                                  : "ask about one of them, as in 192.0.2.7");
    }
    if (name->scope != policy::NameScope::Tree) {
        return no_query(text, "is no name that can be asked",
                        "ask about one name, as in mail.example.com");
    }
    if (const zone::Zone* zone = zone_of(name->name, zones)) {
        return of_query_name(text, name->name, *zone);
    }
    return of_name(name->name);
}

}  // namespace ostrakon::lookup
