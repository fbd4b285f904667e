#include "zone_site.hpp"

#include "arguments.hpp"
#include "database.hpp"
#include "new_file.hpp"
#include "ostrakon/dns/name.hpp"

#include <fmt/format.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace ostrakon::tool {
namespace {

Unexpected<Error> cannot_give(const std::filesystem::path& path) {
    return Unexpected{Error{ErrorCode::System, "write " + path.string(), std::strerror(errno),
                            "run it as root, or as the owner of the file"}};
}

}  // namespace

Result<ZoneSite> read_zone_site(const CommonOptions& common) {
    auto settings = read_settings(common);
    if (!settings) {
        return Unexpected{std::move(settings.error())};
    }
    auto zones = config::read_zones(*settings);
    if (!zones) {
        return Unexpected{std::move(zones.error())};
    }
    if (zones->zones.empty()) {
        const std::string where = settings->zones_directory.string();
        return wrong_usage(
            where.empty() ? "zones" : where, "there is none",
            "`ostrakon init` writes a first one; --config names another configuration");
    }
    return ZoneSite{std::move(*settings), std::move(*zones)};
}

Result<const zone::Zone*> zone_called(const ZoneSite& site, std::string_view name) {
    const auto wanted = dns::parse_name(name);
    const auto& zones = site.zones.zones;
    const auto found = std::find_if(zones.begin(), zones.end(), [&](const zone::Zone& zone) {
        return wanted && zone.origin == *wanted;
    });
    if (found == zones.end()) {
        return wrong_usage(fmt::format("zone {}", name), "there is no such zone",
                           "`ostrakon zone list` shows the zones");
    }
    return &*found;
}

Result<Done> replace_file(const ReplacedFile& file, std::string_view text) {
    struct stat before {};
    const bool is_there = ::stat(file.path.c_str(), &before) == 0;
    auto made = NewFile::begin(file.path, true);
    if (!made) {
        return Unexpected{std::move(made.error())};
    }
    if (auto written = made->write(text); !written) {
        return written;
    }
    const passwd* const user =
        is_there || file.new_owner.empty() ? nullptr : ::getpwnam(file.new_owner.c_str());
    const uid_t owner = is_there ? before.st_uid : user != nullptr ? user->pw_uid : ::geteuid();
    const gid_t group = is_there ? before.st_gid : user != nullptr ? user->pw_gid : ::getegid();
    const bool is_given = owner != ::geteuid() || group != ::getegid();
    const bool may_give = is_there || ::geteuid() == 0;
    if (is_given && may_give && ::fchown(made->descriptor(), owner, group) != 0) {
        return cannot_give(file.path);
    }
    if (::fchmod(made->descriptor(), is_there ? before.st_mode & 07777U : file.new_mode) != 0) {
        return cannot_give(file.path);
    }
    if (auto synced = made->sync(); !synced) {
        return synced;
    }
    return made->keep();
}

}  // namespace ostrakon::tool
