// ostrakon request add: takes in what somebody asks for.
#include "arguments.hpp"
#include "database.hpp"
#include "input.hpp"
#include "json.hpp"
#include "messages.hpp"
#include "ostrakon/base/printable.hpp"
#include "ostrakon/policy/requests.hpp"

#include <fmt/format.h>

namespace ostrakon::tool {
namespace {

constexpr std::size_t kContactSizeMax = 320;

class RequestAddCommand : public Command {
public:
    Description describe() const override {
        return {
            .name = "request add",
            .summary = "take in that a ban be lifted, or somebody be allowed",
            .details =
                "Records a request. `ostrakon request accept` carries it out under the rules "
                "of [lifecycle]; the evidence that comes with it counts.",
            .examples = {"ostrakon request add 192.0.2.7 --kind removal --contact "
                         "postmaster@example.com --evidence @answer.eml",
                         "ostrakon request add 198.51.100.0/24 --kind allow --contact \"Example "
                         "ISP, +49 30 1234\""}};
    }
    void declare(OptionSet& options) override {
        options.operand("SUBJECT", subject_, "what it is about, as `ostrakon why` names it");
        options.required_value("--kind", "removal|allow", kind_, "what is asked for");
        options.required_value("--contact", "WHO", contact_, "how to reach who asks");
        options.value(
            "--evidence", "FILE|TEXT", evidence_,
            "what was done against the cause: @FILE, - for standard input, a file, or text");
    }
    Result<Outcome> run(const CommonOptions& common) override {
        const policy::Author author = author_of(common, "request add");
        policy::Request request;
        if (kind_ != "removal" && kind_ != "allow") {
            return wrong_usage(fmt::format("--kind \"{}\"", printable(kind_, kContactSizeMax)),
                               "is no kind of request", "write removal or allow");
        }
        request.kind = kind_ == "allow" ? policy::RequestKind::Allow : policy::RequestKind::Removal;
        request.subject = subject_;
        request.contact = printable(contact_, kContactSizeMax);
        const auto settings = read_settings(common);
        if (!settings) {
            return Unexpected{settings.error()};
        }
        auto evidence = read_evidence(evidence_);
        if (!evidence) {
            return Unexpected{std::move(evidence.error())};
        }
        request.evidence = std::move(*evidence);
        auto database =
            open_for_writing(*settings, common, "request add", store::Access::ReadWrite);
        if (!database) {
            return Unexpected{std::move(database.error())};
        }
        const auto taken = policy::add_request(database->environment, request, author);
        if (!taken) {
            return Unexpected{taken.error()};
        }
        notes(taken->notes, common.quiet);
        if (common.json) {
            return Outcome{0, request_json(taken->request, taken->change)};
        }
        return Outcome{
            0, common.quiet
                   ? ""
                   : fmt::format("request {}: {} of {}, asked for by {}\n", taken->request.id,
                                 kind_, taken->request.subject, taken->request.contact)};
    }

private:
    std::string subject_;
    std::string kind_;
    std::string contact_;
    std::optional<std::string> evidence_;
};

}  // namespace

std::unique_ptr<Command> make_request_add() {
    return std::make_unique<RequestAddCommand>();
}

}  // namespace ostrakon::tool
