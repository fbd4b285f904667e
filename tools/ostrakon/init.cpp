// ostrakon init: a configuration, a first zone and an empty database, where there are none.
#include "arguments.hpp"
#include "database.hpp"
#include "first_files.hpp"
#include "json.hpp"
#include "new_files.hpp"
#include "ostrakon/policy/inspect.hpp"
#include "output.hpp"

#include <fmt/format.h>
#include <unistd.h>
#include <filesystem>

namespace ostrakon::tool {
namespace {

namespace fs = std::filesystem;

constexpr auto kDefaultDirectory = "/etc/ostrakon";

bool has_zone(const fs::path& directory) {
    std::error_code error;
    for (fs::directory_iterator at{directory, error}; !error && at != fs::directory_iterator{};
         at.increment(error)) {
        if (at->path().extension() == ".toml") {
            return true;
        }
    }
    return false;
}

// Where systemd runs and has the units, nobody starts the server by hand.
std::string how_to_start(const std::string& config) {
    std::error_code error;
    const bool has_units = config.empty() && fs::exists("/run/systemd/system", error) &&
                           fs::exists("/lib/systemd/system/ostrakond.service", error);
    return has_units ? "systemctl enable --now ostrakond ostrakon-expire.timer ostrakon-pull.timer"
                     : "ostrakond" + config;
}

std::string next_steps(const InitReport& report, const std::string& zone_file,
                       const std::string& origin) {
    const std::string config = report.config_file == config::kDefaultFile
                                   ? ""
                                   : fmt::format(" --config {}", report.config_file);
    std::string text = "\nNext:\n";
    if (!zone_file.empty()) {
        text += fmt::format("  put your own names into {}\n", zone_file);
    }
    text += fmt::format("  ostrakon{} ban 192.0.2.7 --reason \"spam seen today\"\n  {}\n", config,
                        how_to_start(config));
    if (!origin.empty()) {
        text += fmt::format("  dig @127.0.0.1 -p 5353 7.2.0.192.{}\n", origin);
    }
    return text;
}

class InitCommand : public Command {
public:
    Description describe() const override {
        return {
            .name = "init",
            .summary = "write a configuration, a first zone and an empty database",
            .details =
                "Writes DIR/ostrakon.toml, DIR/zones/ with a first zone, and an empty database: in "
                "DIR/db if "
                "DIR was named, else in /var/lib/ostrakon. What is there already stays as it is.",
            .examples = {"sudo ostrakon init", "ostrakon init ./site"}};
    }
    void declare(OptionSet& options) override {
        options.optional_operand("DIR", directory_,
                                 "where the configuration goes; else /etc/ostrakon");
    }
    Result<Outcome> run(const CommonOptions& common) override {
        if (common.config_file) {
            return wrong_usage("--config", "has no meaning here",
                               "name the directory, as in ostrakon init ./site");
        }
        if (directory_ && directory_->empty()) {
            return wrong_usage("DIR", "is empty", "write it as in ostrakon init ./site");
        }
        const fs::path directory =
            fs::absolute(directory_.value_or(kDefaultDirectory)).lexically_normal();
        NewFiles files;
        auto report = make_all(directory, common, files);
        if (!report) {
            return Unexpected{std::move(report.error())};
        }
        files.keep();
        if (common.json) {
            return Outcome{0, init_json(*report)};
        }
        return Outcome{0, common.quiet ? "" : text_of(*report)};
    }

private:
    Result<InitReport> make_all(const fs::path& directory, const CommonOptions& common,
                                NewFiles& files) {
        const FirstSite site = guess_first_site();
        const fs::path config_file = directory / "ostrakon.toml";
        fs::path database = directory_ ? directory / "db" : config::DatabaseSettings{}.path;
        if (common.database) {
            database = fs::absolute(*common.database);
        }
        InitReport report;
        report.config_file = config_file.string();
        if (auto made = files.write(config_file, config_text(site, database)); !made) {
            return Unexpected{std::move(made.error())};
        } else {
            (*made ? report.made : report.kept).push_back(config_file.string());
        }
        auto settings = config::read_settings(config_file);
        if (!settings) {
            return Unexpected{std::move(settings.error())};
        }
        if (!common.database) {
            database = settings->database.path;
        }
        settings->database.path = database;
        report.database = database.string();
        if (auto made = make_zone(*settings, site, report, files); !made) {
            return Unexpected{std::move(made.error())};
        }
        if (auto made = make_database(*settings, common, report, files); !made) {
            return Unexpected{std::move(made.error())};
        }
        return report;
    }

    Result<Done> make_zone(const config::Settings& settings, const FirstSite& site,
                           InitReport& report, NewFiles& files) {
        if (has_zone(settings.zones_directory)) {
            report.kept.push_back(settings.zones_directory.string());
            return Done{};
        }
        zone_file_ = settings.zones_directory / (site.origin + ".toml");
        origin_ = site.origin;
        const auto made = files.write(zone_file_, zone_text(site));
        if (!made) {
            return Unexpected{made.error()};
        }
        report.made.push_back(zone_file_.string());
        return Done{};
    }

    static Result<Done> make_database(const config::Settings& settings, const CommonOptions& common,
                                      InitReport& report, NewFiles& files) {
        const fs::path& directory = settings.database.path;
        if (auto made = files.make_database_directory(directory, settings.server.user); !made) {
            return Unexpected{std::move(made.error())};
        }
        std::error_code ignored;
        const bool was_there = fs::exists(directory / "data.mdb", ignored);
        const auto database =
            open_for_writing(settings, common, "init", store::Access::ReadWriteCreate);
        if (!database) {
            return Unexpected{database.error()};
        }
        (was_there ? report.kept : report.made).push_back(directory.string());
        return Done{};
    }

    std::string text_of(const InitReport& report) const {
        std::string text;
        for (const std::string& path : report.made) {
            text += fmt::format("made  {}{}\n", path,
                                path == report.database ? " (an empty database)" : "");
        }
        for (const std::string& path : report.kept) {
            text += fmt::format("kept  {}\n", path);
        }
        return report.made.empty() ? text : text + next_steps(report, zone_file_.string(), origin_);
    }

    std::optional<std::string> directory_;
    fs::path zone_file_;
    std::string origin_;
};

}  // namespace

std::unique_ptr<Command> make_init() {
    return std::make_unique<InitCommand>();
}

}  // namespace ostrakon::tool
