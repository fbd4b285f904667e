#include "zone_left_out.hpp"

#include "database.hpp"
#include "ostrakon/partner/zone_keys.hpp"
#include "ostrakon/transfer/contents.hpp"
#include "ostrakon/zone/listing_class.hpp"
#include "output.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <memory>

namespace ostrakon::tool {
namespace {

// Own patterns in force; nothing where the database cannot be read.
std::optional<std::uint64_t> count_own_patterns(const ZoneSite& site) {
    auto environment = open_for_reading(site.settings);
    if (!environment) {
        return std::nullopt;
    }
    auto rulebook = std::make_shared<verdict::Rulebook>();
    rulebook->zones = site.zones.zones;
    rulebook->classes = site.settings.classes;
    const auto contents =
        transfer::Contents::take(*environment, rulebook, {.now = now(), .with_texts = false});
    return contents ? std::optional{(*contents)->left_out().patterns} : std::nullopt;
}

std::string listed_in_words(const std::vector<std::string>& words) {
    std::string text;
    for (std::size_t i = 0; i < words.size(); ++i) {
        text += i == 0 ? "" : i + 1 < words.size() ? ", " : " and ";
        text += words[i];
    }
    return text;
}

}  // namespace

Result<std::vector<std::optional<std::size_t>>> count_partner_keys(
    const std::vector<zone::Zone>& zones, std::vector<std::string>& warnings) {
    std::vector<std::optional<std::size_t>> counts(zones.size());
    for (std::size_t i = 0; i < zones.size(); ++i) {
        const zone::Zone& zone = zones[i];
        if (zone.keys_file.empty()) {
            continue;
        }
        if (::access(zone.keys_file.c_str(), R_OK) != 0) {
            if (errno == ENOENT) {
                warnings.push_back(
                    fmt::format("{}: there is no {}, so that ostrakond does not "
                                "start: `ostrakon partner add NAME --zone {}` "
                                "makes it",
                                zone.file, zone.keys_file, zone.name));
            }
            continue;
        }
        const auto entries = partner::read_key_file(zone.keys_file);
        if (!entries) {
            return Unexpected{entries.error()};
        }
        if (auto fit = partner::check_keys(*entries, zone, zones); !fit) {
            return Unexpected{std::move(fit.error())};
        }
        counts[i] = static_cast<std::size_t>(
            std::count_if(entries->begin(), entries->end(),
                          [](const partner::KeyEntry& entry) { return !entry.is_revoked; }));
    }
    return counts;
}

std::vector<std::string> tell_what_transfers_leave_out(
    const ZoneSite& site, const std::vector<std::optional<std::size_t>>& keys) {
    std::vector<std::string> lines;
    std::optional<std::uint64_t> patterns;
    bool are_counted = false;
    for (std::size_t i = 0; i < site.zones.zones.size(); ++i) {
        const zone::Zone& zone = site.zones.zones[i];
        if (zone.secondaries.transfer.empty()) {
            continue;
        }
        if (!are_counted) {
            patterns = count_own_patterns(site);
            are_counted = true;
        }
        std::vector<std::string> left;
        if (zone.serves_source("own") && patterns.value_or(0) > 0) {
            left.push_back(counted(*patterns, "own pattern (rdns:)", "own patterns (rdns:)"));
        }
        for (const std::string_view source : zone::kBuiltInSources) {
            if (zone.serves_source(std::string{source})) {
                left.push_back(fmt::format("the built-in source {}", source));
            }
        }
        if (keys[i].value_or(0) > 0) {
            left.push_back(counted(*keys[i], "partner key", "partner keys"));
        }
        if (!left.empty()) {
            lines.push_back(
                fmt::format("{}: transfers of {} leave out {}: who asks a secondary is "
                            "answered without them",
                            zone.file, zone.name, listed_in_words(left)));
        }
    }
    return lines;
}

}  // namespace ostrakon::tool
