// ostrakon request notify: mail to the operator about new requests. A timer runs it.
#include "database.hpp"
#include "messages.hpp"
#include "ostrakon/base/child_process.hpp"
#include "ostrakon/base/printable.hpp"
#include "ostrakon/json/document.hpp"
#include "ostrakon/policy/request_notice.hpp"
#include "records.hpp"
#include "request_intake.hpp"
#include "request_mail.hpp"

#include <fmt/format.h>

namespace ostrakon::tool {
namespace {

using namespace json;

constexpr std::chrono::seconds kSendTimeMax{60};
constexpr std::size_t kSendmailWordsMax = 500;

// The mail is in a queue when this returns.
Result<Done> send_mail(const config::WebSettings& web, const RequestMail& mail) {
    ChildPlan plan;
    plan.arguments = {web.sendmail, "-i", "-f", mail.from, "--", mail.to};
    plan.environment = {"PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C"};
    plan.input = mail_text(mail);
    plan.deadline = std::chrono::steady_clock::now() + kSendTimeMax;
    plan.may_leave_children = true;  // Exim delivers in one
    const ChildResult result = run_child(plan);
    if (result.status == 0) {
        return Done{};
    }
    const std::string words =
        printable(result.errors.empty() ? result.output : result.errors, kSendmailWordsMax);
    const std::string why =
        result.status == kNotStarted ? std::string{"it cannot be started"}
        : result.was_killed_late
            ? fmt::format("it did not end within {} seconds", kSendTimeMax.count())
            : fmt::format("it ended with {}{}{}", result.status, words.empty() ? "" : ": ", words);
    return Unexpected{Error{ErrorCode::System, "mail to " + mail.to + " by " + web.sendmail, why,
                            "nothing is lost: the next run tries again"}};
}

class RequestNotifyCommand : public Command {
public:
    Description describe() const override {
        return {.name = "request notify",
                .summary = "mail the operator about new requests (a timer runs this)",
                .details =
                    "Takes in what was filed at the page, and sends one mail about all requests "
                    "that nobody had mail about, to [web] notify, by [web] sendmail. Where there "
                    "is nothing new it sends nothing.",
                .examples = {"ostrakon request notify",
                             "systemctl enable --now ostrakon-notify.timer"}};
    }
    void declare(OptionSet& /*options*/) override {}
    Result<Outcome> run(const CommonOptions& common) override {
        const auto settings = read_settings(common);
        if (!settings) {
            return Unexpected{settings.error()};
        }
        const config::WebSettings& web = settings->web;
        if (web.notify.empty()) {
            return Unexpected{Error{ErrorCode::Usage, "mail about new requests",
                                    "[web] notify names nobody",
                                    "write notify = \"postmaster@example.org\" there, or disable "
                                    "ostrakon-notify.timer"}};
        }
        if (auto taken = take_in_filed_requests(common); !taken) {
            return Unexpected{std::move(taken.error())};
        }
        RequestMail mail{
            web.notify_from.empty() ? web.notify : web.notify_from, web.notify, {}, 0, now()};
        auto found = read_from_database(common, [&mail](store::Environment& environment) {
            if (auto open = policy::requests(environment, false)) {
                mail.open = open->size();
            }
            return policy::untold_requests(environment);
        });
        if (!found) {
            return Unexpected{std::move(found.error())};
        }
        mail.requests = std::move(*found);
        return mail.requests.empty() ? outcome(common, mail) : send(common, web, mail);
    }

private:
    // Told of before it is marked: where this is killed between them there are two mails, not none.
    static Result<Outcome> send(const CommonOptions& common, const config::WebSettings& web,
                                const RequestMail& mail) {
        if (auto sent = send_mail(web, mail); !sent) {
            return Unexpected{std::move(sent.error())};
        }
        const auto marked = write_to_database(
            common, "request notify",
            [&mail](const config::Settings& /*settings*/, store::Environment& environment) {
                return policy::mark_told(environment, mail.requests.back().id);
            });
        return marked ? outcome(common, mail) : Unexpected{marked.error()};
    }

    static Result<Outcome> outcome(const CommonOptions& common, const RequestMail& mail) {
        if (common.json) {
            Json told = Json::array();
            for (const policy::Request& request : mail.requests) {
                told.push_back(request.id);
            }
            return Outcome{0, document({{"to", mail.to}, {"told", told}, {"open", mail.open}})};
        }
        if (common.quiet) {
            return Outcome{};
        }
        return Outcome{0, mail.requests.empty()
                              ? std::string{"no request is new\n"}
                              : fmt::format("mail about {} of {} open requests went to {}\n",
                                            mail.requests.size(), mail.open, mail.to)};
    }
};

}  // namespace

std::unique_ptr<Command> make_request_notify() {
    return std::make_unique<RequestNotifyCommand>();
}

}  // namespace ostrakon::tool
