#include "feed_limits.hpp"

#include "feed_settings.hpp"
#include "ostrakon/policy/guard.hpp"
#include "ostrakon/policy/verdict_set.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <tuple>

namespace ostrakon::policy {
namespace {

std::size_t entries_in(const std::vector<DataSet>& data_sets, EntryList DataSet::*which) {
    std::size_t total = 0;
    for (const DataSet& data_set : data_sets) {
        total += (data_set.*which).size();
    }
    return total;
}

// Addresses and names covered, as far as limits on steps look at them. Overlaps count twice.
double covered(const std::vector<DataSet>& data_sets, EntryList DataSet::*which) {
    Coverage total;
    for (const DataSet& data_set : data_sets) {
        total += coverage_of(data_set.*which);
    }
    return static_cast<double>(total.addresses) + static_cast<double>(total.names);
}

template <class A>
bool is_too_wide(const config::ProtectSettings& protect, net::Range<A> range, int width) {
    return breadth_of(range) > breadth_of(net::prefix(A{0}, width)) &&
           never_overlap(protect, Subject{range}) != NeverOverlap::Wholly;
}

template <class A>
std::optional<std::string> too_wide(const config::ProtectSettings& protect,
                                    const std::vector<Entry<A>>& entries, int width) {
    const auto found = std::find_if(entries.begin(), entries.end(), [&](const Entry<A>& entry) {
        return is_too_wide(protect, entry.range, width);
    });
    return found == entries.end() ? std::nullopt : std::optional{net::to_string(found->range)};
}

// A range that is wider than the feed's max_width, where possible as the list has it.
std::optional<std::string> too_wide(const config::ProtectSettings& protect,
                                    const config::FeedSettings& limits, const ImportList& list,
                                    const std::vector<DataSet>& data_sets) {
    for (const net::Ipv4Range range : list.written_ipv4) {
        if (is_too_wide(protect, range, limits.max_width_ipv4)) {
            return net::to_string(range);
        }
    }
    for (const DataSet& data_set : data_sets) {
        for (const auto& wide : {too_wide(protect, data_set.fresh.ipv4, limits.max_width_ipv4),
                                 too_wide(protect, data_set.fresh.ipv6, limits.max_width_ipv6)}) {
            if (wide) {
                return wide;
            }
        }
    }
    return std::nullopt;
}

// IPv4 addresses that are in any of the entries, which are sorted, and can be listed.
std::uint64_t covered_once(const std::vector<net::Ipv4Range>& never,
                           const std::vector<Ipv4Entry>& entries) {
    std::uint64_t covered = 0;
    std::uint64_t next = 0;  // the first address that has not been counted
    auto held = never.begin();
    for (const Ipv4Entry& entry : entries) {
        const std::uint64_t first = std::max<std::uint64_t>(entry.range.first.bits, next);
        const std::uint64_t end = std::uint64_t{entry.range.last.bits} + 1;
        if (end <= first) {
            continue;
        }
        covered += end - first;
        next = end;
        while (held != never.end() && held->last.bits < first) {
            ++held;
        }
        for (auto part = held; part != never.end() && part->first.bits < end; ++part) {
            covered -= std::min(end, std::uint64_t{part->last.bits} + 1) -
                       std::max<std::uint64_t>(first, part->first.bits);
        }
    }
    return covered;
}

}  // namespace

Unexpected<Error> refuse_step(const std::string& feed, std::string why) {
    return Unexpected{
        Error{ErrorCode::Refused, "feed " + feed, std::move(why), "--yes accepts it all the same"}};
}

Coverage coverage_of(const EntryList& list) {
    Coverage total;
    for (const Ipv4Entry& entry : list.ipv4) {
        total += coverage(Subject{entry.range});
    }
    for (const Ipv6Entry& entry : list.ipv6) {
        total += coverage(Subject{entry.range});
    }
    return total += Coverage{0, list.name_count()};
}

Result<Done> check_covered(const config::ProtectSettings& protect, const Import& import,
                           const std::vector<DataSet>& data_sets) {
    constexpr double kUnicastAddresses = 3.7e9;  // of IPv4, without special purposes
    if (!import.covered_max || import.confirmed) {
        return Done{};
    }
    for (const DataSet& data_set : data_sets) {
        const auto covered =
            static_cast<double>(covered_once(protect.never_ipv4, data_set.fresh.ipv4));
        if (covered > *import.covered_max * kUnicastAddresses) {
            return refuse_step(import.source,
                               fmt::format("it would cover {:.0f} addresses, more than max_covered "
                                           "({:.0f} % of IPv4)",
                                           covered, *import.covered_max * 100));
        }
    }
    return Done{};
}

Result<Done> check_step(const config::Settings& settings, const Import& import,
                        const std::vector<DataSet>& data_sets) {
    const std::string& feed = import.source;
    const config::FeedSettings defaults;
    const config::FeedSettings* configured = feed_settings(settings, feed);
    const config::FeedSettings& limits = configured == nullptr ? defaults : *configured;
    if (const auto wide = too_wide(settings.protect, limits, import.list, data_sets)) {
        return refuse_step(feed, fmt::format("{} is wider than max_width allows", *wide));
    }
    const bool is_emptied = entries_in(data_sets, &DataSet::fresh) == 0 && limits.min_entries == 0;
    if (entries_in(data_sets, &DataSet::old) == 0 || is_emptied) {
        return Done{};
    }
    constexpr auto kOld = &DataSet::old;
    constexpr auto kFresh = &DataSet::fresh;
    for (const auto& [before, after, what] :
         {std::tuple{static_cast<double>(entries_in(data_sets, kOld)),
                     static_cast<double>(entries_in(data_sets, kFresh)), "entries"},
          std::tuple{covered(data_sets, kOld), covered(data_sets, kFresh),
                     "addresses and names"}}) {
        if (after < before * (1 - limits.max_shrink)) {
            return refuse_step(
                feed,
                fmt::format(
                    "it would shrink from {:.0f} to {:.0f} {}, more than max_shrink ({:.0f} %)",
                    before, after, what, limits.max_shrink * 100));
        }
        if (after > before * (1 + limits.max_growth)) {
            return refuse_step(
                feed, fmt::format(
                          "it would grow from {:.0f} to {:.0f} {}, more than max_growth ({:.0f} %)",
                          before, after, what, limits.max_growth * 100));
        }
    }
    return Done{};
}

}  // namespace ostrakon::policy
