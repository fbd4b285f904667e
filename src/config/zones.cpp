// All zone files: read one by one, then held against each other.
#include "directory.hpp"
#include "ostrakon/config/feed_catalogue.hpp"
#include "zone_file.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <utility>

namespace ostrakon::config {
namespace {

constexpr std::uint32_t kLoopbackNetwork = 127;

bool is_loopback(const net::Address& address) {
    if (const auto* ipv4 = std::get_if<net::Ipv4>(&address)) {
        return ipv4->bits >> 24 == kLoopbackNetwork;
    }
    return std::get<net::Ipv6>(address) == net::Ipv6{1};
}

// A zone that anybody may ask from outside this machine can be made to shout at third parties.
void warn_about_public_zones(const std::vector<ZoneDraft>& drafts, const Settings& settings,
                             Problems& problems) {
    const bool is_reachable =
        std::any_of(settings.server.listen.begin(), settings.server.listen.end(),
                    [](const Endpoint& endpoint) { return !is_loopback(endpoint.address); });
    if (!is_reachable || settings.limits.responses_per_second > 0) {
        return;
    }
    for (const ZoneDraft& draft : drafts) {
        if (draft.is_sound && draft.zone.query_access.any) {
            problems.warning(draft.zone.file, draft.access_at,
                             fmt::format("{} answers anybody without rate limits; set [limits] "
                                         "responses_per_second, or name who may ask in [access] "
                                         "query",
                                         draft.zone.name));
        }
    }
}

bool serves_any_of(const zone::Zone& zone, const std::string& feed) {
    return zone.serves_source(feed) ||
           std::any_of(zone.sources.begin(), zone.sources.end(),
                       [prefix = feed + "/"](const zone::SourcePattern& source) {
                           return !source.excluded && source.name.starts_with(prefix);
                       });
}

// Who transfers a zone has all that it serves.
void warn_about_terms(const std::vector<ZoneDraft>& drafts, const Settings& settings,
                      Problems& problems) {
    for (const ZoneDraft& draft : drafts) {
        if (!draft.is_sound || !draft.transfer_at) {
            continue;
        }
        for (const FeedSettings& feed : settings.feeds) {
            if (!feed.is_map && forbids_redistribution(feed) &&
                serves_any_of(draft.zone, feed.name)) {
                problems.warning(
                    draft.zone.file, *draft.transfer_at,
                    fmt::format(
                        "partners may transfer {}, which serves feed \"{}\", whose terms do "
                        "not allow to pass it on ({}): leave it out by \"!{}\" in sources, "
                        "or ask its publisher and say redistribute = true",
                        draft.zone.name, feed.name, feed.terms, feed.name));
            }
        }
    }
}

// A question for a name is the zone's with the longest origin; the catalog must be reached.
void check_catalog(const std::vector<ZoneDraft>& drafts, const Settings& settings,
                   Problems& problems) {
    for (const ZoneDraft& draft : drafts) {
        if (settings.catalog && !draft.zone.origin.is_root() &&
            settings.catalog->origin.is_at_or_below(draft.zone.origin)) {
            problems.mistake(
                settings.file.string(), {settings.catalog->line, 1},
                fmt::format("[catalog] origin: read \"{}\", expected a name outside of the zone "
                            "{}, which answers for all below it",
                            dns::to_string(settings.catalog->origin), draft.zone.name));
        }
    }
}

void tell_of_ends(const std::vector<ZoneDraft>& drafts, Problems& problems) {
    for (const ZoneDraft& draft : drafts) {
        if (draft.is_sound && draft.zone.retired) {
            problems.warning(
                draft.zone.file, draft.origin_at,
                fmt::format("{} lists nothing from {} on (`ostrakon zone retire {}` "
                            "says what else is to be done)",
                            draft.zone.name, to_string(*draft.zone.retired), draft.zone.name));
        }
    }
}

}  // namespace

Result<Zones> read_zones(const Settings& settings) {
    Zones read;
    if (settings.zones_directory.empty()) {
        return read;
    }
    Problems problems;
    const std::string directory = settings.zones_directory.string();
    const auto files = toml_files_of(settings.zones_directory);
    if (!files) {
        problems.mistake(directory, {}, files.error());
        return Unexpected{problems.error()};
    }
    std::vector<ZoneDraft> drafts;
    for (const std::filesystem::path& file : *files) {
        drafts.push_back(read_zone_file(file, settings, problems));
    }
    check_zones_together(drafts, problems);
    check_catalog(drafts, settings, problems);
    warn_about_public_zones(drafts, settings, problems);
    warn_about_terms(drafts, settings, problems);
    tell_of_ends(drafts, problems);
    if (drafts.empty()) {
        problems.warning(directory, {}, "holds no zone (*.toml)");
    }
    if (problems.mistake_count() > 0) {
        return Unexpected{problems.error()};
    }
    for (ZoneDraft& draft : drafts) {
        read.zones.push_back(std::move(draft.zone));
    }
    read.warnings = problems.warnings();
    return read;
}

}  // namespace ostrakon::config
