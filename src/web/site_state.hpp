// What all pages share, and what one visit is.
#pragma once

#include "allowance.hpp"
#include "form_tokens.hpp"
#include "ostrakon/http/message.hpp"
#include "ostrakon/http/target.hpp"
#include "ostrakon/lookup/query_subject.hpp"
#include "ostrakon/policy/explain.hpp"
#include "ostrakon/web/site.hpp"
#include "readable_database.hpp"
#include "status_map.hpp"

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

namespace ostrakon::web {

/// A network may look up two a second, a burst of 60; file five requests, and one more every ten
/// minutes; have a server looked into three times, and once more every five minutes.
inline constexpr Allowance::Rate kLookupRate{60, 1};
inline constexpr Allowance::Rate kFilingRate{5, 600};
inline constexpr Allowance::Rate kCheckRate{3, 300};
/// Servers that are looked into at once: each holds a thread for many seconds.
inline constexpr int kChecksAtOnceMax = 2;

struct StatusReport;

struct Site::State {
    explicit State(SiteOptions given)
        : options(std::move(given)),
          owned(options.database ? options.database
                                 : std::make_shared<ReadableDatabase>(options.settings.database)),
          database(*owned),
          map([this] { return draw_listed(database, options.settings); }) {}

    SiteOptions options;
    std::shared_ptr<ReadableDatabase> owned;
    ReadableDatabase& database;
    FormTokens tokens;
    Allowance lookups{kLookupRate};
    Allowance filings{kFilingRate};
    Allowance checks{kCheckRate};
    std::atomic<int> checks_running{0};
    Markup policy;                           ///< Made of the Markdown once.
    std::map<std::string, Markup> policies;  ///< The same in other languages, by their codes.
    StatusMap map;                           ///< Draws from `database`, and goes before it.
    std::mutex report_mutex;
    std::shared_ptr<const StatusReport> report;  ///< The latest that was gathered.
    std::string prefix;                          ///< The path of [web] url: "" or "/bl".
    std::string host;                            ///< Its name: "bl.example.org".
};

/// One request on its way to an answer.
struct Visit {
    Site::State& site;
    const http::Request& request;
    const Language& language;
    std::optional<net::Address> client;  ///< Whom a proxy names, if one of ours is before us.
    std::string path;                    ///< Without the prefix of the site.
    UnixTime now;
    std::string kept = {};  ///< "lang=es" where the visitor has chosen, for the links of the page.

    Markup say(std::string_view key, Places places = {}) const { return language.say(key, places); }
    /// An address within the site: "/policy" as the browser has to ask for it.
    std::string place(std::string_view to) const { return site.prefix + std::string(to); }
    /// The same for a page, in the language that the visitor has chosen.
    std::string link(std::string_view to) const {
        const char* const joint = to.find('?') == std::string_view::npos ? "?" : "&";
        return kept.empty() ? place(to) : place(to) + joint + kept;
    }
    /// "/why/…" of what was asked.
    std::string why_link(std::string_view query) const {
        return link("/why/" + http::encode_percent(query));
    }
};

/// What the database says of a query, with what a page needs to know of its listings.
struct Finding {
    lookup::QuerySubject query;
    policy::Explanation explanation;
    /// Own listings that answer, by their ids.
    std::vector<store::Listing> listings;

    const store::Listing* listing(store::ListingId id) const;
};
/// Errors: Usage (it is no query), Store.
Result<Finding> find_out(const Visit& visit, const std::string& query);

}  // namespace ostrakon::web
