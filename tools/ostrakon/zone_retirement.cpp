#include "zone_retirement.hpp"

#include "ostrakon/config/shipped_file.hpp"
#include "zone_site.hpp"

#include <fmt/format.h>

namespace ostrakon::tool {
namespace {

constexpr std::size_t kRetiringFileSizeMax = std::size_t{16} << 20;

// Whether a line of TOML gives this key a value. In front of the first table it is the zone's.
bool has_key(std::string_view line, std::string_view key) {
    const std::size_t begin = line.find_first_not_of(" \t");
    if (begin == std::string_view::npos || !line.substr(begin).starts_with(key)) {
        return false;
    }
    const std::string_view rest = line.substr(begin + key.size());
    const std::size_t next = rest.find_first_not_of(" \t");
    return next != std::string_view::npos && rest[next] == '=';
}

}  // namespace

std::string_view zone_state(const std::optional<UnixTime>& retired, UnixTime at) {
    return !retired ? "serving" : at < *retired ? "retiring" : "retired";
}

std::string with_retirement(std::string_view text, const std::optional<UnixTime>& retired) {
    const std::string wanted =
        retired ? fmt::format("retired = \"{}\"  # it lists nothing from then on\n",
                              to_string(*retired))
                : "";
    std::string result;
    bool is_in_table = false;
    bool is_written = !retired;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size() - 1) + 1;
        const std::string_view line = text.substr(0, end);
        text.remove_prefix(end);
        const std::size_t begin = line.find_first_not_of(" \t");
        is_in_table |= begin != std::string_view::npos && line[begin] == '[';
        if (!is_in_table && has_key(line, "retired")) {
            continue;
        }
        result += line;
        if (!is_in_table && !is_written && has_key(line, "origin")) {
            result += result.back() == '\n' ? "" : "\n";
            result += wanted;
            is_written = true;
        }
    }
    return is_written ? result : wanted + result;
}

Result<Done> write_retirement(const zone::Zone& zone, const std::optional<UnixTime>& retired,
                              const CommonOptions& common) {
    const auto before = config::read_data_file(zone.file, kRetiringFileSizeMax);
    if (!before) {
        return Unexpected{before.error()};
    }
    if (auto done = replace_file({zone.file}, with_retirement(*before, retired)); !done) {
        return done;
    }
    const auto after = read_zone_site(common);
    const auto found = after ? zone_called(*after, zone.name)
                             : Result<const zone::Zone*>{Unexpected{after.error()}};
    if (found && (*found)->retired == retired) {
        return Done{};
    }
    if (auto done = replace_file({zone.file}, *before); !done) {
        return done;
    }
    const std::string line =
        retired ? fmt::format("retired = \"{}\"", to_string(*retired)) : "no key \"retired\"";
    return Unexpected{Error{ErrorCode::Usage, "write " + zone.file,
                            "this file is written in a way that cannot be edited here",
                            "give it the line by hand, in front of its first table: " + line}};
}

}  // namespace ostrakon::tool
