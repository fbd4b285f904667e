// What an incremental transfer sends makes, of the records that a secondary had, those that the
// zone has now: random worlds, after every few changes, against the whole of the zone.
//
// OSTRAKON_PROPERTY_SEED chooses the worlds.
#include "ostrakon/transfer/difference.hpp"
#include "whole_zones.hpp"
#include "worlds.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <algorithm>
#include <set>

namespace ostrakon::property {
namespace {

using transfer::Record;
using Records = std::set<Record>;

std::string spelled(const Record& record) {
    std::string text;
    for (dns::Labels labels{record.owner}; !labels.empty();) {
        text += fmt::format("{}.", labels.pop_front());
    }
    std::string data;
    for (const char c : record.rdata) {
        data += c >= ' ' && c < 0x7F ? std::string{c}
                                     : fmt::format("<{}>", static_cast<unsigned char>(c));
    }
    return fmt::format("{} {} {}", text, static_cast<unsigned>(record.type), data);
}

// One zone, as a secondary has it.
class Follower {
public:
    Follower(World& world, std::shared_ptr<const verdict::Rulebook> rulebook, std::size_t zone)
        : world_(world), rulebook_(std::move(rulebook)), zone_(zone) {}

    /// What is wrong after following; empty if nothing is.
    std::string follow() {
        auto taken = transfer::Contents::take(world_.environment(), rulebook_, {.zone = zone_});
        if (!taken) {
            return message(taken.error());
        }
        Records whole;
        transfer::ZoneRecords records{**taken};
        for (Record record; records.next(record);) {
            whole.insert(record);
        }
        const bool is_first = contents_ == nullptr;
        std::optional<transfer::Difference> difference;
        if (!is_first) {
            difference = transfer::difference_between(
                *contents_, **taken,
                policy::touched_since((*taken)->transaction(),
                                      policy::newest_change(contents_->transaction())));
        }
        const std::string problem = difference ? apply(*difference, whole) : "";
        ++(difference ? compared_ : not_compared_);
        records_ = std::move(whole);
        contents_ = std::move(*taken);
        return problem;
    }

    std::size_t compared() const { return compared_; }
    std::size_t not_compared() const { return not_compared_; }
    std::size_t moved() const { return moved_; }

private:
    std::string apply(const transfer::Difference& difference, const Records& whole) {
        for (const Record& record : difference.removed) {
            if (records_.erase(record) == 0) {
                return "removes what is not there: " + spelled(record);
            }
        }
        for (const Record& record : difference.added) {
            if (!records_.insert(record).second) {
                return "adds what is there: " + spelled(record);
            }
        }
        moved_ += difference.removed.size() + difference.added.size();
        std::string problem;
        for (const Record& record : records_) {
            problem += whole.contains(record) ? "" : "\n  has still " + spelled(record);
        }
        for (const Record& record : whole) {
            problem += records_.contains(record) ? "" : "\n  lacks " + spelled(record);
        }
        return problem;
    }

    World& world_;
    std::shared_ptr<const verdict::Rulebook> rulebook_;
    std::size_t zone_;
    std::unique_ptr<transfer::Contents> contents_;
    Records records_;
    std::size_t compared_ = 0, not_compared_ = 0, moved_ = 0;
};

class TransferredDifference : public testing::TestWithParam<Worlds> {};

TEST_P(TransferredDifference, MakesTheZoneOfWhatItWas) {
    const Worlds& worlds = GetParam();
    const std::uint64_t base = seed_or(20260301);
    World world{base + worlds.number, worlds.spread};
    auto rulebook = std::make_shared<verdict::Rulebook>();
    rulebook->zones = whole_zones(world.zones());
    rulebook->classes = world.settings().classes;
    rulebook->protect = world.settings().protect;
    rulebook->web_url = "https://bl.example";
    std::vector<Follower> followers;
    for (std::size_t zone = 0; zone < rulebook->zones.size(); ++zone) {
        followers.emplace_back(world, rulebook, zone);
    }
    std::string log;
    const std::uint64_t steps = worlds.all_steps();
    for (std::uint64_t step = 1; step <= steps; ++step) {
        const Difference failed = world.step();
        ASSERT_FALSE(failed) << *failed;
        log += std::to_string(step) + ": " + world.last_step() + "\n";
        if (world.random().chance(12)) {
            const Difference unswept = world.expire();
            ASSERT_FALSE(unswept) << *unswept;
            log += "expire\n";
        }
        if (step % worlds.steps_between != 0) {
            continue;
        }
        for (std::size_t zone = 0; zone < followers.size(); ++zone) {
            ASSERT_EQ(followers[zone].follow(), "")
                << "seed " << base << ", step " << step << ", zone " << rulebook->zones[zone].name
                << "\nafter\n"
                << log;
        }
    }
    const Follower& first = followers.front();
    EXPECT_GT(first.moved(), 0U);
    EXPECT_GT(first.compared(), first.not_compared()) << "most changes can be compared";
}

INSTANTIATE_TEST_SUITE_P(Worlds, TransferredDifference,
                         testing::Values(Worlds{"Borders1", 1, 60, 1, Spread::Borders},
                                         Worlds{"Borders2", 2, 60, 3, Spread::Borders},
                                         Worlds{"Wide", 3, 12, 1, Spread::Wide},
                                         Worlds{"Crowded", 4, 60, 2, Spread::Crowded}),
                         name_of_worlds);

}  // namespace
}  // namespace ostrakon::property
