// What bans cost and lift, and what cannot be listed by accident.
#include "ostrakon/net/private_ranges.hpp"
#include "sections.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <utility>

namespace ostrakon::config {
namespace {

constexpr std::int64_t kStrikesMax = 100;

constexpr std::string_view kPrivate = "private";

// One item of never: addresses, or a name with all below it, or all of "private".
using Never = std::variant<net::AddressRange, dns::Name, ProtectSettings>;

Spelled<Never> spelled_never(std::string_view text) {
    if (text == kPrivate) {
        return Never{private_ranges()};
    }
    const auto range = net::parse_range(text);
    if (range) {
        return Never{*range};
    }
    if (range.error() != net::RangeError::NotAnAddress) {
        return Unexpected{spelled_range(text).error()};
    }
    const auto name = dns::parse_name(text);
    if (!name) {
        return Unexpected{std::string{"\"private\", a prefix or a domain"}};
    }
    return Never{*name};
}

template <class A>
void merge(std::vector<net::Range<A>>& ranges) {
    std::sort(ranges.begin(), ranges.end());
    std::vector<net::Range<A>> merged;
    for (const net::Range<A>& range : ranges) {
        // Neighbours become one range too; the last address of all has no neighbour.
        const bool joins = !merged.empty() && (range.first <= merged.back().last ||
                                               range.first.bits - merged.back().last.bits == 1);
        if (joins) {
            merged.back().last = std::max(merged.back().last, range.last);
        } else {
            merged.push_back(range);
        }
    }
    ranges = std::move(merged);
}

void add(const net::AddressRange& range, ProtectSettings& protect) {
    if (const auto* ipv4 = std::get_if<net::Ipv4Range>(&range)) {
        protect.never_ipv4.push_back(*ipv4);
    } else {
        protect.never_ipv6.push_back(std::get<net::Ipv6Range>(range));
    }
}

void put_in_order(ProtectSettings& protect) {
    merge(protect.never_ipv4);
    merge(protect.never_ipv6);
    std::sort(protect.never_names.begin(), protect.never_names.end());
    protect.never_names.erase(std::unique(protect.never_names.begin(), protect.never_names.end()),
                              protect.never_names.end());
}

void read_never(Section& section, ProtectSettings& protect) {
    if (section.find("never", {Kind::List}) == nullptr) {
        return;  // the default holds
    }
    std::vector<Never> items;
    section.list("never", items, {0, kListSizeMax}, spelled_never);
    protect.never_ipv4.clear();
    protect.never_ipv6.clear();
    protect.never_names.clear();
    for (const Never& item : items) {
        if (const auto* range = std::get_if<net::AddressRange>(&item)) {
            add(*range, protect);
        } else if (const auto* name = std::get_if<dns::Name>(&item)) {
            protect.never_names.push_back(*name);
        } else {
            const auto& ranges = std::get<ProtectSettings>(item);
            protect.never_ipv4.insert(protect.never_ipv4.end(), ranges.never_ipv4.begin(),
                                      ranges.never_ipv4.end());
            protect.never_ipv6.insert(protect.never_ipv6.end(), ranges.never_ipv6.begin(),
                                      ranges.never_ipv6.end());
        }
    }
    put_in_order(protect);
}

// A canary is kept as it was written: addresses, a name or a mail address.
Spelled<std::string> spelled_canary(std::string_view text) {
    if (!net::parse_range(text) && !dns::parse_name(text) && !spelled_mailbox(text)) {
        return Unexpected{std::string{"an address, a prefix, a domain or a mail address"}};
    }
    return std::string{text};
}

void read_blast_radius(Section& section, ProtectSettings& protect) {
    const Value* found = section.find("blast_radius", {Kind::Text, Kind::Integer});
    if (found == nullptr) {
        return;
    }
    const auto count = spelled_address_count(found->text);
    if (!count) {
        section.mistake("blast_radius", *found, count.error());
        return;
    }
    protect.blast_radius_addresses = *count;
}

void read_first(Section& section, LifecycleSettings& lifecycle) {
    const Value* found = section.find("first", {Kind::Text});
    if (found == nullptr) {
        return;
    }
    lifecycle.first_is_warning = found->text == "warn";
    if (!lifecycle.first_is_warning) {
        const SpelledDuration spelled{.least_s = 1, .may_be_forever = true};
        section.take("first", *found, lifecycle.first, spelled);
    }
}

void read_repeat(Section& section, LifecycleSettings& lifecycle) {
    const Value* found = section.find("repeat", {Kind::Text, Kind::List});
    const SpelledDuration spelled{.least_s = 1, .may_be_forever = true};
    if (found != nullptr && found->kind == Kind::List) {
        section.items("repeat", *found, lifecycle.repeat, {1, kStrikesMax}, spelled);
    } else if (found != nullptr) {
        Duration repeat = lifecycle.repeat.front();
        section.value("repeat", repeat, spelled);
        lifecycle.repeat = {repeat};
    }
}

}  // namespace

ProtectSettings private_ranges() {
    ProtectSettings protect;
    for (const std::string_view text : net::kPrivateRanges) {
        add(*net::parse_range(text), protect);
    }
    put_in_order(protect);
    return protect;
}

void read_protect(Section section, ProtectSettings& protect) {
    read_never(section, protect);
    section.list("canaries", protect.canaries, {0, kListSizeMax}, spelled_canary);
    read_blast_radius(section, protect);
    section.finish();
}

void read_lifecycle(Section section, LifecycleSettings& lifecycle) {
    read_first(section, lifecycle);
    read_repeat(section, lifecycle);
    section.value("repeat_minimum", lifecycle.repeat_minimum,
                  SpelledDuration{.may_be_forever = true});
    section.boolean("evidence_to_lift", lifecycle.evidence_to_lift);
    section.value("recheck", lifecycle.recheck,
                  [](std::string_view text) -> Spelled<std::optional<Duration>> {
                      if (text.empty()) {
                          return std::optional<Duration>{};
                      }
                      return SpelledDuration{1}(text).map(
                          [](Duration duration) { return std::optional{duration}; });
                  });
    section.finish();
}

}  // namespace ostrakon::config
