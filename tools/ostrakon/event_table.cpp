#include "event_table.hpp"

#include "ostrakon/base/printable.hpp"

namespace ostrakon::tool {
namespace {

constexpr std::size_t kCellSizeMax = 1024;

}  // namespace

Table event_table(const std::vector<policy::Event>& events, bool with_subject) {
    Table table{with_subject ? std::vector<std::string>{"WHEN", "BY", "SUBJECT", "CLASS", "WHAT"}
                             : std::vector<std::string>{"WHEN", "BY", "CLASS", "WHAT"},
                Table::Last::Wrapped};
    for (const policy::Event& event : events) {
        std::string what = event.subject.empty() ? event.command + ": " + event.what : event.what;
        if (!event.reason.empty()) {
            what += " - " + event.reason;
        }
        std::vector<std::string> row{minute_of(event.at), printable(event.by, kCellSizeMax)};
        if (with_subject) {
            row.push_back(event.subject);
        }
        row.push_back(event.listing_class);
        row.push_back(printable(what, kCellSizeMax));
        table.add(std::move(row));
    }
    return table;
}

}  // namespace ostrakon::tool
