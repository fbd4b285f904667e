// Why something is listed or not: the reasoning behind one answer, step by step, read from the
// truth.
#pragma once

#include "ostrakon/base/result.hpp"
#include "ostrakon/base/time.hpp"
#include "ostrakon/config/settings.hpp"
#include "ostrakon/policy/subject.hpp"
#include "ostrakon/store/environment.hpp"
#include "ostrakon/store/listing.hpp"
#include "ostrakon/zone/zone.hpp"

#include <string>
#include <vector>

namespace ostrakon::policy {

/// One listing or feed entry that matches the query, and what became of it.
struct ExplainedMatch {
    std::optional<store::ListingId> id;  ///< Own listings only.
    std::string source;                  ///< "own" or the feed's name (NAME/LABEL for a data set).
    std::string listing_class;
    std::string subject;
    std::string reason;
    std::string map;      ///< The map that says so of an AS or country; else empty.
    bool won = false;     ///< It answers in at least one zone.
    std::string because;  ///< One sentence.
};

struct ExplainedZone {
    std::string zone;
    bool listed = false;
    bool is_allow_zone = false;
    std::vector<net::Ipv4> codes;
    std::vector<std::string> text;
    std::uint32_t ttl_s = 0;
};

/// What a map says of an address.
struct ExplainedOrigin {
    std::string subject;  ///< "AS64500", "country:DE".
    std::string map;
    UnixTime date;  ///< The map's.
};

struct Explanation {
    bool listed = false;  ///< In any zone that is not an allow zone.
    std::vector<ExplainedZone> zones;
    std::vector<ExplainedMatch> matches;   ///< Most specific first.
    std::vector<ExplainedOrigin> origins;  ///< Of an address, by the maps of today.
    std::vector<std::string> notes;        ///< For people: what is not known of a past date, what
                                           ///< no list changes.
};

/// `subject` is one address, name or mail address (a range of one, a name with scope Exact).
/// `query` is what {query} stands for.
Result<Explanation> explain(store::Environment& environment, const config::Settings& settings,
                            const std::vector<zone::Zone>& zones, const Subject& subject,
                            std::string_view query, UnixTime at);

}  // namespace ostrakon::policy
