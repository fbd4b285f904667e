// Property: any bytes as a map of one format are ranges that can be taken in, or refused.
//
// Linked once for each format (format_name.hpp). Bounds hold, ranges begin before
// they end, origins are such, and laid flat they ascend, do not meet and know the same places.
#include "format_name.hpp"
#include "target.hpp"

#include "ostrakon/feed/map.hpp"
#include "ostrakon/policy/map_ranges.hpp"

#include <algorithm>

namespace {

using namespace ostrakon;
using fuzz::require;

const std::string_view kFormat = fuzz::kFormatName;

template <class A>
void check(net::OriginKind kind, const std::vector<policy::MapRange<A>>& ranges) {
    for (const auto& [range, number] : ranges) {
        require(range.first <= range.last, "a range begins before it ends");
        require(net::is_origin({kind, number}), "a range has an origin");
    }
    const auto flat = policy::flattened(ranges);
    require(flat.empty() == ranges.empty(), "what is known stays known");
    for (std::size_t i = 0; i < flat.size(); ++i) {
        require(flat[i].range.first <= flat[i].range.last, "a flat range begins before it ends");
        require(i == 0 || flat[i - 1].range.last < flat[i].range.first, "flat ranges ascend");
    }
}

}  // namespace

// libmaxminddb 1.7.1 loses what it has read of metadata that then turn out to be damaged.
extern "C" const char* __lsan_default_suppressions();
extern "C" const char* __lsan_default_suppressions() {
    return "leak:libmaxminddb";
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    const std::string_view text = fuzz::as_text(bytes, size);
    const auto map =
        feed::read_map({.file = "map", .bytes = text, .format = kFormat, .progress = {}});
    if (!map) {
        require(map.error().code == ErrorCode::Usage && !map.error().why.empty(),
                "a refusal says why");
        return 0;
    }
    require(map->has_value() && (*map)->format == kFormat, "the format that was asked for");
    const policy::MapContents& contents = (*map)->contents;
    require(contents.rejects.size() ==
                std::min<std::uint64_t>(contents.rejected, feed::kRejectsKeptMax),
            "the first rejects are kept, all are counted");
    require(contents.rejected <= contents.read, "what is rejected was read");
    for (const net::OriginKind kind : net::kOriginKinds) {
        check(kind, contents.part(kind).ipv4);
        check(kind, contents.part(kind).ipv6);
    }
    return 0;
}
