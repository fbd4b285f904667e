// hosts: lines of hosts(5) that send names to nowhere: 0.0.0.0, 127.0.0.1, :: or ::1 and one or
// more names. # begins a comment. AdAway, StevenBlack and others publish such files.
//
// A hosts file speaks of each name alone, so an entry does; hosts:tree takes all below it too. The
// lines about the machine itself, with which such files begin, are no entries.
#include "line_format.hpp"
#include "list_subject.hpp"

#include <array>

namespace ostrakon::feed {
namespace {

// What the lines about the machine itself name: its links, and everybody on them.
bool is_own_address(std::string_view address) {
    return address == "255.255.255.255" || address.starts_with("fe80::") ||
           address.starts_with("fe00::") || address.starts_with("ff0");
}

bool is_nowhere(std::string_view address) {
    return address == "0.0.0.0" || address == "127.0.0.1" || address == "::" || address == "::1" ||
           address == "0";
}

void read_hosts_line(std::uint32_t number, std::string_view line, policy::NameScope scope,
                     std::uint32_t statement, Collector& collector) {
    std::string_view rest = trimmed(line.substr(0, line.find('#')));
    if (rest.empty()) {
        return;
    }
    const std::string_view address = next_word(rest);
    const bool is_about_machine = is_own_address(address);
    if (!is_nowhere(address) && !is_about_machine) {
        collector.reject(number, line,
                         net::parse_address(address)
                             ? "sends its names to an address, which is no block"
                             : "does not begin with 0.0.0.0, 127.0.0.1, :: or ::1");
        return;
    }
    if (rest.empty()) {
        collector.reject(number, line, "has no name");
    }
    std::uint64_t added = 0;
    while (!rest.empty() && !collector.is_full()) {
        const std::string_view name = next_word(rest);
        if (is_local_name(name)) {
            continue;
        }
        if (is_about_machine) {
            collector.reject(number, line, "sends its names to an address, which is no block");
            return;
        }
        if (net::parse_address(name)) {
            collector.reject(number, name, "is an address where a name belongs");
            continue;
        }
        added += add_name(collector, number, name, scope, statement) ? 1 : 0;
    }
    collector.note_further_entries(added > 1 ? added - 1 : 0);
}

}  // namespace

Result<Done> read_hosts(const Document& document, Collector& collector) {
    if (!document.variant.empty() && document.variant != "tree") {
        return refuse(fmt::format("format \"hosts:{}\"", document.variant), "is not known",
                      "write hosts, or hosts:tree where all names below an entry are meant too");
    }
    const auto scope =
        document.variant.empty() ? policy::NameScope::Exact : policy::NameScope::Tree;
    const std::uint32_t nothing_more = collector.statement({});
    for_each_line(document, collector, [&](std::uint32_t number, std::string_view line) {
        read_hosts_line(number, line, scope, nothing_more, collector);
    });
    return Done{};
}

}  // namespace ostrakon::feed
