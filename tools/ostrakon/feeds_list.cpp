// ostrakon feeds list: how every feed stands.
#include "arguments.hpp"
#include "database.hpp"
#include "messages.hpp"
#include "ostrakon/policy/feed_refresh.hpp"
#include "output.hpp"
#include "pull_json.hpp"

#include <fmt/format.h>
#include <unistd.h>

namespace ostrakon::tool {
namespace {

// "3 h", "2 d": how long ago, in one unit.
std::string age_text(std::optional<UnixTime> then, UnixTime at) {
    constexpr std::int64_t kMinute = 60;
    constexpr std::int64_t kHour = 60 * kMinute;
    constexpr std::int64_t kDay = 24 * kHour;
    if (!then) {
        return "";
    }
    const std::int64_t age = std::max<std::int64_t>(0, at.seconds - then->seconds);
    return age >= 2 * kDay      ? fmt::format("{} d", age / kDay)
           : age >= 2 * kHour   ? fmt::format("{} h", age / kHour)
           : age >= 2 * kMinute ? fmt::format("{} min", age / kMinute)
                                : fmt::format("{} s", age);
}

std::string change_text(const pull::FeedRow& row) {
    return row.added + row.removed == 0
               ? ""
               : fmt::format("+{} −{}", grouped(row.added), grouped(row.removed));
}

std::string feeds_table(const std::vector<pull::FeedRow>& rows, UnixTime at) {
    constexpr std::size_t kIndent = 2;
    Table table{{"FEED", "STATE", "ENTRIES", "CHANGE", "AGE", "NEXT"}};
    std::string messages;
    for (const pull::FeedRow& row : rows) {
        table.add({row.name, row.state, grouped(row.entries), change_text(row),
                   age_text(row.last_success, at), row.next ? minute_of(*row.next) : ""});
        if (!row.message.empty()) {
            messages +=
                wrapped(fmt::format("{}: {}", row.name, row.message), kIndent, output_width()) +
                "\n";
        }
    }
    return table.print(output_width(), style_of(STDOUT_FILENO)) +
           (messages.empty() ? "" : "\n" + messages);
}

// What the configuration says of feeds goes into the database; without the right to write, it is
// shown all the same.
Result<store::Environment> open_with_settings(const config::Settings& settings,
                                              const CommonOptions& common) {
    auto early = open_early(settings);
    if (!early) {
        return Unexpected{std::move(early.error())};
    }
    if (!*early) {
        return open_for_reading(settings);
    }
    const auto is_adopted = policy::has_feed_settings(**early, settings);
    if (!is_adopted) {
        return Unexpected{is_adopted.error()};
    }
    if (!*is_adopted) {
        const auto lock = lock_for_writing(settings, common, "feeds");
        if (!lock) {
            return Unexpected{lock.error()};
        }
        if (auto adopted = policy::adopt_feeds(**early, settings, author_of(common, "feeds"));
            !adopted) {
            return Unexpected{std::move(adopted.error())};
        }
    }
    return std::move(**early);
}

class FeedsListCommand : public Command {
public:
    Description describe() const override {
        return {.name = "feeds list",
                .summary = "every feed: state, entries, age, next pull",
                .details =
                    "Shows every feed that is configured, and those that `ostrakon import "
                    "--source` has filled. States: fresh; stale (older than its max_age: not "
                    "served); held (a version waits for `ostrakon feeds accept`); failing (the "
                    "last try brought nothing); never; local (filled by import alone). `ostrakon "
                    "feeds` means this.",
                .is_for_its_group = true,
                .examples = {"ostrakon feeds", "ostrakon feeds list --json"}};
    }
    void declare(OptionSet& /*options*/) override {}
    Result<Outcome> run(const CommonOptions& common) override {
        const auto settings = read_settings(common);
        if (!settings) {
            return Unexpected{settings.error()};
        }
        auto environment = open_with_settings(*settings, common);
        if (!environment) {
            return Unexpected{std::move(environment.error())};
        }
        const auto snapshot = store::Snapshot::begin(*environment);
        if (!snapshot) {
            return Unexpected{snapshot.error()};
        }
        const UnixTime at = now();
        const auto rows = pull::feed_rows(*settings, *snapshot, at);
        if (snapshot->is_broken()) {
            return Unexpected{snapshot->failure()};
        }
        if (common.json) {
            return Outcome{0, feeds_json(rows)};
        }
        if (rows.empty()) {
            note("there is no feed; `ostrakon feeds catalogue` shows what can be added",
                 common.quiet);
            return Outcome{};
        }
        return Outcome{0, feeds_table(rows, at)};
    }
};

}  // namespace

std::unique_ptr<Command> make_feeds_list() {
    return std::make_unique<FeedsListCommand>();
}

}  // namespace ostrakon::tool
