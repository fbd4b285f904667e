#include "ostrakon/server/generation.hpp"

#include "ostrakon/responder/prepared.hpp"
#include "ostrakon/server/cookie_secrets.hpp"
#include "ostrakon/verdict/read_rulebook.hpp"

#include <utility>

namespace ostrakon::server {

void Generation::take_keys(const partner::ZoneKeys& keys) {
    site = std::make_shared<responder::Site>(site->shared_rulebook(), site->prepared().settings,
                                             keys, site->prepared().secondaries);
}

Result<Generation> read_generation(const std::filesystem::path& file) {
    auto settings = config::read_settings(file);
    if (!settings) {
        return Unexpected{settings.error()};
    }
    auto zones = config::read_zones(*settings);
    if (!zones) {
        return Unexpected{zones.error()};
    }
    auto keys = config::read_tsig_keys(*settings, *zones);
    if (!keys) {
        return Unexpected{keys.error()};
    }
    auto rulebook = verdict::read_rulebook(*settings, *zones, now());
    if (!rulebook) {
        return Unexpected{rulebook.error()};
    }
    const auto secrets = cookie_secrets(settings->server.cookie_secret_file);
    if (!secrets) {
        return Unexpected{secrets.error()};
    }

    Generation generation;
    generation.site = std::make_shared<responder::Site>(
        std::move(*rulebook),
        responder::ResponderSettings{.udp_payload_bytes = settings->server.udp_payload_bytes,
                                     .version = settings->server.version,
                                     .nsid = settings->server.nsid,
                                     .cookie_secrets = *secrets},
        partner::ZoneKeys{},
        std::make_shared<const responder::SecondarySettings>(responder::SecondarySettings{
            .keys = std::move(keys->keys), .catalog = settings->catalog}));
    generation.warnings = settings->warnings;
    generation.warnings.insert(generation.warnings.end(), zones->warnings.begin(),
                               zones->warnings.end());
    generation.warnings.insert(generation.warnings.end(), keys->warnings.begin(),
                               keys->warnings.end());
    generation.settings = std::move(*settings);
    return generation;
}

std::vector<std::string> restart_needed(const config::Settings& running,
                                        const config::Settings& wanted) {
    std::vector<std::string> differences;
    const auto note = [&](bool differs, const char* key) {
        if (differs) {
            differences.push_back(std::string(key) +
                                  " has changed: that takes effect with a restart");
        }
    };
    note(running.server.listen != wanted.server.listen, "[server] listen");
    note(running.server.threads != wanted.server.threads, "[server] threads");
    note(running.server.user != wanted.server.user, "[server] user");
    note(running.server.control != wanted.server.control, "[server] control");
    note(running.metrics.listen != wanted.metrics.listen, "[metrics] listen");
    note(running.database.path != wanted.database.path, "[database] path");
    note(running.hits.file != wanted.hits.file, "[hits] file");
    note(running.database.size_bytes != wanted.database.size_bytes, "[database] size");
    return differences;
}

}  // namespace ostrakon::server
