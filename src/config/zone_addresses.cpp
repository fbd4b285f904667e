// [a]: the addresses of the zone's own names.
#include "sections.hpp"
#include "zone_sections.hpp"

#include "ostrakon/base/printable.hpp"

#include <fmt/format.h>
#include <algorithm>

namespace ostrakon::config {
namespace {

constexpr std::size_t kOwnersMax = 1000;
constexpr std::int64_t kAddressesMax = 32;  // of one owner: an answer over UDP still holds them
constexpr std::string_view kApex = "@";

Spelled<net::Address> spelled_address(std::string_view text) {
    const auto address = net::parse_address(text);
    if (!address) {
        return Unexpected{std::string{"an address, as in \"192.0.2.80\" or \"2001:db8::80\""}};
    }
    return *address;
}

// Reads an owner as written in [a]: "@" or labels before the origin.
Spelled<dns::Name> spelled_owner(std::string_view text, const zone::Zone& zone) {
    if (text == kApex) {
        return zone.origin;
    }
    if (text.ends_with('.') || text == zone.name || text.ends_with("." + zone.name)) {
        return Unexpected{
            fmt::format("a name relative to {}, as in \"www\", or \"@\" for it", zone.name)};
    }
    return spelled_name(fmt::format("{}.{}", text, zone.name));
}

// The label next to the origin decides whether a query name is an address.
bool is_part_of_an_address(const dns::Name& owner, const dns::Name& origin) {
    const std::size_t below = owner.label_count() - origin.label_count();
    if (below == 0) {
        return false;
    }
    const std::string label = owner.labels()[below - 1];
    const bool is_number =
        std::all_of(label.begin(), label.end(), [](char c) { return c >= '0' && c <= '9'; });
    return is_number || (label.size() == 1 && label.front() >= 'a' && label.front() <= 'f');
}

template <class A>
void add_once(std::vector<A>& addresses, A address) {
    if (std::find(addresses.begin(), addresses.end(), address) == addresses.end()) {
        addresses.push_back(address);
    }
}

zone::AddressRecords records_of(const dns::Name& owner,
                                const std::vector<net::Address>& addresses) {
    zone::AddressRecords records{owner, {}, {}};
    for (const net::Address& address : addresses) {
        if (const auto* ipv4 = std::get_if<net::Ipv4>(&address)) {
            add_once(records.a, *ipv4);
        } else {
            add_once(records.aaaa, std::get<net::Ipv6>(address));
        }
    }
    return records;
}

}  // namespace

void read_addresses(Section section, ZoneDraft& draft) {
    const auto& entries = section.own_words();
    if (entries.size() > kOwnersMax) {
        section.mistake_at(section.at(), fmt::format("[a]: read {} names, expected at most {}",
                                                     entries.size(), kOwnersMax));
        return;
    }
    std::vector<zone::AddressRecords>& known = draft.zone.addresses;
    for (const Entry& entry : entries) {
        std::vector<net::Address> addresses;
        if (section.is_list(entry.key, entry.value)) {
            section.items(entry.key, entry.value, addresses, {1, kAddressesMax}, spelled_address);
        }
        if (draft.zone.origin.is_root()) {
            continue;  // a missing origin is noted already
        }
        const auto owner = spelled_owner(entry.key, draft.zone);
        if (!owner) {
            section.mistake_at(entry.at,
                               fmt::format("[a]: read \"{}\", expected {}",
                                           printable(entry.key, kTextSizeMax), owner.error()));
            continue;
        }
        if (std::any_of(known.begin(), known.end(),
                        [&owner](const auto& one) { return one.owner == *owner; })) {
            section.mistake_at(entry.at,
                               fmt::format("[a]: read \"{}\", expected each name once", entry.key));
            continue;
        }
        if (is_part_of_an_address(*owner, draft.zone.origin)) {
            section.warning(
                entry.at,
                fmt::format("[a] {}: hides the addresses that are asked for below this name",
                            entry.key));
        }
        known.push_back(records_of(*owner, addresses));
        draft.addresses_at.push_back(entry.at);
    }
}

}  // namespace ostrakon::config
