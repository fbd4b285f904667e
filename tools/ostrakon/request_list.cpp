// ostrakon request list, ostrakon request show: what others ask for.
#include "json.hpp"
#include "messages.hpp"
#include "ostrakon/base/printable.hpp"
#include "ostrakon/policy/requests.hpp"
#include "output.hpp"
#include "records.hpp"
#include "request_intake.hpp"

#include <fmt/format.h>
#include <unistd.h>

namespace ostrakon::tool {
namespace {

constexpr std::size_t kContactCellSizeMax = 320;
constexpr std::size_t kFieldSizeMax = std::size_t{64} << 10;

class RequestListCommand : public Command {
public:
    Description describe() const override {
        return {.name = "request list",
                .summary = "requests that are open, or all",
                .details = "Lists what others ask for, oldest first.",
                .examples = {"ostrakon request list", "ostrakon request list --all --json"}};
    }
    void declare(OptionSet& options) override {
        options.flag("--all", all_, "those that were decided too");
    }
    Result<Outcome> run(const CommonOptions& common) override {
        if (auto taken = take_in_filed_requests(common); !taken) {
            return Unexpected{std::move(taken.error())};
        }
        const auto requests = read_from_database(common, [&](store::Environment& environment) {
            return policy::requests(environment, all_);
        });
        if (!requests) {
            return Unexpected{requests.error()};
        }
        if (common.json) {
            return Outcome{0, requests_json(*requests)};
        }
        if (requests->empty()) {
            note(all_ ? "nobody has asked for anything" : "no request is open", common.quiet);
            return Outcome{};
        }
        Table table{{"ID", "RECEIVED", "KIND", "STATE", "SUBJECT", "CONTACT"}};
        for (const policy::Request& request : *requests) {
            table.add({std::to_string(request.id), minute_of(request.received),
                       std::string{kind_name(request.kind)}, std::string{state_name(request.state)},
                       request.subject, printable(request.contact, kContactCellSizeMax)});
        }
        return Outcome{0, table.print(output_width(), style_of(STDOUT_FILENO))};
    }

private:
    bool all_ = false;
};

class RequestShowCommand : public Command {
public:
    Description describe() const override {
        return {.name = "request show",
                .summary = "one request whole, with its evidence",
                .details = "Shows a request with all that came with it, and how it was decided.",
                .examples = {"ostrakon request show 12"}};
    }
    void declare(OptionSet& options) override {
        options.operand("ID", id_, "its number, which `ostrakon request list` shows");
    }
    Result<Outcome> run(const CommonOptions& common) override {
        if (auto taken = take_in_filed_requests(common); !taken) {
            return Unexpected{std::move(taken.error())};
        }
        const auto request = read_record(common, kRequests, id_, policy::request);
        if (!request) {
            return Unexpected{request.error()};
        }
        if (common.json) {
            return Outcome{0, request_json(*request, std::nullopt)};
        }
        std::string text = fmt::format("request {}: {} of {}\n", request->id,
                                       kind_name(request->kind), request->subject);
        const auto field = [&text](std::string_view name, std::string_view value) {
            text += field_line(name, value, kFieldSizeMax);
        };
        field("state", state_name(request->state));
        field("contact", request->contact);
        field("received", minute_of(request->received));
        field("by", request->by);
        field("decided", request->decided ? minute_of(*request->decided) : "");
        field("by", request->decided_by);
        field("reason", request->decision);
        field("evidence", request->evidence);
        return Outcome{0, text};
    }

private:
    std::string id_;
};

}  // namespace

std::unique_ptr<Command> make_request_list() {
    return std::make_unique<RequestListCommand>();
}
std::unique_ptr<Command> make_request_show() {
    return std::make_unique<RequestShowCommand>();
}

}  // namespace ostrakon::tool
