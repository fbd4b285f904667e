// hosts-deny: hosts.deny of TCP wrappers (hosts_access(5)): "DAEMONS : CLIENTS [: COMMAND]". Of the
// clients, addresses, ADDRESS/MASK, "192.0.2." (a prefix of whole octets), names and ".example.com"
// (names below it) are entries, whichever daemon they are about.
//
// What stands for more than is written (ALL, LOCAL, PARANOID, patterns, netgroups, files) is
// rejected, and so is a rule with EXCEPT: without its exceptions it would say more than it does.
#include "line_format.hpp"
#include "list_subject.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <optional>

namespace ostrakon::feed {
namespace {

constexpr std::size_t kRuleSizeMax = std::size_t{1} << 20;  // with its continuation lines
constexpr auto kWildcards =
    std::to_array<std::string_view>({"ALL", "LOCAL", "UNKNOWN", "KNOWN", "PARANOID"});

// "192.0.2." → 192.0.2.0/24. Nothing if it is no such prefix.
std::optional<std::string> octet_prefix(std::string_view text) {
    const auto dots = std::count(text.begin(), text.end(), '.');
    if (!text.ends_with('.') || dots < 1 || dots > 3) {
        return std::nullopt;
    }
    std::string address{text};
    for (auto i = dots; i < 4; ++i) {
        address += i == 3 ? "0" : "0.";
    }
    return net::parse_ipv4(address) ? std::optional{fmt::format("{}/{}", address, 8 * dots)}
                                    : std::nullopt;
}

// "192.0.2.0/255.255.255.0" → 192.0.2.0/24; anything else stays as it is.
std::string with_prefix_length(std::string_view text) {
    const std::size_t slash = text.find('/');
    const auto mask =
        slash == std::string_view::npos ? std::nullopt : net::parse_ipv4(text.substr(slash + 1));
    if (!mask || std::countl_one(mask->bits) + std::countr_zero(mask->bits) < net::Ipv4::kWidth) {
        return std::string{text};
    }
    return fmt::format("{}/{}", text.substr(0, slash), std::countl_one(mask->bits));
}

// The place of the next colon that is not within brackets.
std::size_t find_colon(std::string_view text) {
    bool is_in_brackets = false;
    for (std::size_t at = 0; at < text.size(); ++at) {
        is_in_brackets = text[at] == '[' || (is_in_brackets && text[at] != ']');
        if (text[at] == ':' && !is_in_brackets) {
            return at;
        }
    }
    return std::string_view::npos;
}

class HostsDenyReader {
public:
    explicit HostsDenyReader(Collector& collector)
        : collector_(collector), statement_(collector.statement({})) {}

    // Takes a line; those that end in a backslash go on in the next.
    void take(std::uint32_t number, std::string_view line) {
        if (rule_.empty() && line.front() == '#') {
            return;
        }
        begin_ = rule_.empty() ? number : begin_;
        const bool goes_on = line.back() == '\\';
        line.remove_suffix(goes_on ? 1 : 0);
        if (rule_.size() + line.size() > kRuleSizeMax) {
            collector_.reject(number, line, "goes on for too many lines");
            rule_.clear();
            return;
        }
        rule_ += line;
        rule_ += ' ';
        if (!goes_on) {
            finish();
        }
    }
    void finish() {
        const std::string rule = std::move(rule_);
        rule_.clear();
        if (!trimmed(rule).empty()) {
            read_rule(trimmed(rule));
        }
    }

private:
    void read_rule(std::string_view rule) {
        const std::size_t colon = find_colon(rule);
        if (colon == std::string_view::npos) {
            collector_.reject(begin_, rule, "is no rule (they are written DAEMONS : CLIENTS)");
            return;
        }
        std::string_view clients = rule.substr(colon + 1);
        clients = trimmed(clients.substr(0, find_colon(clients)));
        std::string separated{clients};
        std::replace(separated.begin(), separated.end(), ',', ' ');
        clients = trimmed(separated);
        if (clients.empty()) {
            collector_.reject(begin_, rule, "names no client");
        }
        if ((" " + std::string{clients} + " ").find(" EXCEPT ") != std::string::npos) {
            collector_.reject(begin_, rule, "has exceptions, which this format cannot take over");
            return;
        }
        std::uint64_t added = 0;
        while (!clients.empty()) {
            added += read_client(next_word(clients)) ? 1 : 0;
        }
        collector_.note_further_entries(added > 1 ? added - 1 : 0);
    }

    bool read_client(std::string_view client) {
        const bool is_wildcard =
            std::find(kWildcards.begin(), kWildcards.end(), client) != kWildcards.end();
        if (is_wildcard || client.find_first_of("*?@") != std::string_view::npos ||
            client.front() == '/') {
            collector_.reject(begin_, client, "stands for more than one address or name");
            return false;
        }
        if (const auto prefix = octet_prefix(client)) {
            return add_addresses(collector_, begin_, *prefix, statement_);
        }
        if (client.front() == '[') {
            const std::size_t end = client.find(']');
            const std::string address{client.substr(1, end - 1)};
            const std::string_view behind =
                end == std::string_view::npos ? std::string_view{} : client.substr(end + 1);
            return add_addresses(collector_, begin_, address + std::string{behind}, statement_);
        }
        if (client.find('/') != std::string_view::npos || net::parse_ipv4(client)) {
            return add_addresses(collector_, begin_, with_prefix_length(client), statement_);
        }
        return client.front() == '.'
                   ? add_name(collector_, begin_, client.substr(1), policy::NameScope::Below,
                              statement_)
                   : add_name(collector_, begin_, client, policy::NameScope::Exact, statement_);
    }

    Collector& collector_;
    std::uint32_t statement_;
    std::string rule_;
    std::uint32_t begin_ = 1;
};

}  // namespace

Result<Done> read_hosts_deny(const Document& document, Collector& collector) {
    HostsDenyReader reader{collector};
    for_each_line(document, collector, [&reader](std::uint32_t number, std::string_view line) {
        reader.take(number, line);
    });
    reader.finish();
    return Done{};
}

}  // namespace ostrakon::feed
