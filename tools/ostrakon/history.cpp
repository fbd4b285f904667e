// ostrakon history: the audit trail.
#include "arguments.hpp"
#include "database.hpp"
#include "event_table.hpp"
#include "json.hpp"

#include <unistd.h>
#include <algorithm>

namespace ostrakon::tool {
namespace {

class HistoryCommand : public Command {
public:
    Description describe() const override {
        return {.name = "history",
                .summary = "who decided what, when and why",
                .details =
                    "Prints the audit trail, oldest first: everything, or what concerns just this "
                    "subject. What "
                    "was lifted or has ended stays in it.",
                .examples = {"ostrakon history --since 2026-11-01",
                             "ostrakon history 192.0.2.7 --json"}};
    }
    void declare(OptionSet& options) override {
        options.optional_operand("SUBJECT", subject_, "only what concerns just this subject");
        options.value("--since", "DATE", since_, "only from then on");
    }
    Result<Outcome> run(const CommonOptions& common) override {
        std::vector<policy::Subject> subjects;
        if (subject_) {
            auto meant = recorded_subjects({*subject_}, false);
            if (!meant) {
                return Unexpected{std::move(meant.error())};
            }
            subjects = std::move(*meant);
        }
        std::optional<UnixTime> since;
        if (since_) {
            const auto parsed = parse_timestamp(*since_);
            if (!parsed) {
                return Unexpected{parsed.error()};
            }
            since = *parsed;
        }
        auto environment = open_for_reading(common);
        if (!environment) {
            return Unexpected{std::move(environment.error())};
        }
        const auto events = events_of(*environment, subjects, since);
        if (!events) {
            return Unexpected{events.error()};
        }
        if (common.json) {
            return Outcome{0, history_json(*events)};
        }
        if (events->empty()) {
            return Outcome{};
        }
        return Outcome{0,
                       event_table(*events, true).print(output_width(), style_of(STDOUT_FILENO))};
    }

private:
    static Result<std::vector<policy::Event>> events_of(
        store::Environment& environment, const std::vector<policy::Subject>& subjects,
        std::optional<UnixTime> since) {
        if (subjects.empty()) {
            return policy::history(environment, std::nullopt, since);
        }
        std::vector<policy::Event> all;
        for (const policy::Subject& subject : subjects) {
            auto events = policy::history(environment, subject, since);
            if (!events) {
                return events;
            }
            all.insert(all.end(), events->begin(), events->end());
        }
        std::sort(all.begin(), all.end(), [](const policy::Event& a, const policy::Event& b) {
            return a.sequence < b.sequence;
        });
        return all;
    }

    std::optional<std::string> subject_;
    std::optional<std::string> since_;
};

}  // namespace

std::unique_ptr<Command> make_history() {
    return std::make_unique<HistoryCommand>();
}

}  // namespace ostrakon::tool
