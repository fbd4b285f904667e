// ostrakon undo: takes one change set back as a whole.
#include "ostrakon/policy/undo.hpp"
#include "arguments.hpp"
#include "change_text.hpp"
#include "records.hpp"

namespace ostrakon::tool {
namespace {

class UndoCommand : public Command {
public:
    Description describe() const override {
        return {
            .name = "undo",
            .summary = "take one change set back as a whole",
            .details =
                "For mistakes: what is undone counts as if it had never been, so that no strike "
                "stays, and no evidence is needed. What a later change set has decided anew "
                "stays as that has left it, and is named. After 24 hours it needs --override. "
                "An undo is a change set itself and can be undone.",
            .examples = {"ostrakon undo 4711", "ostrakon undo 4711 --dry-run",
                         "ostrakon undo 4711 --reason \"wrong list\" --override"}};
    }
    void declare(OptionSet& options) override {
        options.operand("CHANGE", change_, "its number, which `ostrakon changes` shows");
        options.value("--reason", "TEXT", reason_, "why, for those who ask later");
        options.flag("--override", override_, "also what was changed more than 24 hours ago");
        options.flag("--dry-run", dry_run_, "only say what would be done");
    }
    Result<Outcome> run(const CommonOptions& common) override {
        const policy::Author author = author_of(common, "undo " + change_);
        const auto change = record_number(kChangeSets, change_);
        if (!change) {
            return Unexpected{change.error()};
        }
        const auto reason = reason_ ? reason_of(*reason_) : Result<std::string>{""};
        if (!reason) {
            return Unexpected{reason.error()};
        }
        const auto report = write_to_database(
            common, "undo", [&](const config::Settings& settings, store::Environment& environment) {
                return policy::undo(environment, settings,
                                    {.change = *change,
                                     .reason = *reason,
                                     .override_age = override_,
                                     .confirmed = common.yes,
                                     .dry_run = dry_run_},
                                    author);
            });
        if (!report) {
            return Unexpected{report.error()};
        }
        return change_outcome(*report, common);
    }

private:
    std::string change_;
    std::optional<std::string> reason_;
    bool override_ = false;
    bool dry_run_ = false;
};

}  // namespace

std::unique_ptr<Command> make_undo() {
    return std::make_unique<UndoCommand>();
}

}  // namespace ostrakon::tool
