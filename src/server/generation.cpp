#include "ostrakon/server/generation.hpp"

#include "ostrakon/config/name_rules_file.hpp"
#include "ostrakon/config/tld_file.hpp"

#include <utility>

namespace ostrakon::server {

Result<Generation> read_generation(const std::filesystem::path& file) {
    auto settings = config::read_settings(file);
    if (!settings) {
        return Unexpected{settings.error()};
    }
    auto zones = config::read_zones(*settings);
    if (!zones) {
        return Unexpected{zones.error()};
    }
    auto rulebook = std::make_shared<verdict::Rulebook>();
    rulebook->zones = std::move(zones->zones);
    rulebook->classes = settings->classes;
    rulebook->protect = settings->protect;
    rulebook->web_url = settings->web_url;
    if (config::serve_dynamic_names(rulebook->zones)) {
        auto rules = config::read_name_rules(*settings);
        if (!rules) {
            return Unexpected{rules.error()};
        }
        rulebook->dynamic_names = std::move(*rules);
    }
    auto domains =
        config::read_top_level_domains(*settings, rulebook->zones, now(), zones->warnings);
    if (!domains) {
        return Unexpected{domains.error()};
    }
    rulebook->top_level_domains = std::move(*domains);

    Generation generation;
    generation.site = std::make_shared<responder::Site>(
        std::move(rulebook),
        responder::ResponderSettings{.udp_payload_bytes = settings->server.udp_payload_bytes,
                                     .version = settings->server.version,
                                     .nsid = settings->server.nsid});
    generation.warnings = settings->warnings;
    generation.warnings.insert(generation.warnings.end(), zones->warnings.begin(),
                               zones->warnings.end());
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
    note(running.database.path != wanted.database.path, "[database] path");
    note(running.database.size_bytes != wanted.database.size_bytes, "[database] size");
    return differences;
}

}  // namespace ostrakon::server
