// ostrakon diagnose: checks a mail server's DNS as a strict receiver does.
#include "arguments.hpp"
#include "change_text.hpp"
#include "database.hpp"
#include "json.hpp"
#include "messages.hpp"
#include "name_knowledge.hpp"
#include "ostrakon/base/printable.hpp"
#include "ostrakon/diagnose/diagnosis.hpp"
#include "ostrakon/feed/list.hpp"
#include "ostrakon/policy/decide.hpp"

#include <fmt/format.h>

namespace ostrakon::tool {
namespace {

constexpr std::size_t kShownOperandSizeMax = 120;
constexpr std::string_view kMisconfigured = "misconfigured";

Unexpected<Error> wrong_word(std::string_view option, const std::string& word, std::string why,
                             std::string remedy) {
    return wrong_usage(fmt::format("{}{}\"{}\"", option, option.empty() ? "" : " ",
                                   printable(word, kShownOperandSizeMax)),
                       std::move(why), std::move(remedy));
}

void note_unknown(const diagnose::Diagnosis& diagnosis, const CommonOptions& common) {
    if (const std::size_t unknown = diagnosis.count(diagnose::Finding::Unknown); unknown > 0) {
        note(fmt::format("{} {} could not be made: {} gave no answer to go by", unknown,
                         unknown == 1 ? "check" : "checks", diagnosis.resolver),
             common.quiet);
    }
}

class DiagnoseCommand : public Command {
public:
    Description describe() const override {
        return {.name = "diagnose",
                .summary = "check a mail server's DNS as a strict receiver does",
                .details =
                    "Asks DNS whether a mail server has a reverse name that leads back to it, "
                    "whether the name that it greets with is whole, exists, is its own and none of "
                    "ours, whether the sender's domain exists and takes mail, and whether its SPF "
                    "record is well-formed. Says of each check whether it passed or failed, and "
                    "what the other side's administrator has to do. What could not be found out in "
                    "time is unknown, never a failure. With --ban a server of which something "
                    "failed is "
                    "listed until ostrakon expire finds that all checks pass. Exit status 0: "
                    "nothing failed, 1: something "
                    "did.",
                .examples = {"ostrakon diagnose 192.0.2.7",
                             "ostrakon diagnose 192.0.2.7 --helo mail.example.com --from "
                             "user@example.com",
                             "ostrakon diagnose 192.0.2.7 --helo mail.example.com --ban",
                             "ostrakon diagnose 2001:db8::25 --resolver 127.0.0.1:53 --json"}};
    }
    void declare(OptionSet& options) override {
        options.operand("ADDRESS", address_, "the mail server's address");
        options.value("--helo", "NAME", helo_, "the name that it greets with");
        options.value("--from", "ADDRESS", sender_, "the sender it brings mail of; <> is none");
        options.flag("--ban", ban_,
                     "list it as misconfigured for what has failed, until that is "
                     "corrected");
        options.value("--resolver", "IP:PORT", resolver_,
                      "who is asked; else [diagnose] resolver, else the system's");
    }
    Result<Outcome> run(const CommonOptions& common) override {
        auto server = server_of_words();
        if (!server) {
            return Unexpected{std::move(server.error())};
        }
        const auto settings = read_settings(common);
        if (!settings) {
            return Unexpected{settings.error()};
        }
        const auto endpoint = endpoint_of_words(*settings);
        if (!endpoint) {
            return Unexpected{endpoint.error()};
        }
        auto resolver = diagnose::Resolver::open(*endpoint, {});
        if (!resolver) {
            return Unexpected{std::move(resolver.error())};
        }
        const auto names = read_name_knowledge(*settings, common);
        const auto diagnosis = diagnose::diagnose(*resolver, *server, settings->protect,
                                                  ostrakon::now(), names.view());
        note_unknown(diagnosis, common);
        const bool has_failed = diagnosis.count(diagnose::Finding::Failed) > 0;
        std::optional<policy::ChangeReport> listed;
        if (ban_ && has_failed) {
            auto made = list_it(diagnosis, *settings, common);
            if (!made) {
                return Unexpected{std::move(made.error())};
            }
            notes(made->notes, common.quiet);
            listed = std::move(*made);
        } else if (ban_) {
            note("nothing has failed, so nothing is listed", common.quiet);
        }
        if (common.json) {
            return Outcome{has_failed ? 1 : 0, diagnosis_json(diagnosis, listed)};
        }
        const std::string change = listed && !common.quiet ? "\n" + change_text(*listed) : "";
        return Outcome{has_failed ? 1 : 0, diagnose::report_text(diagnosis) + change};
    }

private:
    Result<diagnose::MailServer> server_of_words() const {
        const auto address = net::parse_address(address_);
        if (!address) {
            return wrong_word("", address_, "is no address",
                              "write the mail server's address, as in 192.0.2.7 or 2001:db8::25");
        }
        if (helo_ && helo_->size() > diagnose::kWordSizeMax) {
            return wrong_word("--helo", *helo_, "is too long for a name",
                              "write it as in --helo mail.example.com");
        }
        if (sender_ && !diagnose::is_sender(*sender_)) {
            return wrong_word("--from", *sender_, "is no mail address",
                              "write it as in --from user@example.com; the null sender is <>");
        }
        return diagnose::MailServer{*address, helo_, sender_};
    }

    Result<std::optional<config::Endpoint>> endpoint_of_words(
        const config::Settings& settings) const {
        if (!resolver_) {
            return settings.diagnose.resolver;
        }
        const auto endpoint = config::parse_endpoint(*resolver_);
        if (!endpoint) {
            return wrong_word("--resolver", *resolver_, "is no address with a port",
                              "write it as in --resolver 127.0.0.1:53 or [::1]:53");
        }
        return endpoint;
    }

    // Lists just that address, with what was found, and the words for rechecks.
    static Result<policy::ChangeReport> list_it(const diagnose::Diagnosis& diagnosis,
                                                const config::Settings& settings,
                                                const CommonOptions& common) {
        policy::Ban ban;
        ban.subjects.push_back(std::visit(
            [](auto address) -> policy::Subject {
                return net::Range<decltype(address)>{address, address};
            },
            diagnosis.server.address));
        ban.listing_class = kMisconfigured;
        ban.reason = printable(diagnosis.brief(), feed::kReasonSizeMax);
        ban.evidence = diagnose::report_text(diagnosis);
        ban.confirmed = common.yes;
        ban.diagnosed =
            store::Diagnosed{diagnosis.server.helo, diagnosis.server.sender, diagnosis.at};
        if (auto allowed = policy::check_ban(settings, ban); !allowed) {
            return Unexpected{std::move(allowed.error())};
        }
        auto database =
            open_for_writing(settings, common, "diagnose", store::Access::ReadWriteCreate);
        if (!database) {
            return Unexpected{std::move(database.error())};
        }
        return policy::ban(database->environment, settings, ban, author_of(common, "diagnose"));
    }

    std::string address_;
    bool ban_ = false;
    std::optional<std::string> helo_, sender_, resolver_;
};

}  // namespace

std::unique_ptr<Command> make_diagnose() {
    return std::make_unique<DiagnoseCommand>();
}

}  // namespace ostrakon::tool
