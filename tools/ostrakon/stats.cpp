// ostrakon stats: figures of the database.
#include "database.hpp"
#include "json.hpp"
#include "ostrakon/policy/inspect.hpp"
#include "output.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

namespace ostrakon::tool {
namespace {

std::string feed_state(const policy::FeedFigures& feed) {
    const std::string_view state = feed.is_local         ? "local"
                                   : !feed.is_configured ? "no longer configured, not served"
                                   : feed.is_stale       ? "stale, not served"
                                                         : "configured";
    return feed.data_sets.empty()
               ? std::string{state}
               : fmt::format("{}; data sets {}", state, fmt::join(feed.data_sets, " "));
}

std::string asked_for(const policy::MapFigures& map) {
    if (map.is_asked_for_as && map.is_asked_for_country) {
        return "AS, countries";
    }
    return map.is_asked_for_as ? "AS" : map.is_asked_for_country ? "countries" : "nothing";
}

std::string stats_text(const std::string& directory, const policy::Figures& figures,
                       const Style& style) {
    std::string text;
    const auto line = [&text](std::string_view name, std::string_view value) {
        text += fmt::format("{:<15} {}\n", name, value);
    };
    line("database", directory);
    line("size", fmt::format("{} used of {}", bytes_text(figures.used_bytes),
                             bytes_text(figures.size_bytes)));
    line("serial", std::to_string(figures.serial));
    line("schema", std::to_string(figures.schema));
    line("readers", std::to_string(figures.readers));
    if (figures.oldest_reader) {
        line("oldest reader",
             fmt::format("pid {}, {} behind", figures.oldest_reader->pid,
                         counted(figures.oldest_reader->changes, "change", "changes")));
    }
    line("own bans", grouped(figures.own_listings));
    line("own allows", grouped(figures.own_allows));
    line("history", counted(figures.history, "ended listing", "ended listings"));
    line("index", fmt::format("{}, {}, {}, {}",
                              counted(figures.index_ipv4_blocks, "IPv4 block", "IPv4 blocks"),
                              counted(figures.index_ipv6_blocks, "IPv6 block", "IPv6 blocks"),
                              counted(figures.index_names, "name", "names"),
                              counted(figures.verdict_sets, "verdict set", "verdict sets")));
    if (!figures.feeds.empty()) {
        Table table{{"FEED", "ENTRIES", "FILLED", "STATE"}};
        for (const policy::FeedFigures& feed : figures.feeds) {
            if (feed.entries == 0 && !feed.is_configured && !feed.last_success) {
                continue;  // was removed; its record is what undo goes by
            }
            table.add({feed.name, grouped(feed.entries),
                       feed.last_success ? minute_of(*feed.last_success) : "never",
                       feed_state(feed)});
        }
        text += "\n" + table.print(output_width(), style);
    }
    if (!figures.maps.empty()) {
        Table table{{"MAP", "FORMAT", "DATE", "AS RANGES", "COUNTRY RANGES", "ASKED FOR"}};
        for (const policy::MapFigures& map : figures.maps) {
            table.add({map.name, map.format, minute_of(map.date), grouped(map.as_ranges),
                       grouped(map.country_ranges), asked_for(map)});
        }
        text += "\n" + table.print(output_width(), style);
    }
    return text;
}

class StatsCommand : public Command {
public:
    Description describe() const override {
        return {.name = "stats",
                .summary = "figures of the database",
                .details =
                    "Says how many listings of which kind there are, how large the database is and "
                    "what its "
                    "index holds. What the running server is asked is in `ostrakon top`.",
                .examples = {"ostrakon stats", "ostrakon stats --json"}};
    }
    void declare(OptionSet& /*options*/) override {}
    Result<Outcome> run(const CommonOptions& common) override {
        auto environment = open_for_reading(common);
        if (!environment) {
            return Unexpected{std::move(environment.error())};
        }
        const auto figures = policy::figures(*environment);
        if (!figures) {
            return Unexpected{figures.error()};
        }
        return Outcome{0, common.json ? figures_json(*figures)
                                      : stats_text(environment->directory().string(), *figures,
                                                   style_of(STDOUT_FILENO))};
    }
};

}  // namespace

std::unique_ptr<Command> make_stats() {
    return std::make_unique<StatsCommand>();
}

}  // namespace ostrakon::tool
