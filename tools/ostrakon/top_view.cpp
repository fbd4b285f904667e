#include "top_view.hpp"

#include "ostrakon/base/printable.hpp"
#include "output.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace ostrakon::tool {

using namespace json;

namespace {

constexpr std::size_t kNameShownMax = 255;
constexpr std::size_t kZoneRowsShare = 4;  // of the lines, one part is for zones
constexpr std::size_t kFeedRowsMax = 5;

std::string rate_text(double rate) {
    return rate >= 99.95 || rate == 0 ? grouped(static_cast<std::uint64_t>(std::llround(rate)))
                                      : fmt::format("{:.1f}", rate);
}

std::string microseconds_text(std::uint64_t us) {
    constexpr std::uint64_t kMilli = 1000;
    return us < 2 * kMilli ? fmt::format("{} µs", us) : fmt::format("{} ms", us / kMilli);
}

std::string duration_text(double seconds) {
    const auto whole = static_cast<std::int64_t>(std::max(0.0, seconds));
    constexpr std::int64_t kDay = 86400;
    if (whole >= 2 * kDay) {
        return fmt::format("{}d {}h", whole / kDay, whole % kDay / 3600);
    }
    return whole >= 3600 ? fmt::format("{}h {}m", whole / 3600, whole % 3600 / 60)
                         : fmt::format("{}m {}s", whole / 60, whole % 60);
}

std::string padded(std::string text, std::size_t width) {
    text = width == 0 ? std::string{} : shortened(text, width);
    return text + std::string(width - width_of(text), ' ');
}

std::string zone_name(const std::string& name) {
    return name.empty() ? "(no zone)" : printable(name, kNameShownMax);
}

// How many feeds are in which state, as "11 fresh, 1 stale".
std::string feeds_text(const std::vector<figures::FeedStanding>& feeds) {
    std::map<std::string, std::size_t> states;
    for (const figures::FeedStanding& feed : feeds) {
        ++states[feed.state];
    }
    std::string text;
    for (const auto& [state, count] : states) {
        text += fmt::format("{}{} {}", text.empty() ? "" : ", ", count, state);
    }
    return feeds.empty() ? "no feeds"
                         : fmt::format("{}: {}", counted(feeds.size(), "feed", "feeds"), text);
}

bool is_in_trouble(const figures::FeedStanding& feed) {
    return feed.state != "fresh" && feed.state != "local";
}

class TopPage {
public:
    TopPage(const ServerFigures& figures, const ServerRates& rates, const TopSize& size)
        : figures_(figures), rates_(rates), size_(size) {}

    void head(const std::string& trouble) {
        add(fmt::format("ostrakond {}, up {}, {}: {} queries/s, {} of them over TCP",
                        figures_.version, duration_text(figures_.uptime_seconds),
                        counted(figures_.workers, "thread", "threads"), rate_text(rates_.queries),
                        rate_text(rates_.tcp)),
            Emphasis::Heading);
        if (!trouble.empty()) {
            add(trouble, Emphasis::Warning);
        } else {
            add(rates_.half_us == 0
                    ? "nothing was asked over UDP"
                    : fmt::format("half of the answers within {}, 99 % within {}; lost {}/s, "
                                  "limited {}/s",
                                  microseconds_text(rates_.half_us),
                                  microseconds_text(rates_.most_us), rate_text(rates_.lost),
                                  rate_text(rates_.limited)),
                rates_.lost > 0 ? Emphasis::Warning : Emphasis::Plain);
        }
        add(figures_.has_database
                ? fmt::format("database {} of {}; {}; TCP {} of {} open",
                              bytes_text(figures_.database_used),
                              bytes_text(figures_.database_size), feeds_text(figures_.feeds),
                              figures_.tcp_open, grouped(figures_.tcp_open_max))
                : "THE DATABASE CANNOT BE READ: answers are SERVFAIL; the server's log says why",
            figures_.has_database ? Emphasis::Plain : Emphasis::Warning);
        if (!figures_.is_configuration_current) {
            add("the last reload found mistakes: an older configuration is in force",
                Emphasis::Warning);
        }
    }

