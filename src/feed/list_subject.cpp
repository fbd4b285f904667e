#include "list_subject.hpp"

#include "ostrakon/policy/guard.hpp"

#include <algorithm>
#include <array>
#include <optional>

namespace ostrakon::feed {
namespace {

bool is_equal_ignoring_case(std::string_view a, std::string_view b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) {
        return dns::lower(static_cast<std::uint8_t>(x)) == dns::lower(static_cast<std::uint8_t>(y));
    });
}

constexpr auto kLocalNames = std::to_array<std::string_view>({
    "localhost",
    "localhost.localdomain",
    "localhost4",
    "localhost4.localdomain4",
    "localhost6",
    "localhost6.localdomain6",
    "local",
    "localdomain",
    "broadcasthost",
    "ip6-localhost",
    "ip6-loopback",
    "ip6-localnet",
    "ip6-mcastprefix",
    "ip6-allnodes",
    "ip6-allrouters",
    "ip6-allhosts",
    "0.0.0.0",
});

bool is_address(const policy::Subject& subject) {
    return std::holds_alternative<net::Ipv4Range>(subject) ||
           std::holds_alternative<net::Ipv6Range>(subject);
}

// The host of a URL as it stands there; in brackets where it is an IPv6 address.
std::string_view host_part(std::string_view url) {
    if (const std::size_t scheme = url.find("://"); scheme != std::string_view::npos) {
        url.remove_prefix(scheme + 3);
    }
    url = url.substr(0, url.find_first_of("/?#\\"));
    if (const std::size_t user = url.rfind('@'); user != std::string_view::npos) {
        url.remove_prefix(user + 1);
    }
    if (url.starts_with('[')) {
        const std::size_t end = url.find(']');
        return url.substr(0, end == std::string_view::npos ? end : end + 1);
    }
    return url.substr(0, url.find(':'));
}

// Adds a subject unless it is a name that no list can mean.
bool add_checked(Collector& collector, std::uint32_t line, std::string_view text,
                 policy::Subject subject, std::uint32_t statement) {
    const auto* const name = std::get_if<policy::NameSubject>(&subject);
    if (name != nullptr && is_local_name(dns::to_string(name->name))) {
        collector.reject(line, text, "is what every machine calls itself");
        return false;
    }
    if (name != nullptr && name->name.label_count() == 1) {
        collector.reject(line, text,
                         "has one label only: it is a top-level domain or no full name");
        return false;
    }
    if (policy::is_very_wide_name(subject)) {
        collector.reject(line, text,
                         "is a public suffix, below which names belong to others (ban it by hand "
                         "if that is meant)");
        return false;
    }
    collector.add(line, std::move(subject), statement);
    return true;
}

}  // namespace

bool add_addresses(Collector& collector, std::uint32_t line, std::string_view text,
                   std::uint32_t statement) {
    auto subject = collector.subject(line, text);
    if (!subject) {
        return false;
    }
    if (!is_address(*subject)) {
        collector.reject(line, text, "is no address in a list of addresses");
        return false;
    }
    collector.add(line, std::move(*subject), statement);
    return true;
}

bool is_local_name(std::string_view name) {
    return std::any_of(kLocalNames.begin(), kLocalNames.end(), [name](std::string_view local) {
        return is_equal_ignoring_case(name, local);
    });
}

ScopedName split_scope(std::string_view text) {
    if (text.starts_with("*.")) {
        return {text.substr(2), policy::NameScope::Below};
    }
    if (text.starts_with('.')) {
        return {text.substr(1), policy::NameScope::Tree};
    }
    return {text, policy::NameScope::Tree};
}

bool add_name(Collector& collector, std::uint32_t line, std::string_view text,
              policy::NameScope scope, std::uint32_t statement) {
    auto parsed = collector.subject(line, text);
    if (!parsed) {
        return false;
    }
    auto* const name = std::get_if<policy::NameSubject>(&*parsed);
    if (name == nullptr) {
        collector.reject(line, text, "is no name in a list of names");
        return false;
    }
    name->scope = scope;
    return add_checked(collector, line, text, std::move(*parsed), statement);
}

bool add_subject(Collector& collector, std::uint32_t line, std::string_view text,
                 std::uint32_t statement) {
    auto parsed = collector.subject(line, text);
    if (!parsed) {
        return false;
    }
    if (std::holds_alternative<pattern::Pattern>(*parsed)) {
        collector.reject(line, text, "is a pattern, which a list of others cannot set");
        return false;
    }
    return add_checked(collector, line, text, std::move(*parsed), statement);
}

bool add_host_of_url(Collector& collector, std::uint32_t line, std::string_view url,
                     std::uint32_t statement) {
    const std::string_view host = host_part(url);
    if (host.empty()) {
        collector.reject(line, url, "has no host");
        return false;
    }
    if (host.front() == '[') {
        const std::string_view inner = host.substr(1, host.size() - 2);
        if (host.back() != ']' || !net::parse_ipv6(inner)) {
            collector.reject(line, url, "has no IPv6 address in its brackets");
            return false;
        }
        return add_addresses(collector, line, inner, statement);
    }
    return net::parse_ipv4(host)
               ? add_addresses(collector, line, host, statement)
               : add_name(collector, line, host, policy::NameScope::Exact, statement);
}

}  // namespace ostrakon::feed
