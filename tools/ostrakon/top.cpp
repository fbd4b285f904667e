// ostrakon top: what the running server is asked, live.
#include "database.hpp"
#include "output.hpp"
#include "top_screen.hpp"
#include "top_view.hpp"

#include <algorithm>
#include <chrono>
#include <thread>

namespace ostrakon::tool {

using namespace json;

namespace {

using TopClock = std::chrono::steady_clock;

// The server gathers figures once a second at most.
constexpr Duration kIntervalDefault{2};
constexpr std::int64_t kIntervalMaxSeconds = 3600;
constexpr std::chrono::milliseconds kBetweenReadings{1100};
constexpr int kReadingsMax = 5;
constexpr std::size_t kLinesMax = 200;

std::string_view sort_word(TopSort sort) {
    return sort == TopSort::Rate ? "queries" : sort == TopSort::Listed ? "listed" : "name";
}

// Two readings that differ, one behind the other.
Result<std::pair<ServerFigures, ServerFigures>> read_twice(const std::filesystem::path& control) {
    auto first = figures::ask_server(control);
    for (int i = 0; first && i < kReadingsMax; ++i) {
        std::this_thread::sleep_for(kBetweenReadings);
        auto second = figures::ask_server(control);
        if (!second) {
            return Unexpected{std::move(second.error())};
        }
        if (second->uptime_seconds != first->uptime_seconds) {
            return std::pair{std::move(*first), std::move(*second)};
        }
    }
    return first ? Unexpected{Error{ErrorCode::System, "ask the server",
                                    "it gathers no new figures", "look into its log"}}
                 : Unexpected{std::move(first.error())};
}

std::string text_of(const std::vector<TopLine>& lines) {
    const Style style = style_of(STDOUT_FILENO);
    std::string text;
    for (const TopLine& line : lines) {
        text += (line.emphasis == Emphasis::Heading   ? style.bold(line.text)
                 : line.emphasis == Emphasis::Warning ? style.bad(line.text)
                                                      : line.text) +
                "\n";
    }
    return text;
}

class TopCommand : public Command {
public:
    Description describe() const override {
        return {
            .name = "top",
            .summary = "what the running server is asked, live",
            .details =
                "Shows the queries a second of each zone by what became of them, what is asked "
                "about most and who asks most (of the last half minute to a minute, estimated), "
                "how long answers take, and how feeds stand. The server says so on its control "
                "socket, [server] control. Keys: q ends, s sorts zones by queries, listed answers "
                "or name, blank looks again. What the database holds is in `ostrakon stats`.",
            .examples = {"ostrakon top", "ostrakon top --once --json", "ostrakon top --every 10s"}};
    }
    void declare(OptionSet& options) override {
        options.flag("--once", once_, "print once, of about a second, and end");
        options.value("--every", "DURATION", every_, "how often to look; else 2s");
    }
    Result<Outcome> run(const CommonOptions& common) override {
        const auto every = every_ ? parse_duration(*every_) : Result<Duration>{kIntervalDefault};
        if (!every) {
            return Unexpected{every.error()};
        }
        if (every->forever || every->seconds < 1 || every->seconds > kIntervalMaxSeconds) {
            return Unexpected{Error{ErrorCode::Usage, "--every", "expected 1s to 1h", ""}};
        }
        const auto settings = read_settings(common);
        if (!settings) {
            return Unexpected{settings.error()};
        }
        return once_ || common.json
                   ? print_once(settings->server.control, common.json)
                   : show(settings->server.control, std::chrono::seconds{every->seconds});
    }

private:
    static Result<Outcome> print_once(const std::filesystem::path& control, bool as_json) {
        const auto readings = read_twice(control);
        if (!readings) {
            return Unexpected{readings.error()};
        }
        const auto& [before, after] = *readings;
        const ServerRates rates = rates_between(before, after, TopSort::Rate);
        return Outcome{0, as_json ? document(top_json(after, rates))
                                  : text_of(top_lines(after, rates, {output_width(), kLinesMax}))};
    }

    // The first reading comes before the screen, so that a server that does not answer is told in
    // the usual way.
    static Result<Outcome> show(const std::filesystem::path& control,
                                std::chrono::milliseconds every) {
        auto first = figures::ask_server(control);
        if (!first) {
            return Unexpected{std::move(first.error())};
        }
        auto screen = TopScreen::open();
        if (!screen) {
            return Unexpected{std::move(screen.error())};
        }
        ServerFigures before;  // since its start, until there are two readings
        ServerFigures after = std::move(*first);
        TopSort sort = TopSort::Rate;
        std::string trouble;
        auto next = TopClock::now() + kBetweenReadings;
        while (true) {
            const std::string keys =
                "q quit   s sort by " + std::string{sort_word(next_sort(sort))} + "   " +
                (before.uptime_seconds == 0 ? "averages since the server's start" : "");
            screen->draw(top_lines(after, rates_between(before, after, sort), screen->size(), keys,
                                   trouble));
            const auto left =
                std::chrono::duration_cast<std::chrono::milliseconds>(next - TopClock::now());
            const TopKey key = screen->wait(std::max(left, std::chrono::milliseconds{0}));
            if (key == TopKey::Quit) {
                return Outcome{};
            }
            sort = key == TopKey::Sort ? next_sort(sort) : sort;
            if (TopClock::now() < next && key != TopKey::Refresh) {
                continue;
            }
            auto now_read = figures::ask_server(control);
            trouble = now_read ? "" : message(now_read.error());
            if (now_read && now_read->uptime_seconds != after.uptime_seconds) {
                before = std::exchange(after, std::move(*now_read));
            }
            next = TopClock::now() + every;
        }
    }

    bool once_ = false;
    std::optional<std::string> every_;
};

}  // namespace

std::unique_ptr<Command> make_top() {
    return std::make_unique<TopCommand>();
}

}  // namespace ostrakon::tool
