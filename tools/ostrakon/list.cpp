// ostrakon list: a table of listings.
#include "arguments.hpp"
#include "database.hpp"
#include "json.hpp"
#include "messages.hpp"
#include "ostrakon/base/printable.hpp"
#include "ostrakon/policy/inspect.hpp"
#include "output.hpp"

#include <fmt/format.h>
#include <unistd.h>
#include <algorithm>
#include <array>

namespace ostrakon::tool {
namespace {

constexpr std::size_t kReasonShownSizeMax = 1024;

using Row = policy::ListedRow;
using IsBefore = bool (*)(const Row&, const Row&);

bool ends_before(const Row& a, const Row& b) {
    if (!a.listing.until || !b.listing.until) {
        return a.listing.until.has_value() && !b.listing.until.has_value();
    }
    return *a.listing.until < *b.listing.until;
}

struct SortKey {
    std::string_view name;
    IsBefore is_before;  ///< Empty: as the database has them.
};
constexpr std::array<SortKey, 5> kSortKeys{{
    {"subject", nullptr},
    {"since", [](const Row& a, const Row& b) { return a.listing.since > b.listing.since; }},
    {"until", ends_before},
    {"class",
     [](const Row& a, const Row& b) { return a.listing.listing_class < b.listing.listing_class; }},
    {"strikes", [](const Row& a, const Row& b) { return a.listing.strikes > b.listing.strikes; }},
}};

Result<SortKey> sort_key(const std::optional<std::string>& word) {
    const auto* const found =
        std::find_if(kSortKeys.begin(), kSortKeys.end(),
                     [&word](const SortKey& key) { return key.name == word.value_or("subject"); });
    if (found == kSortKeys.end()) {
        return wrong_usage(fmt::format("--sort \"{}\"", printable(*word, kReasonShownSizeMax)),
                           "is no key",
                           "write subject, since (newest first), until (soonest first), class or "
                           "strikes (most first)");
    }
    return *found;
}

Table own_table(const std::vector<Row>& rows) {
    Table table{{"SUBJECT", "CLASS", "SINCE", "UNTIL", "BY", "REASON"}};
    for (const auto& [listing, source] : rows) {
        table.add({listing.subject, listing.listing_class, to_string(listing.since).substr(0, 10),
                   listing.until ? minute_of(*listing.until) : "forever",
                   shortened(printable(listing.by, kReasonShownSizeMax), 12),
                   printable(listing.reason, kReasonShownSizeMax)});
    }
    return table;
}

Table feed_table(const std::vector<Row>& rows) {
    Table table{{"SUBJECT", "CLASS", "SOURCE", "UNTIL", "REASON"}};
    for (const auto& [listing, source] : rows) {
        table.add({listing.subject, listing.listing_class, source,
                   listing.until ? minute_of(*listing.until) : "",
                   printable(listing.reason, kReasonShownSizeMax)});
    }
    return table;
}

class ListCommand : public Command {
public:
    Description describe() const override {
        return {.name = "list",
                .summary = "a table of listings",
                .details =
                    "Lists the own bans and allows that stand, or with --source the entries of "
                    "feeds. --json "
                    "has all of each, and can be imported again.",
                .examples = {"ostrakon list", "ostrakon list --under 192.0.2.0/24 --sort since",
                             "ostrakon list --expiring 7d",
                             "ostrakon list --source spamhaus-drop --limit 20"}};
    }
    void declare(OptionSet& options) override {
        options.value("--class", "CLASS", class_, "only this class");
        options.value("--source", "NAME", source_,
                      "the entries of this feed, of NAME/LABEL of it, or of all feeds with \"*\"");
        options.value("--under", "SUBJECT", under_, "only what lies wholly in it");
        options.value("--expiring", "DURATION", expiring_, "only what ends within this time");
        std::vector<std::string> keys;
        keys.reserve(kSortKeys.size());
        for (const SortKey& key : kSortKeys) {
            keys.emplace_back(key.name);
        }
        options.choice(
            "--sort", "KEY", sort_,
            "subject, since (newest first), until (soonest first), class or strikes (most first)",
            std::move(keys));
        options.value("--limit", "N", limit_, "at most so many rows");
    }
    Result<Outcome> run(const CommonOptions& common) override {
        const auto key = sort_key(sort_);
        if (!key) {
            return Unexpected{key.error()};
        }
        const auto limit = count_of("--limit", limit_);
        if (!limit) {
            return Unexpected{limit.error()};
        }
        const auto settings = read_settings(common);
        if (!settings) {
            return Unexpected{settings.error()};
        }
        auto filter = filter_of(*settings);
        if (!filter) {
            return Unexpected{std::move(filter.error())};
        }
        filter->rows_max = key->is_before == nullptr ? *limit : 0;
        auto environment = open_for_reading(*settings);
        if (!environment) {
            return Unexpected{std::move(environment.error())};
        }
        std::vector<Row> rows;
        if (auto read = policy::list(*environment, *filter,
                                     [&rows](const Row& row) {
                                         rows.push_back(row);
                                         return true;
                                     });
            !read) {
            return Unexpected{std::move(read.error())};
        }
        if (key->is_before != nullptr) {
            std::stable_sort(rows.begin(), rows.end(), key->is_before);
        }
        if (*limit != 0 && rows.size() > *limit) {
            rows.resize(*limit);
        }
        if (common.json) {
            return Outcome{0, listings_json(rows)};
        }
        if (rows.empty()) {
            note("no listing matches", common.quiet);
            return Outcome{};
        }
        const Table table = source_.value_or("own") == "own" ? own_table(rows) : feed_table(rows);
        return Outcome{0, table.print(output_width(), style_of(STDOUT_FILENO))};
    }

private:
    Result<policy::ListFilter> filter_of(const config::Settings& settings) const {
        policy::ListFilter filter;
        filter.at = now();
        filter.source = source_.value_or("own");
        auto listing_class = class_of(class_, settings);
        if (!listing_class) {
            return Unexpected{std::move(listing_class.error())};
        }
        filter.listing_class = std::move(*listing_class);
        if (under_) {
            auto under = policy::parse_subject(*under_);
            if (!under) {
                return Unexpected{std::move(under.error())};
            }
            filter.under = std::move(*under);
        }
        if (expiring_) {
            const auto within = parse_duration(*expiring_);
            if (!within) {
                return Unexpected{within.error()};
            }
            filter.ends_before = within->forever ? UnixTime{filter.at.seconds + kDurationSecondsMax}
                                                 : *end_of(filter.at, *within);
        }
        return filter;
    }

    std::optional<std::string> class_;
    std::optional<std::string> source_;
    std::optional<std::string> under_;
    std::optional<std::string> expiring_;
    std::optional<std::string> sort_;
    std::optional<std::string> limit_;
};

}  // namespace

std::unique_ptr<Command> make_list() {
    return std::make_unique<ListCommand>();
}

}  // namespace ostrakon::tool
