#include "ostrakon/policy/explain.hpp"

#include "explain_origins.hpp"
#include "explain_patterns.hpp"
#include "explain_test_points.hpp"
#include "ostrakon/policy/answer_text.hpp"
#include "ostrakon/policy/catalogue.hpp"
#include "ostrakon/policy/guard.hpp"
#include "ostrakon/policy/listings.hpp"
#include "ostrakon/policy/rules.hpp"
#include "ostrakon/policy/unknown_tld.hpp"
#include "ostrakon/policy/values.hpp"
#include "ostrakon/zone/listing_class.hpp"
#include "past.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <memory>

namespace ostrakon::policy {
namespace {

// Everything that holds the subject, in whatever source, and what each zone makes of it.
struct Inquiry {
    const store::Transaction& transaction;
    const Catalogue& catalogue;
    const config::Settings& settings;
    std::string key;  // of a name or mail address
    std::optional<net::Address> address;
    std::string_view query;
    UnixTime at;
    bool is_mail = false;
    bool is_never = false;
    std::string dynamic_reason = {};  // of the name, by the rules of dynamic-names
    std::string tld_reason = {};      // and by those of unknown-tld
    std::unique_ptr<MatchList> found = std::make_unique<MatchList>();
    std::vector<SetItem> items = {};
    std::vector<std::vector<Outcome>> outcomes = {};  // per zone, per match

