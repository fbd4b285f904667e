// `ostrakond --check`: everything that a start would read.
#include "ostrakon/server/daemon.hpp"
#include "ostrakon/server/database.hpp"
#include "ostrakon/server/generation.hpp"
#include "ostrakon/server/privileges.hpp"

#include <fmt/format.h>

#include <cstdio>

namespace ostrakon::server {
namespace {

// As a start would: as its user, whose rights may not suffice, and who then owns a lock file that
// is made here.
Result<Done> check_as_user(const Generation& generation) {
    const config::Settings& settings = generation.settings;
    const auto identity = identity_to_become(settings.server.user);
    if (!identity) {
        return Unexpected{identity.error()};
    }
    if (auto done = give_up_privileges(*identity); !done) {
        return done;
    }
    partner::UseCounters unused;
    if (auto keys = partner::read_all_keys(generation.zones(), unused); !keys) {
        return Unexpected{std::move(keys.error())};
    }
    return Database(settings.database).open();
}

}  // namespace

int check_configuration(const std::filesystem::path& configuration) {
    const auto generation = read_generation(configuration);
    if (!generation) {
        fmt::print(stderr, "{}\n", message(generation.error()));
        return 1;
    }
    for (const std::string& warning : generation->warnings) {
        fmt::print(stderr, "warning: {}\n", warning);
    }
    if (const auto opened = check_as_user(*generation); !opened) {
        fmt::print(stderr, "{}\n", message(opened.error()));
        return 1;
    }
    fmt::print("ok: {}, {} {}, database {}\n", configuration.string(), generation->zone_count(),
               generation->zone_count() == 1 ? "zone" : "zones",
               generation->settings.database.path.string());
    return 0;
}

}  // namespace ostrakon::server
