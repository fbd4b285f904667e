// ostrakon zone retire: the orderly end of a zone (RFC 6471 §3.4), which can never list the world.
#include "arguments.hpp"
#include "ostrakon/json/document.hpp"
#include "output.hpp"
#include "zone_retirement.hpp"
#include "zone_site.hpp"

#include <fmt/format.h>
#include <unistd.h>

namespace ostrakon::tool {

using namespace json;

namespace {

// RFC 6471 §3.4 recommends to warn for a month or more.
constexpr std::int64_t kDaySeconds = 86400;
constexpr std::int64_t kWarningDays = 30;

struct RetireStep {
    bool is_done = false;
    std::string text;
};

class ZoneRetireCommand : public Command {
public:
    Description describe() const override {
        return {
            .name = "zone retire",
            .summary = "the orderly end of a zone, which never lists the world",
            .details =
                "Writes into the zone's file from when on it lists nothing, 30 days from now "
                "unless --on says otherwise, and shows the steps that remain. From that day on "
                "every name in the zone is NXDOMAIN for a day in caches, the test points too, by "
                "which clients see that the list has ended; SOA, NS and [a] stay, so that a page "
                "can tell. Nothing in the database is touched, and --cancel takes it back. "
                "Sooner than 30 days from now needs --yes.",
            .examples = {"ostrakon zone retire bl.example.org --on 2027-03-01",
                         "ostrakon zone retire bl.example.org",
                         "ostrakon zone retire bl.example.org --cancel"}};
    }
    void declare(OptionSet& options) override {
        options.operand("NAME", name_, "the zone");
        options.value("--on", "DATE", on_, "from when on it lists nothing");
        options.flag("--cancel", is_cancelled_, "the zone does not end");
    }

    Result<Outcome> run(const CommonOptions& common) override {
        if (on_ && is_cancelled_) {
            return wrong_usage("zone retire", "--on and --cancel contradict each other", "");
        }
        const auto site = read_zone_site(common);
        if (!site) {
            return Unexpected{site.error()};
        }
        const auto zone = zone_called(*site, name_);
        if (!zone) {
            return Unexpected{zone.error()};
        }
        const auto wanted = wanted_date(**zone, common);
        if (!wanted) {
            return Unexpected{wanted.error()};
        }
        const bool is_changed = *wanted != (*zone)->retired;
        if (is_changed) {
            if (auto done = write_retirement(**zone, *wanted, common); !done) {
                return Unexpected{std::move(done.error())};
            }
        }
        return common.json ? Outcome{0, json(**zone, *wanted, is_changed)}
                           : Outcome{0, text(**zone, *wanted, is_changed)};
    }

private:
    Result<std::optional<UnixTime>> wanted_date(const zone::Zone& zone,
                                                const CommonOptions& common) const {
        if (is_cancelled_) {
            return std::optional<UnixTime>{};
        }
        const UnixTime start = now();
        if (!on_) {
            const std::int64_t day = (start.seconds + kDaySeconds - 1) / kDaySeconds + kWarningDays;
            return zone.retired ? zone.retired : std::optional{UnixTime{day * kDaySeconds}};
        }
        const auto date = parse_timestamp(*on_);
        if (!date) {
            return wrong_usage("--on", date.error().why, "say it as in 2027-03-01");
        }
        const std::int64_t notice = date->seconds - start.seconds;
        if (notice < kWarningDays * kDaySeconds && !common.yes && *date != zone.retired) {
            return Unexpected{
                Error{ErrorCode::Refused, "retire " + zone.name + " on " + to_string(*date),
                      "those who ask it need a month or more to hear of it (RFC 6471 §3.4)",
                      "name a later day, or say --yes if nobody asks it any more"}};
        }
        return std::optional{*date};
    }

    std::vector<RetireStep> steps(const zone::Zone& zone, UnixTime date) const {
        const bool is_over = now() >= date;
        const std::string day = to_string(date);
        return {
            {true, fmt::format("{} says that the zone lists nothing from {} on.", zone.file, day)},
            {false,
             "Let ostrakond read it: systemctl reload ostrakond (kill -HUP). It warns of "
             "the end at every start and reload."},
            {is_over,
             "Until then tell those who ask it: on the zone's page, in mails to partners, "
             "where it is recommended. All answers stay as they are; do not list anybody "
             "to be noticed."},
            {is_over, fmt::format("From {} on every name is NXDOMAIN, 127.0.0.2 as well. Leave the "
                                  "zone in place: without it servers would be asked again and "
                                  "again for what is REFUSED.",
                                  day)},
            {false,
             fmt::format("When few still ask ([log] queries shows who), let the parent zone point "
                         "to addresses where nobody answers:\n"
                         "       {0}. 604800 IN NS ns.{0}.\n"
                         "       ns.{0}. 604800 IN A 192.0.2.1\n"
                         "     Only to addresses for documentation (192.0.2.0/24, 198.51.100.0/24, "
                         "203.0.113.0/24), never to anybody's.",
                         zone.name)},
            {false,
             "Keep the domain registered. Whoever gets it next could list the whole world "
             "for all who still ask."},
        };
    }

    std::string text(const zone::Zone& zone, const std::optional<UnixTime>& date,
                     bool is_changed) const {
        if (!date) {
            return fmt::format(
                "{}: {}\n", zone.name,
                is_changed ? "goes on; reload ostrakond to let it know" : "is not retired");
        }
        std::string result =
            fmt::format("{} is {}: {}\n\n", zone.name,
                        style_of(STDOUT_FILENO).bold(zone_state(date, now())), to_string(*date));
        int number = 0;
        for (const RetireStep& step : steps(zone, *date)) {
            result += fmt::format("{} {}. {}\n", step.is_done ? "[x]" : "[ ]", ++number, step.text);
        }
        return result;
    }

    std::string json(const zone::Zone& zone, const std::optional<UnixTime>& date,
                     bool is_changed) const {
        Json list = Json::array();
        if (date) {
            for (const RetireStep& step : steps(zone, *date)) {
                list.push_back({{"done", step.is_done}, {"step", step.text}});
            }
        }
        return document({{"zone", zone.name},
                         {"state", zone_state(date, now())},
                         {"retired", time_or_null(date)},
                         {"changed", is_changed},
                         {"file", zone.file},
                         {"steps", std::move(list)}});
    }

    std::string name_;
    std::optional<std::string> on_;
    bool is_cancelled_ = false;
};

}  // namespace

std::unique_ptr<Command> make_zone_retire() {
    return std::make_unique<ZoneRetireCommand>();
}

}  // namespace ostrakon::tool
