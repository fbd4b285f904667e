// `ostrakond --check`: everything that a start would read.
#include "ostrakon/server/daemon.hpp"
#include "ostrakon/server/database.hpp"
#include "ostrakon/server/generation.hpp"
#include "ostrakon/server/privileges.hpp"

#include <fmt/format.h>

#include <cstdio>

namespace ostrakon::server {
namespace {

bool holds(const Result<Done>& result) {
    if (!result) {
        fmt::print(stderr, "{}\n", message(result.error()));
    }
    return result.has_value();
}

Result<Done> check_user(const std::string& user) {
    const auto identity = identity_to_become(user);
    if (!identity) {
        return Unexpected{identity.error()};
    }
    return Done{};
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
    Database database(generation->settings.database);
    const bool user_is_there = holds(check_user(generation->settings.server.user));
    const bool database_opens = holds(database.open());
    if (!user_is_there || !database_opens) {
        return 1;
    }
    fmt::print("ok: {}, {} {}, database {}\n", configuration.string(), generation->zone_count(),
               generation->zone_count() == 1 ? "zone" : "zones",
               generation->settings.database.path.string());
    return 0;
}

}  // namespace ostrakon::server
