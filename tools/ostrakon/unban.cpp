// ostrakon unban: lifts own bans and allows.
#include "arguments.hpp"
#include "change_text.hpp"
#include "database.hpp"
#include "input.hpp"
#include "json.hpp"
#include "messages.hpp"

namespace ostrakon::tool {
namespace {

class UnbanCommand : public Command {
public:
    Description describe() const override {
        return {.name = "unban",
                .summary = "lift own bans and allows of just this subject",
                .details =
                    "Lifts own bans and allows of exactly these subjects, under the rules of "
                    "[lifecycle]: by "
                    "default a ban is lifted for evidence, and a repeated one not within a year. A "
                    "wider ban "
                    "that covers the subject too is named and stays. An IPv6 address without a "
                    "length means "
                    "its /64 too.",
                .examples = {
                    "ostrakon unban 192.0.2.7 --reason \"customer removed\" --evidence @answer.eml",
                    "ostrakon unban example.com --class isp --reason \"sold\" --evidence \"phone "
                    "call, ticket "
                    "4711\""}};
    }
    void declare(OptionSet& options) override {
        options.operands("SUBJECT", subjects_, "as it was banned: `ostrakon why` names it");
        options.required_value("--reason", "TEXT", reason_, "why it is lifted");
        options.value("--class", "CLASS", class_, "only the listing of this class");
        options.value(
            "--evidence", "FILE|TEXT", evidence_,
            "what was done against the cause: @FILE, - for standard input, a file, or text");
        options.flag("--exact", exact_, "an IPv6 address means itself, not its /64 too");
        options.flag("--override", override_, "lift it against the rules of [lifecycle]");
    }
    Result<Outcome> run(const CommonOptions& common) override {
        const policy::Author author = author_of(common, "unban");
        const auto settings = read_settings(common);
        if (!settings) {
            return Unexpected{settings.error()};
        }
        auto lift = lift_of(*settings);
        if (!lift) {
            return Unexpected{std::move(lift.error())};
        }
        auto evidence = read_evidence(evidence_);
        if (!evidence) {
            return Unexpected{std::move(evidence.error())};
        }
        lift->evidence = std::move(*evidence);
        lift->confirmed = common.yes;
        auto database = open_for_writing(*settings, common, "unban", store::Access::ReadWrite);
        if (!database) {
            return Unexpected{std::move(database.error())};
        }
        const auto report = policy::unban(database->environment, *settings, *lift, author);
        if (!report && report.error().code == ErrorCode::Absent) {
            complain(report.error());
            return Outcome{1, common.json ? change_json({}) : ""};
        }
        if (!report) {
            return Unexpected{report.error()};
        }
        return change_outcome(*report, common);
    }

private:
    Result<policy::Lift> lift_of(const config::Settings& settings) const {
        auto subjects = recorded_subjects(subjects_, exact_);
        if (!subjects) {
            return Unexpected{std::move(subjects.error())};
        }
        auto listing_class = class_of(class_, settings);
        if (!listing_class) {
            return Unexpected{std::move(listing_class.error())};
        }
        auto reason = reason_of(reason_);
        if (!reason) {
            return Unexpected{std::move(reason.error())};
        }
        return policy::Lift{.subjects = std::move(*subjects),
                            .listing_class = std::move(*listing_class),
                            .reason = std::move(*reason),
                            .evidence = {},
                            .override_lifecycle = override_,
                            .confirmed = false};
    }

    std::vector<std::string> subjects_;
    std::string reason_;
    std::optional<std::string> class_;
    std::optional<std::string> evidence_;
    bool exact_ = false;
    bool override_ = false;
};

}  // namespace

std::unique_ptr<Command> make_unban() {
    return std::make_unique<UnbanCommand>();
}

}  // namespace ostrakon::tool
