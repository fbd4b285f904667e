// ostrakon complaint valid, ostrakon complaint invalid: says of complaints whether they are right.
#include "json.hpp"
#include "ostrakon/policy/complaints.hpp"
#include "output.hpp"
#include "records.hpp"

#include <fmt/format.h>

namespace ostrakon::tool {
namespace {

class ComplaintJudgeCommand : public Command {
public:
    explicit ComplaintJudgeCommand(bool is_valid) : is_valid_(is_valid) {}

    Description describe() const override {
        return {
            .name = is_valid_ ? "complaint valid" : "complaint invalid",
            .summary =
                is_valid_ ? "say that complaints are right" : "say that complaints are wrong",
            .details =
                "Marks complaints of the ledger; valid ones are counted per subject. "
                "What was said last counts.",
            .examples = {is_valid_ ? "ostrakon complaint valid 12 13 --reason \"headers checked\""
                                   : "ostrakon complaint invalid 12 --reason \"a newsletter that "
                                     "was ordered\""}};
    }
    void declare(OptionSet& options) override {
        options.operands("ID", ids_, "their numbers, which `ostrakon complaint list` shows");
        options.required_value("--reason", "TEXT", reason_, "why, for those who ask later");
    }
    Result<Outcome> run(const CommonOptions& common) override {
        const policy::Author author =
            author_of(common, is_valid_ ? "complaint valid" : "complaint invalid");
        std::vector<policy::ComplaintId> ids;
        for (const std::string& word : ids_) {
            const auto id = record_number(kComplaints, word);
            if (!id) {
                return Unexpected{id.error()};
            }
            ids.push_back(static_cast<policy::ComplaintId>(*id));
        }
        auto reason = reason_of(reason_);
        if (!reason) {
            return Unexpected{std::move(reason.error())};
        }
        const auto change = write_to_database(
            common, "complaint", [&](const config::Settings&, store::Environment& environment) {
                return policy::judge_complaints(environment, ids, is_valid_, *reason, author);
            });
        if (!change) {
            return Unexpected{change.error()};
        }
        if (common.json) {
            return Outcome{0, judged_json(*change)};
        }
        if (common.quiet) {
            return Outcome{};
        }
        return Outcome{0, *change ? fmt::format("change {}: {} {}\n", **change,
                                                counted(ids.size(), "complaint", "complaints"),
                                                is_valid_ ? "valid" : "invalid")
                                  : std::string{"nothing to change\n"}};
    }

private:
    bool is_valid_;
    std::vector<std::string> ids_;
    std::string reason_;
};

}  // namespace

std::unique_ptr<Command> make_complaint_valid() {
    return std::make_unique<ComplaintJudgeCommand>(true);
}
std::unique_ptr<Command> make_complaint_invalid() {
    return std::make_unique<ComplaintJudgeCommand>(false);
}

}  // namespace ostrakon::tool
