// What a ban costs: strikes and what follows from them, of every decision that was ever made.
#include "comparison.hpp"

#include "ostrakon/policy/inspect.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <set>
#include <vector>

namespace ostrakon::property {
namespace {

std::string in_words(const policy::Subject& subject, const std::string& listing_class,
                     std::optional<net::Ipv4> code, UnixTime since, std::string_view standing,
                     std::uint32_t strikes, std::optional<UnixTime> earliest_lift) {
    return fmt::format("{} {} code {} since {}: {}, strikes {}, no lift before {}",
                       policy::to_string(subject), listing_class, code ? code->bits : 0,
                       since.seconds, standing, strikes,
                       earliest_lift ? earliest_lift->seconds : 0);
}

std::string_view standing_of(const OwnRecord& own, UnixTime now) {
    switch (own.standing) {
        case Standing::Warning:
            return "warning";
        case Standing::Undone:
            return "undone";
        case Standing::Active:
        case Standing::Ended:
            break;
    }
    return own.is_in_force(now) ? "in force" : "ended";
}

std::string_view standing_of(const store::Listing& listing, UnixTime now) {
    if (listing.state == store::ListingState::Warning) {
        return "warning";
    }
    if (listing.state == store::ListingState::Undone) {
        return "undone";
    }
    return listing.is_in_force(now) ? "in force" : "ended";
}

// What was undone keeps the strikes that it had: they say nothing any more.
std::uint32_t told_strikes(std::string_view standing, std::uint32_t strikes) {
    return standing == "undone" ? 0 : strikes;
}

}  // namespace

Difference compare_strikes(World& world) {
    std::vector<std::string> expected;
    std::set<std::string> subjects;
    for (const OwnRecord& own : world.model().own()) {
        const auto standing = standing_of(own, world.now());
        expected.push_back(in_words(own.record.subject, own.record.listing_class, own.record.code,
                                    *own.record.since, standing,
                                    told_strikes(standing, own.strikes),
                                    standing == "undone" ? std::nullopt : own.earliest_lift));
        subjects.insert(policy::to_string(own.record.subject));
    }
    std::vector<std::string> found;
    for (const std::string& text : subjects) {
        const auto subject = policy::parse_subject(text);
        const auto listings = policy::listings_of(world.environment(), *subject);
        if (!listings) {
            return message(listings.error());
        }
        for (const store::Listing& listing : *listings) {
            const auto standing = standing_of(listing, world.now());
            found.push_back(in_words(*subject, listing.listing_class, listing.code, listing.since,
                                     standing, told_strikes(standing, listing.strikes),
                                     standing == "undone" ? std::nullopt : listing.earliest_lift));
        }
    }
    std::sort(expected.begin(), expected.end());
    std::sort(found.begin(), found.end());
    const auto [by_model, by_program] =
        std::mismatch(expected.begin(), expected.end(), found.begin(), found.end());
    if (by_model == expected.end() && by_program == found.end()) {
        return std::nullopt;
    }
    return fmt::format("own decisions\n    decided: {}\n    recorded: {}",
                       by_model == expected.end() ? "nothing more" : *by_model,
                       by_program == found.end() ? "nothing more" : *by_program);
}

}  // namespace ostrakon::property
