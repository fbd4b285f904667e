// ostrakon zone list, ostrakon zone check: the zones.
#include "arguments.hpp"
#include "database.hpp"
#include "json.hpp"
#include "messages.hpp"
#include "ostrakon/config/tld_file.hpp"
#include "ostrakon/policy/inspect.hpp"
#include "output.hpp"
#include "zone_collisions.hpp"
#include "zone_left_out.hpp"
#include "zone_retirement.hpp"
#include "zone_site.hpp"

#include <fmt/format.h>
#include <unistd.h>

namespace ostrakon::tool {
namespace {

class ZoneListCommand : public Command {
public:
    Description describe() const override {
        return {
            .name = "zone list",
            .summary = "the zones, their serial and state",
            .details =
                "Lists the zones of the configuration with the serial that they answer with now.",
            .examples = {"ostrakon zone list", "ostrakon zone list --json"}};
    }
    void declare(OptionSet& /*options*/) override {}
    Result<Outcome> run(const CommonOptions& common) override {
        const auto site = read_zone_site(common);
        if (!site) {
            return Unexpected{site.error()};
        }
        auto environment = open_for_reading(site->settings);
        if (!environment) {
            return Unexpected{std::move(environment.error())};
        }
        const auto figures = policy::figures(*environment);
        if (!figures) {
            return Unexpected{figures.error()};
        }
        std::vector<ZoneRow> rows;
        for (const zone::Zone& zone : site->zones.zones) {
            rows.push_back({zone.name, figures->serial,
                            zone.is_allow_zone() && !zone.retired
                                ? "allow zone"
                                : std::string{zone_state(zone.retired, now())},
                            zone.file});
        }
        if (common.json) {
            return Outcome{0, zones_json(rows)};
        }
        Table table{{"ZONE", "SERIAL", "STATE", "FILE"}};
        for (const ZoneRow& row : rows) {
            table.add({row.zone, std::to_string(row.serial), row.state, row.file});
        }
        return Outcome{0, table.print(output_width(), style_of(STDOUT_FILENO))};
    }
};

class ZoneCheckCommand : public Command {
public:
    Description describe() const override {
        return {
            .name = "zone check",
            .summary = "every problem of configuration and zones",
            .details =
                "Reads the configuration and all zones and prints every mistake with its file and "
                "line "
                "(exit status 2), or what is not wrong but should be known. Names that hide one "
                "another "
                "are told too, and what secondaries do not get.",
            .examples = {"ostrakon zone check", "ostrakon zone check --config ./ostrakon.toml"}};
    }
    void declare(OptionSet& /*options*/) override {}
    Result<Outcome> run(const CommonOptions& common) override {
        const auto site = read_zone_site(common);
        if (!site) {
            return Unexpected{site.error()};
        }
        std::vector<std::string> warnings = site->settings.warnings;
        warnings.insert(warnings.end(), site->zones.warnings.begin(), site->zones.warnings.end());
        const auto domains =
            config::read_top_level_domains(site->settings, site->zones.zones, now(), warnings);
        if (!domains) {
            return Unexpected{domains.error()};
        }
        const auto keys = count_partner_keys(site->zones.zones, warnings);
        if (!keys) {
            return Unexpected{keys.error()};
        }
        for (const auto& more :
             {zone_collisions(site->zones.zones), tell_what_transfers_leave_out(*site, *keys)}) {
            warnings.insert(warnings.end(), more.begin(), more.end());
        }
        if (common.json) {
            return Outcome{0, zone_check_json(site->zones.zones.size(), warnings)};
        }
        std::string text;
        for (const std::string& warning : warnings) {
            text += "warning: " + warning + "\n";
        }
        if (!common.quiet) {
            text += fmt::format("{}: {}\n", style_of(STDOUT_FILENO).good("ok"),
                                counted(site->zones.zones.size(), "zone", "zones"));
        }
        return Outcome{0, text};
    }
};

}  // namespace

std::unique_ptr<Command> make_zone_list() {
    return std::make_unique<ZoneListCommand>();
}
std::unique_ptr<Command> make_zone_check() {
    return std::make_unique<ZoneCheckCommand>();
}

}  // namespace ostrakon::tool
