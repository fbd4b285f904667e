// tor-exit-addresses: check.torproject.org/exit-addresses. Paragraphs of ExitNode, Published,
// LastStatus and one or more ExitAddress lines (metrics.torproject.org/collector.html, "TorDNSEL's
// list of exit addresses"); the addresses are the entries.
#include "line_format.hpp"
#include "list_subject.hpp"

#include "ostrakon/base/time.hpp"

namespace ostrakon::feed {
namespace {

// "2021-11-02 23:17:02": a line that was cut off in its address or its time does not have it.
bool is_whole_time(std::string_view date, std::string_view time) {
    constexpr std::size_t kDateSize = 10;
    constexpr std::size_t kTimeSize = 8;
    return date.size() == kDateSize && time.size() == kTimeSize &&
           parse_timestamp(fmt::format("{}T{}Z", date, time)).has_value();
}

}  // namespace

Result<Done> read_tor_exit_addresses(const Document& document, Collector& collector) {
    const std::uint32_t nothing_more = collector.statement({});
    bool is_node_open = false;
    for_each_line(document, collector, [&](std::uint32_t number, std::string_view line) {
        std::string_view rest = line;
        const std::string_view keyword = next_word(rest);
        if (keyword == "ExitAddress") {
            const std::string_view address = next_word(rest);
            const std::string_view date = next_word(rest);
            if (!is_whole_time(date, rest)) {
                collector.reject(number, line, "has no date and time behind its address");
                return;
            }
            is_node_open = false;
            add_addresses(collector, number, address, nothing_more);
        } else if (keyword == "ExitNode") {
            is_node_open = true;
        } else if (keyword != "Published" && keyword != "LastStatus") {
            collector.reject(number, line, "is no line of Tor's list of exit addresses");
        }
    });
    if (is_node_open) {
        return refuse(document.file, "ends in a node without an address: it was cut off",
                      "fetch it again");
    }
    return Done{};
}

}  // namespace ostrakon::feed
