// ostrakon why: blocked or not, in which zones, and the reasoning.
#include "arguments.hpp"
#include "database.hpp"
#include "messages.hpp"
#include "ostrakon/base/printable.hpp"
#include "ostrakon/lookup/explanation_json.hpp"
#include "ostrakon/lookup/query_subject.hpp"
#include "ostrakon/policy/explain.hpp"
#include "output.hpp"

#include <fmt/format.h>
#include <unistd.h>

namespace ostrakon::tool {
namespace {

constexpr std::size_t kTextShownSizeMax = 1024;

std::string zone_text(const policy::ExplainedZone& zone, const Style& style) {
    if (!zone.listed) {
        return fmt::format("  {}  {}\n", zone.zone, style.dim("not listed"));
    }
    std::string codes;
    for (const net::Ipv4 code : zone.codes) {
        codes += (codes.empty() ? "" : " ") + net::to_string(code);
    }
    std::string text =
        fmt::format("  {}  {}  for {}{}\n", zone.zone, style.bold(codes),
                    to_string(Duration{zone.ttl_s}), zone.is_allow_zone ? "  (an allow zone)" : "");
    for (const std::string& line : zone.text) {
        text += fmt::format("    \"{}\"\n", printable(line, kTextShownSizeMax));
    }
    return text;
}

std::string match_text(const policy::ExplainedMatch& match, const Style& style) {
    const std::string from =
        match.id ? fmt::format("{} #{}", match.source, *match.id) : match.source;
    const std::string reason =
        match.reason.empty() ? "" : " - " + printable(match.reason, kTextShownSizeMax);
    const std::string by_map = match.map.empty() ? "" : " by map " + match.map;
    return fmt::format("  {} {}{}  {}, {}{}\n           {}\n",
                       match.won ? style.bold("answers ") : style.dim("silent  "), match.subject,
                       by_map, from, match.listing_class, reason, match.because);
}

std::string why_text(const std::string& query, const policy::Explanation& explanation,
                     const Style& style) {
    std::string text =
        fmt::format("{} is {}\n\n", query,
                    explanation.listed ? style.bad("blocked") : style.good("not blocked"));
    for (const policy::ExplainedZone& zone : explanation.zones) {
        text += zone_text(zone, style);
    }
    for (const policy::ExplainedOrigin& origin : explanation.origins) {
        text += fmt::format("{}It belongs to {}, says map {} of {}.\n",
                            &origin == explanation.origins.data() ? "\n" : "", origin.subject,
                            origin.map, to_string(origin.date).substr(0, 10));
    }
    if (explanation.matches.empty()) {
        return text + "\nNothing that is recorded matches.\n";
    }
    text += "\nWhat matches, most specific first:\n";
    for (const policy::ExplainedMatch& match : explanation.matches) {
        text += match_text(match, style);
    }
    return text;
}

class WhyCommand : public Command {
public:
    Description describe() const override {
        return {
            .name = "why",
            .summary = "blocked or not, in which zones, and why",
            .details =
                "Says whether an address, name or mail address is blocked, what each zone answers, "
                "and step by step why. "
                "A name that ends in the origin of a zone is taken for a whole query name. "
                "Exit status 0: "
                "blocked, 1: not blocked.",
            .examples = {"ostrakon why 192.0.2.7", "ostrakon why mail.example.com",
                         "ostrakon why 7.2.0.192.bl.example.org", "ostrakon why user@example.com",
                         "ostrakon why 2001:db8::25 --at 2027-01-31"}};
    }
    void declare(OptionSet& options) override {
        options.operand("QUERY", query_,
                        "one address, name, mail address or hash of one, or a whole query name");
        options.value("--at", "DATE", at_, "as it is then, as far as is recorded now");
    }
    Result<Outcome> run(const CommonOptions& common) override {
        const auto at = at_ ? parse_timestamp(*at_) : Result<UnixTime>{now()};
        if (!at) {
            return Unexpected{at.error()};
        }
        const auto settings = read_settings(common);
        if (!settings) {
            return Unexpected{settings.error()};
        }
        auto zones = config::read_zones(*settings);
        if (!zones) {
            return Unexpected{std::move(zones.error())};
        }
        const auto query = lookup::parse_query_subject(query_, zones->zones);
        if (!query) {
            return Unexpected{query.error()};
        }
        if (zones->zones.empty()) {
            zones->zones.push_back(config::default_zone());
        }
        auto environment = open_for_reading(*settings);
        if (!environment) {
            return Unexpected{std::move(environment.error())};
        }
        const auto explanation = policy::explain(*environment, *settings, zones->zones,
                                                 query->subject, query->asked, *at);
        if (!explanation) {
            return Unexpected{explanation.error()};
        }
        notes(explanation->notes, common.quiet);
        return Outcome{explanation->listed ? 0 : 1,
                       common.json ? lookup::explanation_json(query->text, *explanation)
                                   : why_text(query->text, *explanation, style_of(STDOUT_FILENO))};
    }

private:
    std::string query_;
    std::optional<std::string> at_;
};

}  // namespace

std::unique_ptr<Command> make_why() {
    return std::make_unique<WhyCommand>();
}

}  // namespace ostrakon::tool