    // Borrows all of them.
    TextContext text_context(const zone::Zone& zone, const ZoneRules& rules) const {
        return {zone, rules, catalogue, transaction, settings.web.url, query, key, address};
    }
};

void find_in_layer(Inquiry& inquiry, const Subject& subject, LayerId layer) {
    if (const auto* v4 = std::get_if<net::Ipv4Range>(&subject)) {
        find_matches(inquiry.transaction, inquiry.catalogue, layer, v4->first, *inquiry.found);
    } else if (const auto* v6 = std::get_if<net::Ipv6Range>(&subject)) {
        find_matches(inquiry.transaction, inquiry.catalogue, layer, v6->first, *inquiry.found);
    } else if (inquiry.is_mail) {
        store::Cursor entries{inquiry.transaction, store::Table::EntriesName};
        find_mail_matches(entries, inquiry.transaction, inquiry.catalogue, layer, inquiry.key,
                          *inquiry.found);
    } else {
        find_matches(inquiry.transaction, inquiry.catalogue, layer, inquiry.key, *inquiry.found);
    }
}

// What feeds said before a change, out of the journal. Subjects and reasons of then are not kept: a
// match has value 0.
void find_feeds_before(Inquiry& inquiry, const Subject& subject, const store::Change& change,
                       Explanation& explanation) {
    const auto set = set_before(inquiry.transaction, subject, change);
    if (!set) {
        explanation.notes.emplace_back(
            "the journal does not reach back to this date: feeds are left out");
        return;
    }
    for (std::size_t i = 0; i < set->size() / kSetItemSize; ++i) {
        Match match;
        match.item = load_set_item(*set, i);
        match.breadth = match.item.rank;
        if (match.item.layer != kOwnLayer) {
            inquiry.found->add(match);
        }
    }
}

void find_all(Inquiry& inquiry, const Subject& subject, Explanation& explanation) {
    if (const auto change = first_change_after(inquiry.transaction, inquiry.at)) {
        if (!find_own_matches_at(inquiry.transaction, inquiry.catalogue, subject, inquiry.at,
                                 *change, *inquiry.found)) {
            explanation.notes.emplace_back(
                "what later changes overwrote is not kept back to this date: own decisions that "
                "were updated since are taken as they are now");
        }
        find_feeds_before(inquiry, subject, *change, explanation);
    } else {
        for (const Layer& layer : inquiry.catalogue.layers()) {
            find_in_layer(inquiry, subject, layer.id);
            if (layer.id == kOwnLayer && !inquiry.key.empty() && !inquiry.is_mail) {
                find_free_patterns(inquiry.transaction, inquiry.catalogue, inquiry.key,
                                   *inquiry.found);
            }
        }
    }
    if (!inquiry.dynamic_reason.empty()) {
        inquiry.found->add(dynamic_match(inquiry.catalogue, inquiry.key, inquiry.dynamic_reason));
    }
    if (!inquiry.tld_reason.empty()) {
        inquiry.found->add(unknown_tld_match(inquiry.catalogue, inquiry.key, inquiry.tld_reason));
    }
    inquiry.found->rank();
    for (const Match& match : inquiry.found->matches()) {
        inquiry.items.push_back(match.item);
    }
}

bool is_retired(const zone::Zone& zone, UnixTime at) {
    return zone.retired && *zone.retired <= at;
}

bool serves_kind(const Inquiry& inquiry, const zone::Zone& zone) {
    if (is_retired(zone, inquiry.at)) {
        return false;
    }
    if (inquiry.is_mail) {
        return zone.kinds.mail;
    }
    return inquiry.key.empty() ? zone.kinds.ip : zone.kinds.name;
}

ExplainedZone explain_zone(Inquiry& inquiry, const zone::Zone& zone) {
    const ZoneRules rules{zone, inquiry.catalogue, inquiry.settings.classes};
    std::vector<Outcome>& outcomes =
        inquiry.outcomes.emplace_back(inquiry.items.size(), Outcome::KindNotServed);
    if (serves_kind(inquiry, zone)) {
        apply_rules(rules, inquiry.items, inquiry.is_never, inquiry.at, outcomes);
    }
    ExplainedZone explained;
    explained.zone = zone.name;
    explained.is_allow_zone = zone.is_allow_zone();
    std::int64_t ttl = zone.ttl_s;
    const TextContext context = inquiry.text_context(zone, rules);
    for (std::size_t i = 0; i < inquiry.items.size(); ++i) {
        if (outcomes[i] != Outcome::Answers) {
            continue;
        }
        const SetItem& item = inquiry.items[i];
        const net::Ipv4 code = rules.code_of(item);
        if (std::find(explained.codes.begin(), explained.codes.end(), code) ==
            explained.codes.end()) {
            explained.codes.push_back(code);
        }
        ttl = item.end == 0 ? ttl : std::min(ttl, item.end - inquiry.at.seconds);
        if (inquiry.found->matches()[i].is_of_the_past()) {
            continue;  // out of the journal, which keeps no texts
        }
        std::string text(zone::kTextSizeMax, '\0');
        text.resize(write_text(context, inquiry.found->matches()[i], text));
        if (!text.empty() &&
            std::find(explained.text.begin(), explained.text.end(), text) == explained.text.end()) {
            explained.text.push_back(std::move(text));
        }
    }
    std::sort(explained.codes.begin(), explained.codes.end());
    explained.listed = !explained.codes.empty();
    explained.ttl_s =
        explained.listed ? static_cast<std::uint32_t>(std::max<std::int64_t>(1, ttl)) : 0;
    return explained;
}

std::string_view in_words(Outcome outcome) {
    switch (outcome) {
        case Outcome::Answers:
            return "it answers";
        case Outcome::Ended:
            return "it has ended";
        case Outcome::SourceNotServed:
            return "the zone does not serve its source, or the feed is no longer fresh or "
                   "configured";
        case Outcome::ClassNotServed:
            return "the zone does not serve its class";
        case Outcome::Excepts:
            return "it is an exception: it silences others and never answers";
        case Outcome::SilencedByAllow:
            return "an own allow silences it";
        case Outcome::SilencedByFeed:
            return "a feed of class allow silences it";
        case Outcome::LessSpecific:
            return "a more specific entry of the same source counts in its place";
        case Outcome::Excepted:
            return "an exception of the same source silences it";
        case Outcome::Never:
            return "[protect] never holds it";
        case Outcome::SilencedByBan:
            return "an own ban silences it in a zone of allows";
        case Outcome::KindNotServed:
            return "the zone answers no questions of this kind";
    }
    return "";
}

// One sentence: what became of the match in each zone, zones of one fate together.
std::string because(const Inquiry& inquiry, const std::vector<ExplainedZone>& zones,
                    std::size_t match) {
    std::string text;
    std::vector<bool> said(zones.size());
    for (std::size_t i = 0; i < zones.size(); ++i) {
        if (said[i]) {
            continue;
        }
        std::string where;
        for (std::size_t j = i; j < zones.size(); ++j) {
            if (inquiry.outcomes[j][match] == inquiry.outcomes[i][match]) {
                where += (where.empty() ? "" : ", ") + zones[j].zone;
                said[j] = true;
            }
        }
        text += fmt::format("{}{} ({})", text.empty() ? "" : "; ",
                            in_words(inquiry.outcomes[i][match]), where);
    }
    return text;
}

// Whoever asks for reasons here may read mail addresses.
std::string subject_of(const Inquiry& inquiry, const TextContext& context, const Match& match) {
    if (match.is_mail && match.item.layer == kOwnLayer) {
        const auto listing = view_own_listing(inquiry.transaction, match.value);
        return listing ? std::string{listing->subject} : std::string{};
    }
    if (match.is_mail) {
        return to_string(
            Subject{MailSubject{inquiry.key.substr(1), std::string{match.mail_address}}});
    }
    std::string subject(zone::kTextSizeMax + 300, '\0');
    subject.resize(write_subject(context, match, subject));
    return subject;
}

ExplainedMatch explain_match(const Inquiry& inquiry, const zone::Zone& zone, std::size_t i) {
    const Match& match = inquiry.found->matches()[i];
    const ZoneRules rules{zone, inquiry.catalogue, inquiry.settings.classes};
    const TextContext context = inquiry.text_context(zone, rules);
    ExplainedMatch explained;
    const Layer* layer = inquiry.catalogue.layer(match.item.layer);
    explained.source = layer->label.empty() ? layer->feed : layer->feed + "/" + layer->label;
    if (match.is_of_the_past()) {
        const Feed* feed = inquiry.catalogue.feed_of(match.item.layer);
        explained.listing_class =
            match.item.listing_class != kFeedsClass || feed == nullptr
                ? std::string{inquiry.catalogue.class_name(match.item.listing_class)}
                : feed->listing_class;
        return explained;
    }
    const std::string subject = subject_of(inquiry, context, match);
    explained.subject = (match.item.is_exception ? "!" : "") + subject;
    if (const Map* map = match.origin ? inquiry.catalogue.map(match.map) : nullptr) {
        explained.map = map->name;
    }
    if (match.item.layer >= kBuiltInLayerFirst) {
        explained.listing_class = inquiry.catalogue.class_name(match.item.listing_class);
        explained.reason = match.reason;
    } else if (match.item.layer == kOwnLayer) {
        explained.id = match.value;
        if (const auto listing = view_own_listing(inquiry.transaction, match.value)) {
            explained.listing_class = listing->listing_class;
            explained.reason = listing->reason;
        }
    } else if (const auto value = read_value(inquiry.transaction, match.value)) {
        const Feed* feed = inquiry.catalogue.feed_of(match.item.layer);
        explained.listing_class =
            value->listing_class != kFeedsClass
                ? std::string{inquiry.catalogue.class_name(value->listing_class)}
                : (feed == nullptr ? std::string{} : feed->listing_class);
        std::string reason(2 * zone::kTextSizeMax, '\0');
        reason.resize(write_filled(context, match, value->text, reason));
        explained.reason = std::move(reason);
    }
    return explained;
}

bool is_single(const Subject& subject) {
    if (const auto* v4 = std::get_if<net::Ipv4Range>(&subject)) {
        return v4->first == v4->last;
    }
    if (const auto* v6 = std::get_if<net::Ipv6Range>(&subject)) {
        return v6->first == v6->last;
    }
    const auto* name = std::get_if<NameSubject>(&subject);
    return std::holds_alternative<MailSubject>(subject) ||
           (name != nullptr && name->scope == NameScope::Exact);
}

}  // namespace

Result<Explanation> explain(store::Environment& environment, const config::Settings& settings,
                            const std::vector<zone::Zone>& zones, const Subject& subject,
                            std::string_view query, UnixTime at) {
    if (!is_single(subject)) {
        return Unexpected{Error{ErrorCode::Usage, "explain " + to_string(subject),
                                "is more than one address or name",
                                "ask about one, as in 192.0.2.7 or mail.example.com"}};
    }
    auto snapshot = store::Snapshot::begin(environment);
    if (!snapshot) {
        return Unexpected{snapshot.error()};
    }
    const Catalogue catalogue = Catalogue::load(*snapshot);
    Explanation explanation;
    Inquiry inquiry{.transaction = *snapshot,
                    .catalogue = catalogue,
                    .settings = settings,
                    .key = {},
                    .address = {},
                    .query = query,
                    .at = at,
                    .is_never = never_overlap(settings.protect, subject) == NeverOverlap::Wholly};
    if (const auto* name = std::get_if<NameSubject>(&subject)) {
        inquiry.key = dns::reversed_key(name->name);
        auto reason = dynamic_reason(settings, zones, inquiry.key);
        if (!reason) {
            return Unexpected{std::move(reason.error())};
        }
        inquiry.dynamic_reason = std::move(*reason);
        auto of_tld = unknown_tld_reason(settings, zones, inquiry.key, at, explanation.notes);
        if (!of_tld) {
            return Unexpected{std::move(of_tld.error())};
        }
        inquiry.tld_reason = std::move(*of_tld);
    } else if (const auto* mail = std::get_if<MailSubject>(&subject)) {
        inquiry.key = mail_key(mail->hash);
        inquiry.is_mail = true;
    } else if (const auto* v4 = std::get_if<net::Ipv4Range>(&subject)) {
        inquiry.address = v4->first;
    } else {
        inquiry.address = std::get<net::Ipv6Range>(subject).first;
    }
    if (inquiry.address) {
        explanation.origins = explain_origins(*snapshot, catalogue, *inquiry.address);
        note_younger_maps(*snapshot, catalogue, *inquiry.address, at, explanation.notes);
    }
    const bool is_test = is_test_point(subject);
    if (is_test) {
        explanation.notes.emplace_back(
            "a test point: every zone lists it, so that clients can tell whether the list works "
            "(RFC 5782)");
    } else if (is_never_listed(subject)) {
        explanation.notes.emplace_back(
            "no zone ever lists it, so that clients can tell whether the list works (RFC 5782)");
    } else {
        find_all(inquiry, subject, explanation);
    }
    for (const zone::Zone& zone : zones) {
        const bool is_listed_test = is_test && !is_retired(zone, at);
        explanation.zones.push_back(is_listed_test ? explain_test_point(zone, settings, subject)
                                                   : explain_zone(inquiry, zone));
        if (is_retired(zone, at)) {
            explanation.notes.push_back(fmt::format("{} is retired since {}: it lists nothing",
                                                    zone.name, to_string(*zone.retired)));
        }
        explanation.listed = explanation.listed || (explanation.zones.back().listed &&
                                                    !explanation.zones.back().is_allow_zone);
    }
    const auto matches = inquiry.found->matches();
    for (std::size_t i = 0; i < matches.size() && !zones.empty(); ++i) {
        ExplainedMatch match = explain_match(inquiry, zones.front(), i);
        for (const std::vector<Outcome>& outcomes : inquiry.outcomes) {
            match.won = match.won || outcomes[i] == Outcome::Answers;
        }
        match.because = because(inquiry, explanation.zones, i);
        explanation.matches.push_back(std::move(match));
    }
    if (snapshot->is_broken()) {
        return Unexpected{snapshot->failure()};
    }
    return explanation;
}

}  // namespace ostrakon::policy