    void zones() {
        constexpr std::size_t kColumn = 10;
        constexpr std::size_t kColumns = 6;
        const std::size_t name_width =
            size_.width > kColumn * kColumns + 12 ? size_.width - kColumn * kColumns : 12;
        blank();
        add(fmt::format("{}{:>10}{:>10}{:>10}{:>10}{:>10}{:>10}", padded("ZONE", name_width),
                        "QUERIES/S", "LISTED", "NOT LIST.", "NODATA", "REFUSED", "OTHER"),
            Emphasis::Heading);
        const std::size_t rows =
            std::min(rates_.zones.size(), std::max<std::size_t>(2, size_.height / kZoneRowsShare));
        for (std::size_t i = 0; i < rows; ++i) {
            const ServerRates::Zone& zone = rates_.zones[i];
            add(fmt::format(
                "{}{:>10}{:>10}{:>10}{:>10}{:>10}{:>10}", padded(zone_name(zone.name), name_width),
                rate_text(zone.all), rate_text(zone.listed), rate_text(zone.not_listed),
                rate_text(zone.no_data), rate_text(zone.refused), rate_text(zone.other)));
        }
    }

    // Subjects and clients beside each other, in all lines but `kept`.
    void tops(std::size_t kept) {
        blank();
        const std::size_t half = size_.width / 2;
        add(column_heading("ASKED ABOUT (* listed)", half) +
                column_heading("CLIENT", size_.width - half),
            Emphasis::Heading);
        const std::size_t most = std::max(figures_.subjects.size(), figures_.clients.size());
        for (std::size_t i = 0; i < most && lines_.size() + kept < size_.height; ++i) {
            add(item(figures_.subjects, i, half) + item(figures_.clients, i, size_.width - half));
        }
        if (most == 0) {
            add("nobody has asked for a minute");
        }
    }

    void feeds(std::size_t rows) {
        if (rows == 0) {
            return;
        }
        std::vector<figures::FeedStanding> sorted = figures_.feeds;
        std::stable_sort(sorted.begin(), sorted.end(),
                         [](const figures::FeedStanding& a, const figures::FeedStanding& b) {
                             return is_in_trouble(a) > is_in_trouble(b);
                         });
        constexpr std::size_t kBeside = 44;
        const std::size_t name_width = size_.width > kBeside + 12 ? size_.width - kBeside : 12;
        blank();
        add(fmt::format("{}{:<10}{:>16}{:>18}", padded("FEED", name_width), "STATE", "ENTRIES",
                        "REFRESHED AGO"),
            Emphasis::Heading);
        for (std::size_t i = 0; i < std::min(rows, sorted.size()); ++i) {
            const figures::FeedStanding& feed = sorted[i];
            const std::string age = feed.last_success
                                        ? duration_text(static_cast<double>(
                                              figures_.at.seconds - feed.last_success->seconds))
                                        : "never";
            add(fmt::format("{}{:<10}{:>16}{:>18}", padded(feed.name, name_width), feed.state,
                            grouped(feed.entries), age),
                is_in_trouble(feed) ? Emphasis::Warning : Emphasis::Plain);
        }
    }

    std::vector<TopLine> take(const std::string& keys) {
        const std::size_t room = size_.height - (keys.empty() ? 0 : 1);
        if (lines_.size() > room) {
            lines_.resize(room);
        }
        if (!keys.empty()) {
            lines_.resize(room);
            add(keys, Emphasis::Heading);
        }
        return std::move(lines_);
    }

private:
    void add(const std::string& text, Emphasis emphasis = Emphasis::Plain) {
        std::string line = shortened(text, size_.width);
        line.erase(line.find_last_not_of(' ') + 1);
        lines_.push_back({std::move(line), emphasis});
    }
    void blank() { lines_.emplace_back(); }

