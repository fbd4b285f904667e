// ostrakon check: proves that what is served equals what was decided.
#include "arguments.hpp"
#include "database.hpp"
#include "json.hpp"
#include "messages.hpp"
#include "ostrakon/policy/inspect.hpp"
#include "output.hpp"
#include "progress.hpp"

#include <fmt/format.h>
#include <unistd.h>

namespace ostrakon::tool {
namespace {

std::string check_text(const policy::CheckReport& report, std::uint64_t repaired, bool quiet,
                       const Style& style) {
    if (report.differences == 0) {
        const std::string mended =
            repaired == 0
                ? ""
                : fmt::format("repaired {}\n", counted(repaired, "difference", "differences"));
        return quiet ? ""
                     : mended + style.good("ok") + ": what is served equals what was decided\n";
    }
    std::string text =
        fmt::format("{}: {} between what is served and what was decided\n", style.bad("not ok"),
                    counted(report.differences, "difference", "differences"));
    for (const std::string& sample : report.samples) {
        text += "  " + sample + "\n";
    }
    return text;
}

Result<policy::CheckReport> check_with_progress(store::Environment& environment, bool quiet) {
    Progress progress{quiet};
    return policy::check(environment, [&progress](std::uint64_t done, std::uint64_t total) {
        progress.show("checking", done, total);
    });
}

// A reader that does not move on costs a file that grows with every change and never shrinks.
void warn_of_old_reader(const store::Environment& environment, const CommonOptions& common) {
    constexpr std::uint64_t kChangesMax = 100;
    const auto reader = environment.oldest_reader();
    if (reader && reader->changes > kChangesMax) {
        note(fmt::format("the process {} holds the database as it was {} ago: until it goes on or "
                         "ends, the file grows with every change",
                         reader->pid, counted(reader->changes, "change", "changes")),
             common.quiet);
    }
}

class CheckCommand : public Command {
public:
    Description describe() const override {
        return {.name = "check",
                .summary = "prove that what is served equals what was decided",
                .details =
                    "Derives the index again from the decisions and compares it with the one that "
                    "is served. "
                    "Exit status 1 where they differ and were not repaired. A repair throws the "
                    "index away and derives it from nothing; name servers that transfer a zone get "
                    "all of it then.",
                .examples = {"ostrakon check", "ostrakon check --repair"}};
    }
    void declare(OptionSet& options) override {
        options.flag("--repair", repair_, "derive the index anew where it differs");
    }
    Result<Outcome> run(const CommonOptions& common) override {
        const auto settings = read_settings(common);
        if (!settings) {
            return Unexpected{settings.error()};
        }
        std::uint64_t repaired = 0;
        auto report =
            repair_ ? check_and_repair(*settings, common, repaired) : check_only(*settings, common);
        if (!report) {
            return Unexpected{std::move(report.error())};
        }
        const int status = report->differences == 0 ? 0 : 1;
        if ((status != 0 || report->is_worth_rebuilding()) && !repair_) {
            note("`ostrakon check --repair` writes the index again", common.quiet);
        }
        return Outcome{status, common.json ? check_json(*report, repaired)
                                           : check_text(*report, repaired, common.quiet,
                                                        style_of(STDOUT_FILENO))};
    }

private:
    static Result<policy::CheckReport> check_only(const config::Settings& settings,
                                                  const CommonOptions& common) {
        auto environment = open_for_reading(settings);
        if (!environment) {
            return Unexpected{std::move(environment.error())};
        }
        warn_of_old_reader(*environment, common);
        return check_with_progress(*environment, common.quiet);
    }

    static Result<policy::CheckReport> check_and_repair(const config::Settings& settings,
                                                        const CommonOptions& common,
                                                        std::uint64_t& repaired) {
        const policy::Author author = author_of(common, "check --repair");
        auto database =
            open_for_writing(settings, common, "check --repair", store::Access::ReadWrite);
        if (!database) {
            return Unexpected{std::move(database.error())};
        }
        warn_of_old_reader(database->environment, common);
        auto report = check_with_progress(database->environment, common.quiet);
        if (!report || (report->differences == 0 && !report->is_worth_rebuilding())) {
            return report;
        }
        if (const auto change = policy::repair(database->environment, author); !change) {
            return Unexpected{change.error()};
        }
        repaired = report->differences;
        return check_with_progress(database->environment, common.quiet);
    }

    bool repair_ = false;
};

}  // namespace

std::unique_ptr<Command> make_check() {
    return std::make_unique<CheckCommand>();
}

}  // namespace ostrakon::tool
