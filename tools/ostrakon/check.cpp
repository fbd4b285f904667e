// ostrakon check: proves that what is served equals what was decided.
#include "database.hpp"
#include "json.hpp"
#include "ostrakon/policy/inspect.hpp"
#include "output.hpp"
#include "progress.hpp"

#include <fmt/format.h>
#include <unistd.h>

namespace ostrakon::tool {
namespace {

std::string check_text(const policy::CheckReport& report, bool quiet, const Style& style) {
    if (report.differences == 0) {
        return quiet ? "" : style.good("ok") + ": what is served equals what was decided\n";
    }
    std::string text =
        fmt::format("{}: {} between what is served and what was decided\n", style.bad("not ok"),
                    counted(report.differences, "difference", "differences"));
    for (const std::string& sample : report.samples) {
        text += "  " + sample + "\n";
    }
    return text;
}

class CheckCommand : public Command {
public:
    Description describe() const override {
        return {.name = "check",
                .summary = "prove that what is served equals what was decided",
                .details =
                    "Derives the index again from the decisions and compares it with the one that "
                    "is served. "
                    "Exit status 1 where they differ.",
                .examples = {"ostrakon check", "ostrakon check --json"}};
    }
    void declare(OptionSet& /*options*/) override {}
    Result<Outcome> run(const CommonOptions& common) override {
        const auto settings = read_settings(common);
        if (!settings) {
            return Unexpected{settings.error()};
        }
        auto environment = open_for_reading(*settings);
        if (!environment) {
            return Unexpected{std::move(environment.error())};
        }
        Progress progress{common.quiet};
        const auto report =
            policy::check(*environment, [&progress](std::uint64_t done, std::uint64_t total) {
                progress.show("checking", done, total);
            });
        progress.clear();
        if (!report) {
            return Unexpected{report.error()};
        }
        return Outcome{report->differences == 0 ? 0 : 1,
                       common.json ? check_json(*report)
                                   : check_text(*report, common.quiet, style_of(STDOUT_FILENO))};
    }
};

}  // namespace

std::unique_ptr<Command> make_check() {
    return std::make_unique<CheckCommand>();
}

}  // namespace ostrakon::tool
