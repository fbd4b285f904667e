// ostrakon changes: the latest change sets.
#include "arguments.hpp"
#include "database.hpp"
#include "json.hpp"
#include "messages.hpp"
#include "ostrakon/base/printable.hpp"
#include "ostrakon/policy/undo.hpp"
#include "output.hpp"

#include <unistd.h>

namespace ostrakon::tool {
namespace {

constexpr std::uint64_t kRowsDefault = 20;
constexpr std::size_t kChangeCellSizeMax = 1024;
constexpr std::size_t kBySize = 12;
constexpr std::size_t kCommandSize = 24;

std::string size_text(const store::Change& change) {
    return change.addresses + change.names == 0 ? "" : covered(change.addresses, change.names);
}

class ChangesCommand : public Command {
public:
    Description describe() const override {
        return {.name = "changes",
                .summary = "the latest change sets with their size",
                .details =
                    "Lists what commands have changed, newest first. Each is one change set, which "
                    "`ostrakon undo` takes back as a whole.",
                .examples = {"ostrakon changes", "ostrakon changes --limit 100 --json"}};
    }
    void declare(OptionSet& options) override {
        options.value("--limit", "N", limit_, "at most so many rows; else 20");
    }
    Result<Outcome> run(const CommonOptions& common) override {
        const auto limit = count_of("--limit", limit_);
        if (!limit) {
            return Unexpected{limit.error()};
        }
        auto environment = open_for_reading(common);
        if (!environment) {
            return Unexpected{std::move(environment.error())};
        }
        const auto rows = policy::changes(*environment, limit_ ? *limit : kRowsDefault);
        if (!rows) {
            return Unexpected{rows.error()};
        }
        if (common.json) {
            return Outcome{0, changes_json(*rows)};
        }
        if (rows->empty()) {
            note("nothing has been changed yet", common.quiet);
            return Outcome{};
        }
        Table table{{"CHANGE", "WHEN", "BY", "COMMAND", "SIZE", "WHAT"}};
        for (const auto& [change, what] : *rows) {
            table.add({std::to_string(change.id), minute_of(change.at),
                       shortened(printable(change.by, kChangeCellSizeMax), kBySize),
                       shortened(printable(change.command, kChangeCellSizeMax), kCommandSize),
                       size_text(change),
                       (change.undone ? "(undone) " : "") + printable(what, kChangeCellSizeMax)});
        }
        return Outcome{0, table.print(output_width(), style_of(STDOUT_FILENO))};
    }

private:
    std::optional<std::string> limit_;
};

}  // namespace

std::unique_ptr<Command> make_changes() {
    return std::make_unique<ChangesCommand>();
}

}  // namespace ostrakon::tool
