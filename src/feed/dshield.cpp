// dshield: block.txt of the Internet Storm Center (feeds.dshield.org): first address, last address,
// prefix length, number of targets, network name, country and mail address between tabs; # begins
// a comment, and a line of column names may stand first.
//
// The number of targets changes with every version and is not kept: it would make each entry a
// changed one.
#include "line_format.hpp"
#include "list_subject.hpp"
#include "map_format.hpp"

#include <charconv>

namespace ostrakon::feed {
namespace {

constexpr std::size_t kColumnsNeeded = 3;
constexpr std::size_t kNameColumn = 4;
constexpr std::size_t kNetworkNameSizeMax = 200;

void read_dshield_row(std::uint32_t number, std::string_view line, Collector& collector) {
    const auto fields = split_fields(line, '\t');
    if (fields.size() < kColumnsNeeded) {
        collector.reject(number, line,
                         "has fewer than three columns between tabs (first address, last address, "
                         "prefix length)");
        return;
    }
    const std::string_view first = trimmed(fields[0]);
    const std::string_view last = trimmed(fields[1]);
    const std::string_view digits = trimmed(fields[2]);
    const auto range = net::parse_range(std::string{first} + "/" + std::string{digits});
    const auto written = net::parse_range(std::string{first} + "-" + std::string{last});
    if (!range || !written || *range != *written) {
        collector.reject(number, line, "has a prefix length that does not fit its two addresses");
        return;
    }
    policy::Statement said;
    if (fields.size() > kNameColumn && trimmed(fields[kNameColumn]) != "-") {
        if (const auto done =
                set_reason(said, trimmed(fields[kNameColumn]).substr(0, kNetworkNameSizeMax));
            !done) {
            said.reason.clear();
        }
    }
    collector.add(number, std::visit([](auto found) { return policy::Subject{found}; }, *range),
                  collector.statement(said));
}

}  // namespace

Result<Done> read_dshield(const Document& document, Collector& collector) {
    for_each_line(document, collector, [&](std::uint32_t number, std::string_view line) {
        const bool is_header = line.starts_with("Start") && line.find("End") != line.npos;
        if (line.front() != '#' && !is_header) {
            read_dshield_row(number, line, collector);
        }
    });
    return Done{};
}

}  // namespace ostrakon::feed
