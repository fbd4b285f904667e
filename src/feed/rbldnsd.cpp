// rbldnsd: its data sets, each as one of its types or several in a combined file.
#include "format.hpp"
#include "rbldnsd_data_set.hpp"
#include "rbldnsd_outline.hpp"

#include <fmt/format.h>

namespace ostrakon::feed {
namespace {

constexpr std::string_view kTypesRemedy =
    "name it with --format: rbldnsd:ip4set, rbldnsd:ip4tset, rbldnsd:ip4trie, rbldnsd:ip6tset, "
    "rbldnsd:ip6trie or rbldnsd:dnset";

bool has_data_set_line(std::string_view text) {
    RbldnsdLines lines{text, 1};
    Line line;
    while (lines.next(line)) {
        if (special_of(line.text).kind == SpecialKind::DataSet) {
            return true;
        }
    }
    return false;
}

Result<DataSetType> type_of(const Document& document) {
    if (document.variant.empty()) {
        if (has_data_set_line(document.bytes)) {
            return DataSetType::Combined;
        }
        return refuse(document.file, "is one data set of rbldnsd, and does not say of which type",
                      std::string{kTypesRemedy});
    }
    const auto type = data_set_type(document.variant);
    if (!type) {
        return refuse(fmt::format("format \"rbldnsd:{}\"", document.variant),
                      "is no type of data sets", std::string{kTypesRemedy});
    }
    if (*type == DataSetType::Generic) {
        return refuse("format \"rbldnsd:generic\"",
                      "cannot be imported: it holds records of any kind, no listings",
                      "write the zone's own addresses into [a] of its file");
    }
    if (*type == DataSetType::Acl) {
        return refuse("format \"rbldnsd:acl\"",
                      "cannot be imported: it says who may ask, and lists nothing",
                      "write the clients into [access] query of the zone's file");
    }
    return *type;
}

}  // namespace

Result<Done> read_rbldnsd(const Document& document, Collector& collector) {
    const auto type = type_of(document);
    if (!type) {
        return Unexpected{type.error()};
    }
    const auto outline = outline_of(document, *type, collector);
    if (!outline) {
        return Unexpected{outline.error()};
    }
    for (const DataSetOutline& data_set : outline->data_sets) {
        if (data_set.is_read) {
            read_data_set(document, data_set, outline->expires, collector);
        }
    }
    collector.set_default_code(net::Ipv4{0x7F000002});  // what rbldnsd answers where nothing says
    return Done{};
}

}  // namespace ostrakon::feed
