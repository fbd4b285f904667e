// Random sequences of every kind of change: what is served is what was decided, after each of them.
//
// OSTRAKON_PROPERTY_SEED chooses the sequences, OSTRAKON_PROPERTY_STEPS how long each is.
#include "comparison.hpp"
#include "journal_replay.hpp"
#include "world.hpp"

#include <gtest/gtest.h>
#include <cstdlib>

namespace ostrakon::property {
namespace {

std::uint64_t number_from_environment(const char* name, std::uint64_t otherwise) {
    const char* text = std::getenv(name);
    return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

struct Sequence {
    const char* name;
    std::uint64_t number;
    std::uint64_t steps;
    std::uint64_t steps_between_proofs;
    Spread spread;
};
void PrintTo(const Sequence& sequence, std::ostream* out) {
    *out << sequence.name;
}

constexpr std::uint64_t kProofsBetweenReopenings = 7;
constexpr std::size_t kPlacesMax = 800;

// Everything that is proved of one world, proof by proof.
class Prover {
public:
    explicit Prover(World& world) : world_(world) {}

    Difference prove() {
        if (++proofs_ % kProofsBetweenReopenings == 0) {
            world_.reopen();
        }
        if (auto difference = compare_index(world_)) {
            return difference;
        }
        std::vector<Query> places =
            critical_queries(world_.model().untidied(), world_.model().maps(),
                             world_.settings().protect, world_.random());
        world_.random().keep_some(places, kPlacesMax);
        std::vector<Query> answered;
        Difference difference = compare_name_filter(world_, places);
        if (!difference) {
            difference = compare_answers(world_, places, answered);
        }
        if (!difference) {
            difference = compare_strikes(world_);
        }
        if (!difference) {
            difference = compare_cuts(world_, places, answered);
        }
        if (!difference) {
            difference = compare_explanations(world_, places);
        }
        if (!difference) {
            past_.remember(world_, places);
            difference = past_.compare(world_);
        }
        if (!difference) {
            difference = journal_.compare(world_);
        }
        if (!difference && world_.random().chance(15)) {
            const auto maps_in_use = world_.model().maps_in_use();
            difference = compare_around_expire(world_, places);
            if (maps_in_use != world_.model().maps_in_use()) {
                past_.forget_since({});
            }
        }
        return difference;
    }
    void after_step() {
        past_.forget_since(world_.now());
        if (world_.maps_have_changed()) {
            past_.forget_since({});  // a past date is judged by the maps of today
        }
        journal_.remember(world_);
    }

private:
    World& world_;
    PastAnswers past_;
    JournalReplay journal_;
    std::uint64_t proofs_ = 0;
};

class ServedEqualsDecided : public testing::TestWithParam<Sequence> {};

TEST_P(ServedEqualsDecided, AfterEveryKindOfChange) {
    const Sequence& sequence = GetParam();
    const std::uint64_t seed =
        number_from_environment("OSTRAKON_PROPERTY_SEED", 20260101) + sequence.number;
    const std::uint64_t steps = number_from_environment("OSTRAKON_PROPERTY_STEPS", sequence.steps);
    World world{seed, sequence.spread};
    Prover prover{world};
    std::string log;
    for (std::uint64_t step = 1; step <= steps; ++step) {
        Difference difference = world.step();
        log += std::to_string(step) + ": " + world.last_step() + "\n";
        prover.after_step();
        if (!difference && step % sequence.steps_between_proofs == 0) {
            difference = prover.prove();
        }
        ASSERT_FALSE(difference) << "seed " << seed - sequence.number << ", step " << step << "\n"
                                 << *difference << "\nafter\n"
                                 << log;
    }
}

INSTANTIATE_TEST_SUITE_P(Sequences, ServedEqualsDecided,
                         testing::Values(Sequence{"Borders1", 1, 150, 2, Spread::Borders},
                                         Sequence{"Borders2", 2, 150, 2, Spread::Borders},
                                         Sequence{"Borders3", 3, 300, 5, Spread::Borders},
                                         Sequence{"Wide1", 4, 40, 4, Spread::Wide},
                                         Sequence{"Wide2", 5, 40, 4, Spread::Wide},
                                         Sequence{"Crowded1", 6, 200, 10, Spread::Crowded},
                                         Sequence{"Crowded2", 7, 200, 10, Spread::Crowded}),
                         [](const auto& sequence) { return std::string{sequence.param.name}; });

}  // namespace
}  // namespace ostrakon::property
