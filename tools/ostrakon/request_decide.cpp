// ostrakon request accept, ostrakon request decline: decides on what somebody asks for.
#include "arguments.hpp"
#include "change_text.hpp"
#include "ostrakon/policy/requests.hpp"
#include "records.hpp"
#include "request_intake.hpp"

namespace ostrakon::tool {
namespace {

class RequestDecideCommand : public Command {
public:
    explicit RequestDecideCommand(bool is_accepted) : is_accepted_(is_accepted) {}

    Description describe() const override {
        if (!is_accepted_) {
            return {.name = "request decline",
                    .summary = "turn a request down",
                    .details = "Closes a request; nothing that is listed changes.",
                    .examples = {"ostrakon request decline 12 --reason \"the open relay is still "
                                 "there\""}};
        }
        return {.name = "request accept",
                .summary = "lift the ban, or allow, as somebody asks",
                .details =
                    "Carries a request out: lifts the own bans of its subject, under the rules of "
                    "[lifecycle], for which its evidence counts; or records an own allow.",
                .examples = {"ostrakon request accept 12 --reason \"relay closed, seen ourselves\"",
                             "ostrakon request accept 12 --reason \"a partner\" --override"}};
    }
    void declare(OptionSet& options) override {
        options.operand("ID", id_, "its number, which `ostrakon request list` shows");
        options.required_value("--reason", "TEXT", reason_, "why, for those who ask later");
        if (is_accepted_) {
            options.flag("--override", override_, "against the rules of [lifecycle]");
        }
    }
    Result<Outcome> run(const CommonOptions& common) override {
        const policy::Author author =
            author_of(common, (is_accepted_ ? "request accept " : "request decline ") + id_);
        const auto id = record_number(kRequests, id_);
        if (!id) {
            return Unexpected{id.error()};
        }
        auto reason = reason_of(reason_);
        if (!reason) {
            return Unexpected{std::move(reason.error())};
        }
        if (auto taken = take_in_filed_requests(common); !taken) {
            return Unexpected{std::move(taken.error())};
        }
        const auto report = write_to_database(
            common, "request",
            [&](const config::Settings& settings, store::Environment& environment) {
                return policy::decide_request(environment, settings,
                                              {.id = static_cast<policy::RequestId>(*id),
                                               .is_accepted = is_accepted_,
                                               .reason = *reason,
                                               .override_lifecycle = override_,
                                               .confirmed = common.yes},
                                              author);
            });
        if (!report) {
            return Unexpected{report.error()};
        }
        return change_outcome(*report, common);
    }

private:
    bool is_accepted_;
    std::string id_;
    std::string reason_;
    bool override_ = false;
};

}  // namespace

std::unique_ptr<Command> make_request_accept() {
    return std::make_unique<RequestDecideCommand>(true);
}
std::unique_ptr<Command> make_request_decline() {
    return std::make_unique<RequestDecideCommand>(false);
}

}  // namespace ostrakon::tool
