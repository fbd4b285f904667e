// What is said of whole stretches, by which names in between exist or do not.
//
// Two bounds hold it: what some zone answers must not be denied, and where no record lies nothing
// may be claimed. Between them (what has ended and was not tidied up, what only excepts) either is
// right.
#include "comparison.hpp"
#include "model_patterns.hpp"

#include <fmt/format.h>
#include <algorithm>

namespace ostrakon::property {
namespace {

constexpr std::size_t kCutsPerProof = 60;

// Whether any line of a map lets an AS or country reach into a stretch.
template <class A>
bool may_be_in(const Model& model, const net::Origin& origin, net::Range<A> stretch) {
    return std::any_of(model.maps().begin(), model.maps().end(), [&](const auto& map) {
        return std::any_of(map.second.begin(), map.second.end(), [&](const MapLine& line) {
            const auto* range = std::get_if<net::Range<A>>(&line.range);
            return line.origin == origin && range != nullptr && range->overlaps(stretch);
        });
    });
}

template <class A>
Difference compare_stretch(World& world, net::Range<A> stretch,
                           const std::vector<const Record*>& records,
                           const std::vector<Query>& answered) {
    const bool must_be = std::any_of(answered.begin(), answered.end(), [&](const Query& query) {
        const auto* address = std::get_if<A>(&query);
        return address != nullptr && stretch.contains(*address);
    });
    const bool may_be = std::any_of(records.begin(), records.end(), [&](const Record* record) {
        const auto* range = std::get_if<net::Range<A>>(&record->subject);
        const auto* origin = std::get_if<net::Origin>(&record->subject);
        return (range != nullptr && range->overlaps(stretch)) ||
               (origin != nullptr && may_be_in(world.model(), *origin, stretch));
    });
    const bool is = world.judge().is_anything_in(stretch);
    if (is ? may_be : !must_be) {
        return std::nullopt;
    }
    return fmt::format("in {}-{} at {} {}", net::to_string(stretch.first),
                       net::to_string(stretch.last), world.now().seconds,
                       is ? "nothing is recorded, and it is said to hold something"
                          : "something is answered, and it is said to be empty");
}

Difference compare_below(World& world, const dns::Name& name,
                         const std::vector<const Record*>& records,
                         const std::vector<Query>& answered) {
    const std::size_t zone = world.random().below(world.zones().size());
    const bool has_free_patterns =
        std::any_of(records.begin(), records.end(), [](const Record* record) {
            const auto* pattern = std::get_if<pattern::Pattern>(&record->subject);
            return pattern != nullptr && end_of(*pattern).is_root();
        });
    const bool must_be = std::any_of(answered.begin(), answered.end(), [&](const Query& query) {
        const auto* other = std::get_if<dns::Name>(&query);
        return other != nullptr && *other != name && other->is_at_or_below(name) &&
               // These count only where they can answer.
               (!has_free_patterns ||
                (world.zones()[zone].kinds.name &&
                 world.model()
                     .answer(world.settings(), world.zones()[zone], query, world.now())
                     .listed()));
    });
    const bool may_be = std::any_of(records.begin(), records.end(), [&](const Record* record) {
        if (const auto* mail = std::get_if<policy::MailSubject>(&record->subject)) {
            return mail->hash == dns::to_string(name);
        }
        const auto* subject = std::get_if<policy::NameSubject>(&record->subject);
        if (const auto* pattern = std::get_if<pattern::Pattern>(&record->subject)) {
            const dns::Name end = end_of(*pattern);
            return end.is_at_or_below(name) || name.is_at_or_below(end);
        }
        return subject != nullptr &&
               (subject->name.is_at_or_below(name) ||
                (subject->scope != policy::NameScope::Exact && name.is_at_or_below(subject->name)));
    });
    const std::string key = dns::reversed_key(name);
    const verdict::Verdict verdict = world.judge().judge(zone, verdict::NameKey{key}, world.now());
    if (verdict.exists ? may_be : !must_be && !verdict.listed) {
        return std::nullopt;
    }
    return fmt::format("at or below {} at {} {}", dns::to_string(name), world.now().seconds,
                       verdict.exists ? "nothing is recorded, and it is said to exist"
                                      : "something is answered, and it is said not to exist");
}

// A stretch around an address: as queries cut it, at octets or nibbles, or any.
template <class A>
net::Range<A> some_stretch(Random& random, A address) {
    constexpr std::uint64_t kStep = A::kWidth == 32 ? 8 : 4;
    if (random.chance(70)) {
        return net::prefix(address, static_cast<int>(kStep * random.below(A::kWidth / kStep + 1)));
    }
    const int length = static_cast<int>(random.below(A::kWidth + 1));
    return {address, net::prefix(address, length).last};
}

}  // namespace

Difference compare_cuts(World& world, const std::vector<Query>& places,
                        const std::vector<Query>& answered) {
    const auto records = world.model().untidied();
    Random& random = world.random();
    for (std::size_t i = 0; i < kCutsPerProof; ++i) {
        const Query& place = random.pick(places);
        Difference difference;
        if (const auto* v4 = std::get_if<net::Ipv4>(&place)) {
            difference = compare_stretch(world, some_stretch(random, *v4), records, answered);
        } else if (const auto* v6 = std::get_if<net::Ipv6>(&place)) {
            difference = compare_stretch(world, some_stretch(random, *v6), records, answered);
        } else {
            difference = compare_below(world, std::get<dns::Name>(place), records, answered);
        }
        if (difference) {
            return difference;
        }
    }
    return std::nullopt;
}

}  // namespace ostrakon::property
