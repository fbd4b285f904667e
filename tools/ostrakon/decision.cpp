#include "decision.hpp"

#include "arguments.hpp"
#include "change_text.hpp"
#include "database.hpp"
#include "input.hpp"
#include "messages.hpp"
#include "output.hpp"

namespace ostrakon::tool {
namespace {

Result<policy::Ban> ban_of(const DecisionOptions& options, bool is_exact,
                           const config::Settings& settings, UnixTime at) {
    auto subjects = ban_subjects(options.subjects, is_exact);
    if (!subjects) {
        return Unexpected{std::move(subjects.error())};
    }
    auto reason = reason_of(options.reason);
    if (!reason) {
        return Unexpected{std::move(reason.error())};
    }
    auto listing_class = class_of(options.listing_class, settings);
    if (!listing_class) {
        return Unexpected{std::move(listing_class.error())};
    }
    const auto code = code_of(options.code);
    if (!code) {
        return Unexpected{code.error()};
    }
    const auto expiry = expiry_of(options.length, options.until, at);
    if (!expiry) {
        return Unexpected{expiry.error()};
    }
    return policy::Ban{.subjects = std::move(*subjects),
                       .listing_class = std::move(*listing_class),
                       .code = *code,
                       .reason = std::move(*reason),
                       .evidence = {},
                       .expiry = *expiry,
                       .override_never = options.override_never,
                       .confirmed = false,
                       .dry_run = options.dry_run};
}

}  // namespace

void note_cost(const policy::Coverage& cost, bool quiet) {
    if (cost.addresses + cost.names > 1) {
        note("this covers " + covered(cost.addresses, cost.names), quiet);
    }
}

void declare_expiry(OptionSet& options, std::optional<std::string>& length,
                    std::optional<std::string>& until) {
    options.value("--for", "DURATION", length,
                  "how long it stands, as in 30d; else as [lifecycle] says");
    options.value("--until", "DATE", until, "when it ends");
}

Result<Outcome> record_decision(const DecisionOptions& options, bool is_exact,
                                const std::string& command, const CommonOptions& common) {
    const policy::Author author = author_of(common, command);
    const auto settings = read_settings(common);
    if (!settings) {
        return Unexpected{settings.error()};
    }
    auto ban = ban_of(options, is_exact, *settings, author.at);
    if (!ban) {
        return Unexpected{std::move(ban.error())};
    }
    ban->confirmed = common.yes;
    auto evidence = read_evidence(options.evidence);
    if (!evidence) {
        return Unexpected{std::move(evidence.error())};
    }
    ban->evidence = std::move(*evidence);
    // What is refused leaves no database behind that was not there.
    if (auto allowed = policy::check_ban(*settings, *ban); !allowed) {
        return Unexpected{std::move(allowed.error())};
    }
    note_cost(policy::cost_of(*ban), common.quiet || common.json || ban->dry_run);
    auto database = open_for_writing(*settings, common, command, store::Access::ReadWriteCreate);
    if (!database) {
        return Unexpected{std::move(database.error())};
    }
    ban->tell_cost = [&common](const std::string& cost) {
        note(cost, common.quiet || common.json);
    };
    const auto report = policy::ban(database->environment, *settings, *ban, author);
    if (!report) {
        return Unexpected{report.error()};
    }
    return change_outcome(*report, common);
}

}  // namespace ostrakon::tool
