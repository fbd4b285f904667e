#include "zone_walk.hpp"

#include "ostrakon/dns/name.hpp"

#include <algorithm>
#include <cstdint>

namespace ostrakon::feed {
namespace {

bool is_ttl_or_class(std::string_view word) {
    if (word == "IN" || word == "in") {
        return true;
    }
    return !word.empty() && word.front() >= '0' && word.front() <= '9' &&
           word.find_first_not_of("0123456789smhdwSMHDW") == std::string_view::npos;
}

}  // namespace

Result<Done> for_each_record(const Document& document, const Collector& collector,
                             const std::function<void(const ZoneRecord& record)>& read) {
    ZoneRecords records{document.bytes};
    std::uint32_t count = 0;
    for (ZoneRecord record; !collector.is_full() && records.next(record);) {
        read(record);
        if (++count % kProgressLines == 0) {
            document.progress(records.consumed());
        }
    }
    return records.is_open()
               ? refuse(document.file, "ends within parentheses: it was cut off", "fetch it again")
               : Result<Done>{Done{}};
}

std::string in_lower_case(std::string_view text) {
    std::string lowered{text};
    std::transform(lowered.begin(), lowered.end(), lowered.begin(), [](char c) {
        return static_cast<char>(dns::lower(static_cast<std::uint8_t>(c)));
    });
    return lowered;
}

bool take_suffix(std::string_view& name, std::string_view suffix) {
    if (name == suffix) {
        name = {};
        return true;
    }
    if (name.size() > suffix.size() && name.ends_with(suffix) &&
        name[name.size() - suffix.size() - 1] == '.') {
        name.remove_suffix(suffix.size() + 1);
        return true;
    }
    return false;
}

std::optional<OwnedRecord> ZoneWalk::take(const ZoneRecord& record) {
    if (!record.mistake.empty()) {
        collector_.reject(record.line, record.text, record.mistake);
        return std::nullopt;
    }
    if (record.has_owner && record.words.front().starts_with('$')) {
        read_directive(record);
        return std::nullopt;
    }
    std::size_t at = 0;
    if (record.has_owner) {
        owner_ = absolute(in_lower_case(record.words[at++]));
    }
    // TTL and class, in either order.
    while (at < record.words.size() && is_ttl_or_class(record.words[at])) {
        ++at;
    }
    if (at >= record.words.size() || owner_.empty()) {
        collector_.reject(record.line, record.text, "is no record of a zone");
        return std::nullopt;
    }
    OwnedRecord owned{owner_, in_lower_case(record.words[at]), {}};
    owned.values = std::span{record.words}.subspan(at + 1);
    if (owned.type == "soa" && !apex_) {
        apex_ = owner_;
    }
    return owned;
}

std::string ZoneWalk::absolute(std::string name) const {
    if (name == "@") {
        return origin_;
    }
    if (name.ends_with('.')) {
        name.pop_back();
        return name;
    }
    return name + "." + origin_;
}

void ZoneWalk::read_directive(const ZoneRecord& record) {
    const std::string directive = in_lower_case(record.words.front());
    if (directive == "$origin" && record.words.size() > 1) {
        origin_ = absolute(in_lower_case(record.words[1]));
    } else if (directive != "$ttl") {
        collector_.reject(record.line, record.text, "is no directive that can be followed");
    }
}

}  // namespace ostrakon::feed
