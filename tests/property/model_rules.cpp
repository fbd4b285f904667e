// The rules of an answer, word for word: which listing answers, with which code, TTL and text.
#include "model.hpp"
#include "model_patterns.hpp"

#include "ostrakon/zone/listing_class.hpp"

#include <algorithm>

namespace ostrakon::property {
namespace {

template <class A>
bool range_holds(const policy::Subject& subject, A address) {
    const auto* range = std::get_if<net::Range<A>>(&subject);
    return range != nullptr && range->first <= address && address <= range->last;
}

bool name_holds(const policy::NameSubject& subject, const dns::Name& name) {
    switch (subject.scope) {
        case policy::NameScope::Exact:
            return name == subject.name;
        case policy::NameScope::Below:
            return name != subject.name && name.is_at_or_below(subject.name);
        case policy::NameScope::Tree:
            return name.is_at_or_below(subject.name);
        case policy::NameScope::Pattern:  // is no subject's
            break;
    }
    return false;
}

// How specific a subject is: the smaller, the more. Addresses: the fewer the more, then AS, then
// countries; names: "=name", then the more labels the more
// (of a pattern, those at its end that it leaves no choice in), then regular expressions.
using Size = std::pair<int, net::Uint128>;
Size size_of(const policy::Subject& subject) {
    if (const auto* v4 = std::get_if<net::Ipv4Range>(&subject)) {
        return {0, v4->last.bits - v4->first.bits};
    }
    if (const auto* v6 = std::get_if<net::Ipv6Range>(&subject)) {
        return {0, v6->last.bits - v6->first.bits};
    }
    if (const auto* origin = std::get_if<net::Origin>(&subject)) {
        return {origin->kind == net::OriginKind::As ? 1 : 2, 0};
    }
    if (std::holds_alternative<policy::MailSubject>(subject)) {
        return {0, 0};
    }
    constexpr std::size_t kLabelsNone = 500;
    if (const auto* pattern = std::get_if<pattern::Pattern>(&subject)) {
        const bool is_regex = pattern->text.front() == '/';
        return {0, is_regex ? kLabelsNone + 1 : kLabelsNone - end_of(*pattern).label_count()};
    }
    const auto& name = std::get<policy::NameSubject>(subject);
    return {0, name.scope == policy::NameScope::Exact ? 0 : kLabelsNone - name.name.label_count()};
}

template <class A>
bool any_holds(const std::vector<net::Range<A>>& ranges, A address) {
    return std::any_of(ranges.begin(), ranges.end(), [&](const net::Range<A>& range) {
        return range.first <= address && address <= range.last;
    });
}

bool takes_source(const zone::Zone& zone, const std::string& source) {
    bool is_named = false;
    for (const zone::SourcePattern& pattern : zone.sources) {
        const bool is_meant = pattern.name == source || (pattern.name == "*" && source != "own");
        if (is_meant && pattern.excluded) {
            return false;
        }
        is_named = is_named || is_meant;
    }
    return is_named;
}

bool takes_class(const zone::Zone& zone, const std::string& listing_class) {
    return std::any_of(zone.classes.begin(), zone.classes.end(), [&](const std::string& taken) {
        return taken == "*" ? listing_class != "allow" : taken == listing_class;
    });
}

// A record that answers, with where it comes from.
struct Winner {
    const Record* record;
    std::string source;
    std::string listing_class;
    std::optional<net::Ipv4> feed_code;
};

net::Ipv4 code_of(const config::Settings& settings, const zone::Zone& zone, const Winner& winner) {
    const bool is_feed = winner.source != "own";
    if (const auto of_feed = zone.codes.find(winner.source);
        is_feed && of_feed != zone.codes.end()) {
        return of_feed->second;
    }
    if (winner.record->code) {
        return *winner.record->code;
    }
    if (winner.feed_code) {
        return *winner.feed_code;
    }
    if (const auto of_class = zone.codes.find(winner.listing_class); of_class != zone.codes.end()) {
        return of_class->second;
    }
    if (const auto of_site = settings.classes.find(winner.listing_class);
        of_site != settings.classes.end()) {
        return of_site->second;
    }
    return zone::built_in_code(winner.listing_class).value_or(net::Ipv4{});
}

// The templates of the test zones are made of the whole set of values, each after its name, so that
// there is nothing to expand here.
std::string text_of(const zone::Zone& zone, const Query& query, const Winner& winner) {
    const Record& record = *winner.record;
    std::string kind = "rest";
    if (zone.texts.contains(winner.source)) {
        kind = winner.source;
    } else if (zone.texts.contains(winner.listing_class)) {
        kind = winner.listing_class;
    }
    const bool is_mail = std::holds_alternative<policy::MailSubject>(record.subject);
    return kind + ":" + (is_mail ? "this address" : policy::to_string(record.subject)) + "|" +
           to_string(query) + "|" + winner.listing_class + "|" + winner.source + "|" + zone.name +
           "|" + record.reason + "|" + (record.since ? ostrakon::to_string(*record.since) : "") +
           "|" + (record.until ? ostrakon::to_string(*record.until) : "");
}

}  // namespace

bool is_for_mail(const Query& query) {
    const auto* name = std::get_if<dns::Name>(&query);
    return name != nullptr && name->label_count() == 1 &&
           dns::to_string(*name).find_first_not_of("0123456789abcdef") == std::string::npos &&
           dns::to_string(*name).size() == 40;
}

std::string to_string(const Query& query) {
    if (const auto* v4 = std::get_if<net::Ipv4>(&query)) {
        return net::to_string(*v4);
    }
    if (const auto* v6 = std::get_if<net::Ipv6>(&query)) {
        return net::to_string(*v6);
    }
    return dns::to_string(std::get<dns::Name>(query));
}

bool is_never(const config::ProtectSettings& protect, const Query& query) {
    if (const auto* v4 = std::get_if<net::Ipv4>(&query)) {
        return any_holds(protect.never_ipv4, *v4);
    }
    if (const auto* v6 = std::get_if<net::Ipv6>(&query)) {
        return any_holds(protect.never_ipv6, *v6);
    }
    const auto& name = std::get<dns::Name>(query);
    return std::any_of(protect.never_names.begin(), protect.never_names.end(),
                       [&](const dns::Name& held) { return name.is_at_or_below(held); });
}

bool FeedRecords::is_served(UnixTime now) const {
    if (!is_configured && !is_local) {
        return false;
    }
    return !max_age_s || (last_success && now.seconds <= last_success->seconds + *max_age_s);
}

bool Model::holds(const policy::Subject& subject, const Query& query) const {
    if (const auto* origin = std::get_if<net::Origin>(&subject)) {
        return number_of(origin->kind, query) == origin->number;
    }
    if (const auto* v4 = std::get_if<net::Ipv4>(&query)) {
        return range_holds(subject, *v4);
    }
    if (const auto* v6 = std::get_if<net::Ipv6>(&query)) {
        return range_holds(subject, *v6);
    }
    if (is_for_mail(query)) {
        const auto* mail = std::get_if<policy::MailSubject>(&subject);
        return mail != nullptr && mail->hash == to_string(query);
    }
    if (const auto* pattern = std::get_if<pattern::Pattern>(&subject)) {
        return pattern_holds(*pattern, std::get<dns::Name>(query));
    }
    const auto* name = std::get_if<policy::NameSubject>(&subject);
    return name != nullptr && name_holds(*name, std::get<dns::Name>(query));
}

// The entries of a feed that count for the query: the most specific ones, or none where an
// exception is among them.
std::vector<const Record*> Model::counting(const FeedRecords& feed, const Query& query,
                                           UnixTime now) const {
    std::vector<const Record*> best;
    for (const Record& record : feed.records) {
        if (record.has_ended(now) || !holds(record.subject, query)) {
            continue;
        }
        if (!best.empty() && size_of(record.subject) > size_of(best.front()->subject)) {
            continue;
        }
        if (!best.empty() && size_of(record.subject) < size_of(best.front()->subject)) {
            best.clear();
        }
        best.push_back(&record);
    }
    const bool is_excepted = std::any_of(
        best.begin(), best.end(), [&](const Record* record) { return feed.is_exception(*record); });
    return is_excepted ? std::vector<const Record*>{} : best;
}

Answer Model::answer(const config::Settings& settings, const zone::Zone& zone, const Query& query,
                     UnixTime now) const {
    const bool is_allow_zone = zone.is_allow_zone();
    const bool never = !is_allow_zone && is_never(settings.protect, query);
    std::vector<const Record*> bans;
    std::vector<const Record*> allows;
    for (const OwnRecord& own : own_) {
        if (own.is_in_force(now) && holds(own.record.subject, query)) {
            (own.is_allow() ? allows : bans).push_back(&own.record);
        }
    }
    const auto narrower = [](const Record* a, const Record* b) {
        return size_of(a->subject) < size_of(b->subject);
    };
    std::vector<Winner> winners;
    if (takes_source(zone, "own")) {
        for (const Record* ban : bans) {
            const bool is_allowed =
                std::any_of(allows.begin(), allows.end(),
                            [&](const Record* allow) { return !narrower(ban, allow); });
            if (!is_allowed && (!never || ban->overrides_never)) {
                winners.push_back({ban, "own", ban->listing_class, std::nullopt});
            }
        }
        for (const Record* allow : allows) {
            const bool is_banned = std::any_of(
                bans.begin(), bans.end(), [&](const Record* ban) { return narrower(ban, allow); });
            if (!is_banned) {
                winners.push_back({allow, "own", "allow", std::nullopt});
            }
        }
    }
    const bool feeds_are_silent = is_allow_zone ? !bans.empty() : never || !allows.empty();
    bool is_silenced_by_feed = false;
    for (const auto& [name, feed] : feeds_) {
        is_silenced_by_feed = is_silenced_by_feed ||
                              (!is_allow_zone && feed.is_allow() && feed.is_served(now) &&
                               takes_source(zone, name) && !counting(feed, query, now).empty());
    }
    for (const auto& [name, feed] : feeds_) {
        const bool is_silent = feeds_are_silent || (is_silenced_by_feed && !feed.is_allow());
        if (is_silent || !feed.is_served(now) || !takes_source(zone, name)) {
            continue;
        }
        for (const Record* record : counting(feed, query, now)) {
            winners.push_back({record, name, feed.class_of(*record), feed.code});
        }
    }
    Answer answer;
    std::int64_t ttl = zone.ttl_s;
    for (const Winner& winner : winners) {
        if (!takes_class(zone, winner.listing_class)) {
            continue;
        }
        answer.codes.insert(code_of(settings, zone, winner));
        answer.texts.insert(text_of(zone, query, winner));
        if (winner.record->until) {
            ttl = std::min(ttl, winner.record->until->seconds - now.seconds);
        }
    }
    answer.ttl_s = static_cast<std::uint32_t>(std::max<std::int64_t>(1, ttl));
    return answer;
}

}  // namespace ostrakon::property
