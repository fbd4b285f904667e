// Whether `why` says what is answered, now and for a date that has passed.
#include "comparison.hpp"

#include "ostrakon/policy/explain.hpp"

#include <fmt/format.h>
#include <algorithm>

namespace ostrakon::property {
namespace {

constexpr std::size_t kExplanationsPerProof = 30;
constexpr std::size_t kPastPlacesPerProof = 15;
constexpr std::size_t kPastComparisons = 40;
constexpr std::size_t kOwnZones[] = {1, 9};  // those of test_zones() that serve only "own"

policy::Subject subject_of(const Query& query) {
    if (const auto* v4 = std::get_if<net::Ipv4>(&query)) {
        return net::Ipv4Range{*v4, *v4};
    }
    if (const auto* v6 = std::get_if<net::Ipv6>(&query)) {
        return net::Ipv6Range{*v6, *v6};
    }
    if (is_for_mail(query)) {
        return policy::mail_of_hash(to_string(query));
    }
    return policy::NameSubject{std::get<dns::Name>(query), policy::NameScope::Exact};
}

// What no list changes is for those who spell answers, not for the judge.
bool is_fixed(const Query& query) {
    const std::string text = to_string(query);
    return text == "127.0.0.1" || text == "invalid";
}

bool is_asked(const zone::Zone& zone, const Query& query) {
    if (is_for_mail(query)) {
        return zone.kinds.mail;
    }
    return std::holds_alternative<dns::Name>(query) ? zone.kinds.name : zone.kinds.ip;
}

Answer answer_of(const policy::ExplainedZone& zone) {
    Answer answer;
    answer.codes = {zone.codes.begin(), zone.codes.end()};
    answer.ttl_s = zone.ttl_s;
    answer.texts = {zone.text.begin(), zone.text.end()};
    return answer;
}

Difference compare_explanation(World& world, const Query& query) {
    const auto explained = policy::explain(world.environment(), world.settings(), world.zones(),
                                           subject_of(query), to_string(query), world.now());
    if (!explained) {
        return message(explained.error());
    }
    bool is_blocked = false;
    for (std::size_t zone = 0; zone < world.zones().size(); ++zone) {
        const Answer expected =
            is_asked(world.zones()[zone], query) ? judged(world, zone, query) : Answer{};
        const Answer found = answer_of(explained->zones.at(zone));
        is_blocked = is_blocked || (expected.listed() && !world.zones()[zone].is_allow_zone());
        if (!are_same(expected, found) || explained->zones[zone].listed != expected.listed()) {
            return fmt::format("{} in {} at {}\n    by the judge: {}\n    by why: {}",
                               to_string(query), world.zones()[zone].name, world.now().seconds,
                               in_words(expected), in_words(found));
        }
    }
    const bool is_any_won =
        std::any_of(explained->matches.begin(), explained->matches.end(),
                    [](const policy::ExplainedMatch& match) { return match.won; });
    const bool is_any_listed =
        std::any_of(explained->zones.begin(), explained->zones.end(),
                    [](const policy::ExplainedZone& zone) { return zone.listed; });
    if (explained->listed != is_blocked || is_any_won != is_any_listed) {
        return fmt::format("{} at {}: why says listed {}, {} win(s)", to_string(query),
                           world.now().seconds, explained->listed, is_any_won ? "a match" : "none");
    }
    return std::nullopt;
}

}  // namespace

Difference compare_explanations(World& world, const std::vector<Query>& places) {
    for (std::size_t i = 0; i < kExplanationsPerProof; ++i) {
        const Query& query = world.random().pick(places);
        if (is_fixed(query)) {
            continue;
        }
        if (auto difference = compare_explanation(world, query)) {
            return difference;
        }
    }
    return std::nullopt;
}

void PastAnswers::remember(World& world, const std::vector<Query>& places) {
    std::vector<Place>& now = places_[world.now()];
    for (std::size_t i = 0; i < kPastPlacesPerProof; ++i) {
        const Query& query = world.random().pick(places);
        if (is_fixed(query)) {
            continue;
        }
        for (const std::size_t zone : kOwnZones) {
            now.push_back({query, zone, judged(world, zone, query)});
        }
    }
}

Difference PastAnswers::compare(World& world) const {
    for (std::size_t i = 0; i < kPastComparisons && !places_.empty(); ++i) {
        auto at = places_.begin();
        std::advance(at, static_cast<std::ptrdiff_t>(world.random().below(places_.size())));
        if (at->second.empty()) {
            continue;
        }
        const Place& place = world.random().pick(at->second);
        const auto explained =
            policy::explain(world.environment(), world.settings(), {world.zones()[place.zone]},
                            subject_of(place.query), to_string(place.query), at->first);
        if (!explained) {
            return message(explained.error());
        }
        const Answer found = answer_of(explained->zones.at(0));
        if (found.codes != place.answer.codes) {
            return fmt::format("{} in {} at {}\n    answered then: {}\n    by why --at: {}",
                               to_string(place.query), world.zones()[place.zone].name,
                               at->first.seconds, in_words(place.answer), in_words(found));
        }
    }
    return std::nullopt;
}

}  // namespace ostrakon::property