    // A column of this width: what is left of it beside the rate.
    static std::string column(const std::string& what, std::string_view rate, std::size_t width) {
        constexpr std::size_t kRateWidth = 11;
        return padded(what, width > kRateWidth ? width - kRateWidth : 0) +
               fmt::format("{:>9}  ", rate);
    }
    static std::string column_heading(const char* title, std::size_t width) {
        return column(title, "/S", width);
    }

    std::string item(const std::vector<figures::TopItem>& items, std::size_t place,
                     std::size_t width) const {
        if (place >= items.size()) {
            return column("", "", width);
        }
        const figures::TopItem& one = items[place];
        const std::string what = (one.is_listed ? "*" : "") + printable(one.what, kNameShownMax);
        return column(
            what,
            rate_text(static_cast<double>(one.queries) / static_cast<double>(figures_.top_seconds)),
            width);
    }

    const ServerFigures& figures_;
    const ServerRates& rates_;
    const TopSize size_;
    std::vector<TopLine> lines_;
};

void sort_zones(std::vector<ServerRates::Zone>& zones, TopSort sort) {
    std::stable_sort(zones.begin(), zones.end(),
                     [sort](const ServerRates::Zone& a, const ServerRates::Zone& b) {
                         return sort == TopSort::Rate     ? a.all > b.all
                                : sort == TopSort::Listed ? a.listed > b.listed
                                                          : a.name < b.name;
                     });
}

}  // namespace

TopSort next_sort(TopSort sort) {
    return sort == TopSort::Rate     ? TopSort::Listed
           : sort == TopSort::Listed ? TopSort::Name
                                     : TopSort::Rate;
}

ServerRates rates_between(const ServerFigures& before, const ServerFigures& after, TopSort sort) {
    ServerRates rates = figures::rates_between(before, after);
    sort_zones(rates.zones, sort);
    return rates;
}

std::vector<TopLine> top_lines(const ServerFigures& figures, const ServerRates& rates,
                               const TopSize& size, const std::string& keys,
                               const std::string& trouble) {
    TopPage page{figures, rates, size};
    const std::size_t feed_rows = std::min(figures.feeds.size(), kFeedRowsMax);
    page.head(trouble);
    page.zones();
    page.tops((feed_rows > 0 ? feed_rows + 2 : 0) + (keys.empty() ? 0 : 1));
    page.feeds(feed_rows);
    return page.take(keys);
}

Json top_json(const ServerFigures& figures, const ServerRates& rates) {
    const auto items = [&](const std::vector<figures::TopItem>& all, const char* what) {
        Json list = Json::array();
        for (const figures::TopItem& one : all) {
            Json each{{what, one.what},
                      {"queries", static_cast<double>(one.queries) /
                                      static_cast<double>(figures.top_seconds)}};
            if (!one.zone.empty()) {
                each["zone"] = one.zone;
                each["listed"] = one.is_listed;
            }
            list.push_back(std::move(each));
        }
        return list;
    };
    Json feeds = Json::array();
    for (const figures::FeedStanding& feed : figures.feeds) {
        feeds.push_back({{"name", feed.name},
                         {"state", feed.state},
                         {"entries", feed.entries},
                         {"last_success", time_or_null(feed.last_success)}});
    }
    return {{"at", to_string(figures.at)},
            {"seconds", rates.seconds},
            {"version", figures.version},
            {"uptime_seconds", figures.uptime_seconds},
            {"queries", rates.queries},
            {"tcp", rates.tcp},
            {"limited", rates.limited},
            {"lost", rates.lost},
            {"half_within_microseconds", rates.half_us},
            {"most_within_microseconds", rates.most_us},
            {"zones", figures::zones_json(rates)},
            {"subjects", items(figures.subjects, "subject")},
            {"clients", items(figures.clients, "client")},
            {"feeds", std::move(feeds)}};
}

}  // namespace ostrakon::tool
