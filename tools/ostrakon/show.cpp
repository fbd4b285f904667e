// ostrakon show: the listings of one subject whole, with their history.
#include "arguments.hpp"
#include "database.hpp"
#include "event_table.hpp"
#include "json.hpp"
#include "messages.hpp"
#include "ostrakon/base/printable.hpp"
#include "output.hpp"

#include <fmt/format.h>
#include <unistd.h>
#include <algorithm>

namespace ostrakon::tool {
namespace {

constexpr std::size_t kFieldShownSizeMax = 4096;
constexpr std::size_t kEvidenceLinesShownMax = 60;

// What stands: what is served, and warnings, which count as strikes.
bool stands(const store::Listing& listing, UnixTime at) {
    return listing.is_in_force(at) || listing.state == store::ListingState::Warning;
}

// A report or a mail stands in as many lines as it has, one behind the other under its field.
std::string evidence_text(std::string_view evidence) {
    evidence = evidence.substr(0, kFieldShownSizeMax);
    std::string text;
    for (std::size_t lines = 0; !evidence.empty() && lines < kEvidenceLinesShownMax; ++lines) {
        const std::size_t end = std::min(evidence.find('\n'), evidence.size());
        text += (lines == 0 ? fmt::format("  {:<9} ", "evidence") : std::string(12, ' ')) +
                printable(evidence.substr(0, end), kFieldShownSizeMax) + "\n";
        evidence.remove_prefix(std::min(end + 1, evidence.size()));
    }
    return text;
}

std::string listing_text(const store::Listing& listing, const Style& style) {
    std::string text =
        style.bold(fmt::format("{}  {}", listing.subject, listing.listing_class)) + "\n";
    const auto field = [&text](std::string_view name, std::string_view value) {
        if (!value.empty()) {
            text += fmt::format("  {:<9} {}\n", name, printable(value, kFieldShownSizeMax));
        }
    };
    field("id", std::to_string(listing.id));
    field("state", listing.state == store::ListingState::Warning ? "a warning: recorded, not served"
                                                                 : "in force");
    field("reason", listing.reason);
    field("code", listing.code ? net::to_string(*listing.code) : "");
    field("since", minute_of(listing.since));
    field("until", listing.until ? minute_of(*listing.until) : "forever");
    field("strikes", listing.is_allow() ? "" : std::to_string(listing.strikes));
    field("lift", listing.earliest_lift ? "not before " + minute_of(*listing.earliest_lift) : "");
    field("override", listing.overrides_never ? "answers inside [protect] never too" : "");
    field("by", listing.by);
    field("change", std::to_string(listing.change));
    return text + evidence_text(listing.evidence);
}

struct Shown {
    std::vector<store::Listing> standing;
    std::vector<policy::Event> events;
};

Result<Shown> read_shown(store::Environment& environment,
                         const std::vector<policy::Subject>& subjects) {
    Shown shown;
    const UnixTime at = now();
    for (const policy::Subject& subject : subjects) {
        auto listings = policy::listings_of(environment, subject);
        if (!listings) {
            return Unexpected{std::move(listings.error())};
        }
        for (store::Listing& listing : *listings) {
            if (stands(listing, at)) {
                shown.standing.push_back(std::move(listing));
            }
        }
        auto events = policy::history(environment, subject, std::nullopt);
        if (!events) {
            return Unexpected{std::move(events.error())};
        }
        shown.events.insert(shown.events.end(), events->begin(), events->end());
    }
    return shown;
}

class ShowCommand : public Command {
public:
    Description describe() const override {
        return {.name = "show",
                .summary = "everything recorded about one subject",
                .details =
                    "Shows the own listings of exactly this subject with reason, evidence, strikes "
                    "and history. "
                    "Exit status 1 where nothing stands; its history is shown all the same.",
                .examples = {"ostrakon show 192.0.2.7", "ostrakon show example.com --json"}};
    }
    void declare(OptionSet& options) override {
        options.operand("SUBJECT", subject_,
                        "as it was banned; an IPv6 address without a length means its /64 too");
    }
    Result<Outcome> run(const CommonOptions& common) override {
        const auto subjects = recorded_subjects({subject_}, false);
        if (!subjects) {
            return Unexpected{subjects.error()};
        }
        auto environment = open_for_reading(common);
        if (!environment) {
            return Unexpected{std::move(environment.error())};
        }
        const auto shown = read_shown(*environment, *subjects);
        if (!shown) {
            return Unexpected{shown.error()};
        }
        return outcome(*shown, policy::to_string(subjects->front()), common);
    }

private:
    static Outcome outcome(const Shown& shown, const std::string& subject,
                           const CommonOptions& common) {
        const int status = shown.standing.empty() ? 1 : 0;
        if (status != 0) {
            note(fmt::format("nothing stands of just {}; `ostrakon why` says what else covers it",
                             subject),
                 common.quiet);
        }
        if (common.json) {
            return {status, shown_json(shown.standing, shown.events)};
        }
        const Style style = style_of(STDOUT_FILENO);
        std::string text;
        for (const store::Listing& listing : shown.standing) {
            text += listing_text(listing, style) + "\n";
        }
        if (!shown.events.empty()) {
            text += style.bold("History") + "\n" +
                    event_table(shown.events, false).print(output_width(), style);
        }
        return {status, text};
    }

    std::string subject_;
};

}  // namespace

std::unique_ptr<Command> make_show() {
    return std::make_unique<ShowCommand>();
}

}  // namespace ostrakon::tool
