// Random sequences of every kind of change: what is served is what was decided, after each of them.
//
// OSTRAKON_PROPERTY_SEED chooses the sequences, OSTRAKON_PROPERTY_STEPS how long each is.
#include "comparison.hpp"
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
    Width width;
};
void PrintTo(const Sequence& sequence, std::ostream* out) {
    *out << sequence.name;
}

class ServedEqualsDecided : public testing::TestWithParam<Sequence> {};

TEST_P(ServedEqualsDecided, AfterEveryKindOfChange) {
    const Sequence& sequence = GetParam();
    const std::uint64_t seed =
        number_from_environment("OSTRAKON_PROPERTY_SEED", 20260101) + sequence.number;
    const std::uint64_t steps = number_from_environment("OSTRAKON_PROPERTY_STEPS", sequence.steps);
    World world{seed, sequence.width};
    std::string log;
    for (std::uint64_t step = 1; step <= steps; ++step) {
        Difference difference = world.step();
        log += std::to_string(step) + ": " + world.last_step() + "\n";
        if (!difference && step % sequence.steps_between_proofs == 0) {
            difference = compare_index(world);
        }
        if (!difference && step % sequence.steps_between_proofs == 0) {
            difference = compare_answers(world);
        }
        ASSERT_FALSE(difference) << "seed " << seed - sequence.number << ", step " << step << "\n"
                                 << *difference << "\nafter\n"
                                 << log;
    }
}

INSTANTIATE_TEST_SUITE_P(Sequences, ServedEqualsDecided,
                         testing::Values(Sequence{"Narrow1", 1, 150, 2, Width::Narrow},
                                         Sequence{"Narrow2", 2, 150, 2, Width::Narrow},
                                         Sequence{"Narrow3", 3, 300, 5, Width::Narrow},
                                         Sequence{"Wide1", 4, 40, 4, Width::Wide},
                                         Sequence{"Wide2", 5, 40, 4, Width::Wide}),
                         [](const auto& sequence) { return std::string{sequence.param.name}; });

}  // namespace
}  // namespace ostrakon::property
