#include "ostrakon/config/zones_hash.hpp"

#include "directory.hpp"
#include "ostrakon/config/shipped_file.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <functional>
#include <string>

namespace ostrakon::config {
namespace {

constexpr std::size_t kZoneFileSizeMax = std::size_t{16} << 20;

}  // namespace

std::optional<std::uint64_t> zones_hash(const Settings& settings, UnixTime at) {
    std::string said = settings.web.url;
    for (const auto& [name, code] : settings.classes) {
        said += fmt::format("\n{} {}", name, code.bits);
    }
    for (const net::Ipv4Range& range : settings.protect.never_ipv4) {
        said += fmt::format("\n{} {}", range.first.bits, range.last.bits);
    }
    for (const net::Ipv6Range& range : settings.protect.never_ipv6) {
        said += '\n' + net::to_string(range);
    }
    for (const dns::Name& name : settings.protect.never_names) {
        said += '\n' + dns::to_string(name);
    }
    const auto files = toml_files_of(settings.zones_directory);
    if (!files) {
        return std::nullopt;
    }
    for (const std::filesystem::path& file : *files) {
        const auto bytes = read_data_file(file, kZoneFileSizeMax);
        if (!bytes) {
            return std::nullopt;
        }
        said += fmt::format("\n{} {}\n", file.string(), bytes->size());
        said += *bytes;
    }
    const auto zones = read_zones(settings);
    for (const zone::Zone& zone : zones ? zones->zones : std::vector<zone::Zone>{}) {
        said += zone.retired && *zone.retired <= at ? "\nretired " + zone.name : "";
    }
    return std::max<std::uint64_t>(1, std::hash<std::string>{}(said));
}

}  // namespace ostrakon::config
