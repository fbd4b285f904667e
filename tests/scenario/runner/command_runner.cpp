#include "scenario/runner/command_runner.hpp"

#include "ostrakon/diagnose/diagnosis.hpp"
#include "ostrakon/feed/complaint_mail.hpp"
#include "ostrakon/feed/list.hpp"
#include "ostrakon/feed/map.hpp"
#include "ostrakon/policy/complaints.hpp"
#include "ostrakon/policy/import.hpp"
#include "ostrakon/policy/map_import.hpp"
#include "ostrakon/policy/requests.hpp"
#include "ostrakon/policy/undo.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <algorithm>

namespace ostrakon::scenario {
namespace {

constexpr int kHostPrefixLength = 64;

Unexpected<Error> wrong_usage(std::string_view word) {
    return Unexpected{
        Error{ErrorCode::Usage, fmt::format("option {}", word), "is not known to scenarios", ""}};
}

/// A command line taken apart.
struct Options {
    std::vector<std::string> arguments;
    std::map<std::string, std::string> values;  ///< "--reason" → its text; a switch has none.

    std::string value(const std::string& name) const {
        const auto found = values.find(name);
        return found == values.end() ? "" : found->second;
    }
    bool has(const std::string& name) const { return values.contains(name); }
};

Result<Options> parse_options(const Command& command) {
    static const std::vector<std::string> kWithValue{
        "--reason", "--class",  "--code", "--for",     "--until", "--by",  "--evidence",
        "--source", "--format", "--kind", "--contact", "--helo",  "--from"};
    static const std::vector<std::string> kSwitches{"--exact", "--override", "--yes", "--replace",
                                                    "--ban"};
    const auto is_one_of = [](const std::vector<std::string>& names, const std::string& word) {
        return std::find(names.begin(), names.end(), word) != names.end();
    };
    Options options;
    for (std::size_t i = 1; i < command.words.size(); ++i) {
        const std::string& word = command.words[i];
        if (is_one_of(kWithValue, word) && i + 1 < command.words.size()) {
            options.values[word] = command.words[++i];
        } else if (is_one_of(kSwitches, word)) {
            options.values[word];
        } else if (word.starts_with("--")) {
            return wrong_usage(word);
        } else {
            options.arguments.push_back(word);
        }
    }
    return options;
}

Result<policy::Expiry> parse_expiry(const Options& options, UnixTime now) {
    if (options.has("--for")) {
        const auto length = parse_duration(options.value("--for"));
        if (!length) {
            return Unexpected{length.error()};
        }
        return policy::Expiry{true, end_of(now, *length)};
    }
    if (options.has("--until")) {
        const auto until = parse_timestamp(options.value("--until"));
        if (!until) {
            return Unexpected{until.error()};
        }
        return policy::Expiry{true, *until};
    }
    return policy::Expiry{};
}

std::optional<net::Ipv4> parse_code(const Options& options) {
    return options.has("--code") ? net::parse_ipv4(options.value("--code")) : std::nullopt;
}

// A ban of an IPv6 address without a length means its /64, unless --exact.
Result<std::vector<policy::Subject>> parse_subjects(const Options& options, bool widens) {
    std::vector<policy::Subject> subjects;
    for (const std::string& argument : options.arguments) {
        const auto subject = policy::parse_subject(argument);
        if (!subject) {
            return Unexpected{subject.error()};
        }
        subjects.push_back(*subject);
        const auto* const ipv6 = std::get_if<net::Ipv6Range>(&subjects.back());
        const bool is_address =
            argument.find('/') == std::string::npos && argument.find('-') == std::string::npos;
        if (ipv6 != nullptr && widens && is_address && !options.has("--exact")) {
            subjects.back() = net::prefix(ipv6->first, kHostPrefixLength);
        }
    }
    return subjects;
}

Result<Done> ban_or_allow(store::Environment& environment, const config::Settings& settings,
                          const Options& options, const policy::Author& author, bool is_allow) {
    auto subjects = parse_subjects(options, !is_allow);
    if (!subjects) {
        return Unexpected{subjects.error()};
    }
    const auto expiry = parse_expiry(options, author.at);
    if (!expiry) {
        return Unexpected{expiry.error()};
    }
    policy::Ban ban;
    ban.subjects = std::move(*subjects);
    ban.listing_class = is_allow ? "allow" : options.value("--class");
    ban.code = parse_code(options);
    ban.reason = options.value("--reason");
    ban.evidence = options.value("--evidence");
    ban.expiry = *expiry;
    ban.override_never = options.has("--override");
    ban.confirmed = options.has("--yes");
    return policy::ban(environment, settings, ban, author).map([](const auto&) { return Done{}; });
}

Result<Done> unban(store::Environment& environment, const config::Settings& settings,
                   const Options& options, const policy::Author& author) {
    auto subjects = parse_subjects(options, true);
    if (!subjects) {
        return Unexpected{subjects.error()};
    }
    policy::Lift lift;
    lift.subjects = std::move(*subjects);
    lift.listing_class = options.value("--class");
    lift.reason = options.value("--reason");
    lift.evidence = options.value("--evidence");
    lift.override_lifecycle = options.has("--override");
    lift.confirmed = options.has("--yes");
    return policy::unban(environment, settings, lift, author).map([](const auto&) {
        return Done{};
    });
}

Result<Done> import(store::Environment& environment, const config::Settings& settings,
                    const Options& options, const std::string& input,
                    const policy::Author& author) {
    const std::string format = options.value("--format");
    const feed::ReadRequest request{.file = "standard input",
                                    .bytes = input,
                                    .format = format,
                                    .now = author.at,
                                    .is_feed = options.has("--source"),
                                    .progress = {}};
    auto map = feed::read_map(request);
    if (!map) {
        return Unexpected{map.error()};
    }
    if (*map) {
        policy::MapImport import;
        import.contents = std::move((*map)->contents);
        import.name = options.value("--source");
        import.format = (*map)->format;
        import.replace = options.has("--replace");
        import.confirmed = options.has("--yes");
        return policy::import_map(environment, settings, std::move(import), author)
            .map([](const auto&) { return Done{}; });
    }
    auto list = feed::read_list(request);
    if (!list) {
        return Unexpected{list.error()};
    }
    const auto expiry = parse_expiry(options, author.at);
    if (!expiry) {
        return Unexpected{expiry.error()};
    }
    policy::Import import;
    import.list = std::move(list->contents.list);
    import.rejects = std::move(list->contents.rejects);
    import.rejected = list->contents.rejected;
    import.may_be_empty = list->contents.may_be_empty;
    import.source = options.value("--source");
    import.listing_class = options.value("--class");
    import.code = parse_code(options);
    import.reason = options.value("--reason");
    import.expiry = *expiry;
    import.replace = options.has("--replace");
    import.confirmed = options.has("--yes");
    return policy::import(environment, settings, std::move(import), author).map([](const auto&) {
        return Done{};
    });
}

Result<Done> decide_on_request(store::Environment& environment, const config::Settings& settings,
                               const Options& options, const policy::Author& author) {
    const std::string& verb = options.arguments.at(0);
    const std::string& what = options.arguments.at(1);
    if (verb == "add") {
        policy::Request request;
        request.kind = options.value("--kind") == "allow" ? policy::RequestKind::Allow
                                                          : policy::RequestKind::Removal;
        request.subject = what;
        request.contact = options.value("--contact");
        request.evidence = options.value("--evidence");
        return policy::add_request(environment, request, author).map([](const auto&) {
            return Done{};
        });
    }
    policy::Decision decision;
    decision.id = static_cast<policy::RequestId>(std::strtoul(what.c_str(), nullptr, 10));
    decision.is_accepted = verb == "accept";
    decision.reason = options.value("--reason");
    decision.override_lifecycle = options.has("--override");
    return policy::decide_request(environment, settings, decision, author).map([](const auto&) {
        return Done{};
    });
}

Result<Done> complain(store::Environment& environment, const config::Settings& settings,
                      const Options& options, const std::string& input,
                      const policy::Author& author) {
    if (options.arguments.at(0) != "add") {
        const auto id = static_cast<policy::ComplaintId>(
            std::strtoul(options.arguments.at(1).c_str(), nullptr, 10));
        return policy::judge_complaints(environment, {id}, options.arguments.at(0) == "valid",
                                        options.value("--reason"), author)
            .map([](const auto&) { return Done{}; });
    }
    const auto mail = feed::read_complaint_mail("standard input", input);
    if (!mail) {
        return Unexpected{mail.error()};
    }
    policy::NewComplaint added;
    for (const net::Address& sender : mail->senders) {
        added.candidates.push_back(*policy::parse_subject(net::to_string(sender)));
    }
    added.complaint.message_size = input.size();
    added.packed_message = feed::pack_message(input);
    added.ban = options.has("--ban");
    added.reason = options.value("--reason");
    return policy::add_complaint(environment, settings, added, author).map([](const auto&) {
        return Done{};
    });
}

Result<diagnose::Diagnosis> diagnose_now(const config::Settings& settings,
                                         const diagnose::MailServer& server, UnixTime now) {
    auto resolver = diagnose::Resolver::open(settings.diagnose.resolver, {});
    if (!resolver) {
        return Unexpected{resolver.error()};
    }
    return diagnose::diagnose(*resolver, server, settings.protect, now);
}

Result<Done> diagnose_server(store::Environment& environment, const config::Settings& settings,
                             const Options& options, const policy::Author& author) {
    const auto word = [&options](const std::string& name) {
        return options.has(name) ? std::optional{options.value(name)} : std::nullopt;
    };
    const std::string& address = options.arguments.at(0);
    const auto diagnosis = diagnose_now(
        settings, {*net::parse_address(address), word("--helo"), word("--from")}, author.at);
    if (!diagnosis) {
        return Unexpected{diagnosis.error()};
    }
    if (diagnosis->brief().empty()) {
        return Done{};
    }
    if (options.has("--ban")) {
        policy::Ban ban;
        ban.subjects = {*policy::parse_subject(address)};
        ban.listing_class = "misconfigured";
        ban.reason = diagnosis->brief();
        ban.diagnosed = store::Diagnosed{word("--helo"), word("--from"), author.at};
        if (auto made = policy::ban(environment, settings, ban, author); !made) {
            return Unexpected{made.error()};
        }
    }
    return Unexpected{Error{ErrorCode::Absent, "diagnose", diagnosis->brief(), ""}};
}

Result<Done> expire_and_recheck(store::Environment& environment, const config::Settings& settings,
                                const policy::Author& author) {
    constexpr std::size_t kRechecksMax = 100;
    std::vector<policy::Rechecked> rechecked;
    const auto due = policy::due_rechecks(
        environment, settings.lifecycle.recheck.value_or(Duration{kDurationSecondsMax}), author.at,
        kRechecksMax);
    for (const policy::DueRecheck& each : due.value_or(std::vector<policy::DueRecheck>{})) {
        const auto& diagnosed = *each.listing.diagnosed;
        const auto diagnosis =
            diagnose_now(settings, {each.address, diagnosed.helo, diagnosed.sender}, author.at);
        rechecked.push_back({each.listing, diagnosis && diagnosis->passes()});
    }
    return policy::expire(environment, settings, author, false, rechecked).map([](const auto&) {
        return Done{};
    });
}

Result<Done> run(store::Environment& environment, const config::Settings& settings,
                 const Command& command, UnixTime now) {
    const auto options = parse_options(command);
    if (!options) {
        return Unexpected{options.error()};
    }
    const std::string& name = command.words.front();
    const policy::Author author{options->has("--by") ? options->value("--by") : "admin", name, now};
    if (name == "ban" || name == "allow") {
        return ban_or_allow(environment, settings, *options, author, name == "allow");
    }
    if (name == "unban") {
        return unban(environment, settings, *options, author);
    }
    if (name == "import") {
        return import(environment, settings, *options, command.input, author);
    }
    if (name == "request" && options->arguments.size() == 2) {
        return decide_on_request(environment, settings, *options, author);
    }
    if (name == "complaint" && options->arguments.size() == 2) {
        return complain(environment, settings, *options, command.input, author);
    }
    if (name == "undo" && options->arguments.size() == 1) {
        policy::Undo undo;
        undo.change = std::strtoull(options->arguments.front().c_str(), nullptr, 10);
        undo.override_age = options->has("--override");
        undo.confirmed = options->has("--yes");
        return policy::undo(environment, settings, undo, author).map([](const auto&) {
            return Done{};
        });
    }
    if (name == "diagnose" && options->arguments.size() == 1) {
        return diagnose_server(environment, settings, *options, author);
    }
    if (name == "expire") {
        return expire_and_recheck(environment, settings, author);
    }
    return wrong_usage(name);
}

}  // namespace

int run_command(store::Environment& environment, const config::Settings& settings,
                const Command& command, UnixTime now, std::string& output) {
    const auto done = run(environment, settings, command, now);
    if (done) {
        return 0;
    }
    output = message(done.error());
    return exit_status(done.error().code);
}

}  // namespace ostrakon::scenario
