#include "ostrakon/compare/foreign_names.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <span>
#include <utility>

namespace ostrakon::compare {
namespace {

constexpr std::size_t kZonesMax = 1000;  // that are told apart
constexpr std::size_t kZonesShown = 10;
constexpr std::size_t kLabelsKept = 3;
constexpr std::size_t kIpv4Labels = 4;
constexpr std::size_t kIpv6Labels = 32;

bool is_octet(const std::string& label) {
    return label.size() <= 3 &&
           std::all_of(label.begin(), label.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool is_nibble(const std::string& label) {
    return label.size() == 1 &&
           std::string_view{"0123456789abcdef"}.find(label[0]) != std::string_view::npos;
}

std::size_t leading(const std::vector<std::string>& labels, bool (*is_part)(const std::string&)) {
    return static_cast<std::size_t>(std::find_if_not(labels.begin(), labels.end(), is_part) -
                                    labels.begin());
}

}  // namespace

dns::Name guessed_zone(const dns::Name& name) {
    const std::vector<std::string> labels = name.labels();
    std::size_t cut = labels.size() - std::min(labels.size(), kLabelsKept);
    if (leading(labels, is_nibble) >= kIpv6Labels) {
        cut = kIpv6Labels;
    } else if (leading(labels, is_octet) >= kIpv4Labels) {
        cut = kIpv4Labels;
    }
    return dns::Name::from_labels(std::span{labels}.subspan(cut)).value_or(dns::Name{});
}

void ForeignNames::add(const dns::Name& name, std::uint64_t count) {
    ++names_;
    dns::Name zone = guessed_zone(name);
    if (counts_.size() < kZonesMax || counts_.contains(zone)) {
        counts_[std::move(zone)] += count;
    } else {
        of_further_zones_ += count;
    }
}

std::vector<std::string> ForeignNames::notes() const {
    std::vector<std::pair<std::uint64_t, dns::Name>> zones;
    for (const auto& [zone, count] : counts_) {
        zones.emplace_back(count, zone);
    }
    std::stable_sort(zones.begin(), zones.end(),
                     [](const auto& a, const auto& b) { return a.first > b.first; });
    std::vector<std::string> notes;
    std::uint64_t further = of_further_zones_;
    for (const auto& [count, zone] : zones) {
        if (notes.size() < kZonesShown) {
            notes.push_back(fmt::format("no zone here has {}: asked {} {}, left out",
                                        dns::to_string(zone), count,
                                        count == 1 ? "time" : "times"));
        } else {
            further += count;
        }
    }
    if (further > 0) {
        notes.push_back(fmt::format("{} questions of further zones are left out", further));
    }
    return notes;
}

}  // namespace ostrakon::compare
