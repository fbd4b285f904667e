// The operator's page: a section a function, each from the report to markup.
#pragma once

#include "pages.hpp"
#include "status_report.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace ostrakon::web {

/// How far back charts go.
struct Range {
    std::string_view name;  ///< "hour", as in the address and the phrases.
    std::int64_t bucket_seconds;
    std::size_t buckets;
    std::int64_t mark_seconds;  ///< Between two words below the axis.
};
inline constexpr std::array<Range, 3> kRanges{
    {{"hour", 60, 60, 600}, {"day", 600, 144, 10'800}, {"month", 14'400, 180, 432'000}}};

/// What the visitor wants to see.
struct StatusWish {
    const Range* range = &kRanges[0];
    bool reloads = false;  ///< By itself, every minute.
};
StatusWish wish_of(const Visit& visit);

/// What was counted in a range.
struct Course {
    /// Names of one kind, and where their counts begin in a bucket.
    struct Names {
        std::vector<std::string> names;
        std::size_t first = 0;
    };
    Names outcomes, classes, zones, transports;
    std::vector<hits::Bucket> buckets;

    const hits::Bucket* latest() const;  ///< Of which something is known; null: none.
    /// A second, in a bucket of which something is known.
    double queries(const hits::Bucket& bucket) const;
    double rate(const hits::Bucket& bucket, const Names& names, std::size_t place) const;
};
Course course_of(const Watch& watch, const Range& range, UnixTime now);

http::Response status_page(const Visit& visit);
http::Response status_json(const Visit& visit);

Markup server_section(const Visit& visit, const StatusReport& report);
Markup rates_section(const Visit& visit, const StatusReport& report, const StatusWish& wish);
Markup feeds_section(const Visit& visit, const StatusReport& report);
Markup requests_section(const Visit& visit, const StatusReport& report);
Markup map_section(const Visit& visit, const StatusReport& report);

/// A heading with a name that links lead to: "rates".
Markup section(const Visit& visit, const std::string& id, const Markup& content);
Markup definition(const Visit& visit, std::string_view key, const Markup& value);
/// A table that is scrolled where it is too wide, also by keys. The element `name` names it.
Markup scrolled(const std::string& name, const Markup& table);
/// The page with another wish, in this language.
std::string wish_link(const Visit& visit, const StatusWish& wish);
/// A phrase in which commands stand between backticks.
Markup with_commands(const Visit& visit, const std::string& key);
/// How long ago, with the moment itself.
Markup ago(const Visit& visit, UnixTime then);

}  // namespace ostrakon::web
