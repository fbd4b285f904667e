// ostrakon list: a table of listings.
#include "arguments.hpp"
#include "database.hpp"
#include "json.hpp"
#include "messages.hpp"
#include "ostrakon/base/printable.hpp"
#include "ostrakon/hits/hit_file.hpp"
#include "ostrakon/policy/inspect.hpp"
#include "ostrakon/zone/listing_class.hpp"
#include "output.hpp"

#include <fmt/format.h>
#include <unistd.h>
#include <algorithm>
#include <array>

namespace ostrakon::tool {
namespace {

constexpr std::size_t kReasonShownSizeMax = 1024;
// ostrakond writes its counts every ten minutes at least.
constexpr std::int64_t kCountsOldSeconds = 3600;

// A listing, and how often it answered.
struct Row {
    policy::ListedRow listed;
    std::uint64_t hits = 0;
    std::optional<UnixTime> last_hit;
};
using IsBefore = bool (*)(const Row&, const Row&);

bool ends_before(const Row& a, const Row& b) {
    if (!a.listed.listing.until || !b.listed.listing.until) {
        return a.listed.listing.until.has_value() && !b.listed.listing.until.has_value();
    }
    return *a.listed.listing.until < *b.listed.listing.until;
}

struct SortKey {
    std::string_view name;
    IsBefore is_before;  ///< Empty: as the database has them.
};
constexpr std::array<SortKey, 6> kSortKeys{{
    {"subject", nullptr},
    {"since",
     [](const Row& a, const Row& b) { return a.listed.listing.since > b.listed.listing.since; }},
    {"until", ends_before},
    {"class",
     [](const Row& a, const Row& b) {
         return a.listed.listing.listing_class < b.listed.listing.listing_class;
     }},
    {"strikes", [](const Row& a,
                   const Row& b) { return a.listed.listing.strikes > b.listed.listing.strikes; }},
    {"hits", [](const Row& a, const Row& b) { return a.hits > b.hits; }},
}};

Result<SortKey> sort_key(const std::optional<std::string>& word) {
    const auto* const found =
        std::find_if(kSortKeys.begin(), kSortKeys.end(),
                     [&word](const SortKey& key) { return key.name == word.value_or("subject"); });
    if (found == kSortKeys.end()) {
        return wrong_usage(fmt::format("--sort \"{}\"", printable(*word, kReasonShownSizeMax)),
                           "is no key",
                           "write subject, since (newest first), until (soonest first), class, "
                           "strikes or hits (most first)");
    }
    return *found;
}

// Hits have their columns where any are counted.
Table own_table(const std::vector<Row>& rows, bool has_counts) {
    std::vector<std::string> heads{"SUBJECT", "CLASS", "SINCE", "UNTIL", "BY"};
    if (has_counts) {
        heads.insert(heads.end(), {"HITS", "LAST HIT"});
    }
    heads.emplace_back("REASON");
    Table table{heads};
    for (const Row& row : rows) {
        const store::Listing& listing = row.listed.listing;
        std::vector<std::string> cells{listing.subject, listing.listing_class,
                                       to_string(listing.since).substr(0, 10),
                                       listing.until ? minute_of(*listing.until) : "forever",
                                       shortened(printable(listing.by, kReasonShownSizeMax), 12)};
        if (has_counts) {
            cells.push_back(grouped(row.hits));
            cells.push_back(row.last_hit ? to_string(*row.last_hit).substr(0, 10) : "-");
        }
        cells.push_back(printable(listing.reason, kReasonShownSizeMax));
        table.add(std::move(cells));
    }
    return table;
}

Table feed_table(const std::vector<Row>& rows) {
    Table table{{"SUBJECT", "CLASS", "SOURCE", "UNTIL", "REASON"}};
    for (const Row& row : rows) {
        const auto& [listing, source] = row.listed;
        table.add({listing.subject, listing.listing_class, source,
                   listing.until ? minute_of(*listing.until) : "",
                   printable(listing.reason, kReasonShownSizeMax)});
    }
    return table;
}

// Bans that were asked about before this time last, or never. An allow is silent by its nature.
bool is_unused(const Row& row, UnixTime limit) {
    const store::Listing& listing = row.listed.listing;
    return !listing.is_allow() && listing.since <= limit &&
           (!row.last_hit || *row.last_hit < limit);
}

class ListCommand : public Command {
public:
    Description describe() const override {
        return {.name = "list",
                .summary = "a table of listings",
                .details =
                    "Lists the own bans and allows that stand, or with --source the entries of "
                    "feeds. --json "
                    "has all of each, and can be imported again. Hits are the questions that "
                    "ostrakond has answered with a listing ([hits] in ostrakon.toml); what "
                    "secondaries answer is not among them.",
                .examples = {"ostrakon list", "ostrakon list --under 192.0.2.0/24 --sort since",
                             "ostrakon list --expiring 7d", "ostrakon list --sort hits --limit 20",
                             "ostrakon list --unused 90d",
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
            "subject, since (newest first), until (soonest first), class, strikes or hits (most "
            "first)",
            std::move(keys));
        options.value("--unused", "DURATION", unused_,
                      "only bans that have stood for this time, and had no hit in it");
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
        const auto unused = unused_before(filter->at);
        if (!unused) {
            return Unexpected{unused.error()};
        }
        filter->rows_max = key->is_before == nullptr && !*unused ? *limit : 0;
        auto environment = open_for_reading(*settings);
        if (!environment) {
            return Unexpected{std::move(environment.error())};
        }
        const bool is_own = filter->source == zone::kOwnSource;
        const auto counts = read_counts(*settings, is_own, key->name == "hits" || *unused, common);
        if (!counts) {
            return Unexpected{counts.error()};
        }
        auto rows = read_rows(*environment, *filter, *counts);
        if (!rows) {
            return Unexpected{std::move(rows.error())};
        }
        if (*unused) {
            std::erase_if(*rows, [&](const Row& row) { return !is_unused(row, **unused); });
            tell_what_is_known(**counts, **unused, common.quiet);
        }
        if (key->is_before != nullptr) {
            std::stable_sort(rows->begin(), rows->end(), key->is_before);
        }
        if (*limit != 0 && rows->size() > *limit) {
            rows->resize(*limit);
        }
        return outcome(*rows, is_own, *counts, common);
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

    Result<std::optional<UnixTime>> unused_before(UnixTime at) const {
        if (!unused_) {
            return std::optional<UnixTime>{};
        }
        const auto unused = parse_duration(*unused_);
        if (!unused) {
            return Unexpected{unused.error()};
        }
        if (unused->forever || source_.value_or("own") != zone::kOwnSource) {
            return wrong_usage(
                "--unused",
                unused->forever ? "needs a time that ends" : "is for own listings alone",
                "as in `ostrakon list --unused 90d`");
        }
        return std::optional{UnixTime{at.seconds - unused->seconds}};
    }

    // Nothing where there are none, or where nobody needs them and they cannot be read.
    static Result<std::optional<hits::Counts>> read_counts(const config::Settings& settings,
                                                           bool is_own, bool is_needed,
                                                           const CommonOptions& common) {
        if (!is_own && !is_needed) {
            return std::optional<hits::Counts>{};
        }
        const std::filesystem::path file = config::hit_file(settings);
        auto counts = hits::read_counts(file);
        if (counts && !*counts && is_needed) {
            return Unexpected{Error{
                ErrorCode::Usage, "read the counts of hits in " + file.string(), "there are none",
                settings.hits.count ? "ostrakond writes them soon after its start"
                                    : "[hits] count is false, so ostrakond counts none"}};
        }
        if (!counts && !is_needed) {
            note(message(counts.error()), common.quiet);
            return std::optional<hits::Counts>{};
        }
        return counts;
    }

    static void tell_what_is_known(const hits::Counts& counts, UnixTime limit, bool is_quiet) {
        if (counts.since > limit) {
            note(fmt::format("hits are counted since {} only: what was asked before that is not "
                             "known",
                             minute_of(counts.since)),
                 is_quiet);
        }
        if (now().seconds - counts.saved.seconds > kCountsOldSeconds) {
            note(fmt::format("ostrakond wrote its counts of hits last at {}: what was asked since "
                             "then is not known",
                             minute_of(counts.saved)),
                 is_quiet);
        }
    }

    static Result<std::vector<Row>> read_rows(store::Environment& environment,
                                              const policy::ListFilter& filter,
                                              const std::optional<hits::Counts>& counts) {
        std::vector<Row> rows;
        const auto read = policy::list(environment, filter, [&](const policy::ListedRow& listed) {
            Row row{listed, 0, {}};
            const hits::Counter* const counter =
                counts ? counts->find(listed.listing.id, listed.listing.subject) : nullptr;
            if (counter != nullptr) {
                row.hits = counter->hits;
                row.last_hit = counter->last;
            }
            rows.push_back(std::move(row));
            return true;
        });
        if (!read) {
            return Unexpected{read.error()};
        }
        return rows;
    }

    static Outcome outcome(const std::vector<Row>& rows, bool is_own,
                           const std::optional<hits::Counts>& counts, const CommonOptions& common) {
        if (common.json) {
            std::vector<policy::ListedRow> listed;
            listed.reserve(rows.size());
            for (const Row& row : rows) {
                listed.push_back(row.listed);
            }
            return Outcome{0, listings_json(listed, counts ? &*counts : nullptr)};
        }
        if (rows.empty()) {
            note("no listing matches", common.quiet);
            return Outcome{};
        }
        const Table table = is_own ? own_table(rows, counts.has_value()) : feed_table(rows);
        return Outcome{0, table.print(output_width(), style_of(STDOUT_FILENO))};
    }

    std::optional<std::string> class_;
    std::optional<std::string> source_;
    std::optional<std::string> under_;
    std::optional<std::string> expiring_;
    std::optional<std::string> sort_;
    std::optional<std::string> unused_;
    std::optional<std::string> limit_;
};

}  // namespace

std::unique_ptr<Command> make_list() {
    return std::make_unique<ListCommand>();
}

}  // namespace ostrakon::tool
