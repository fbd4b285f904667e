// Every scenario file, played on respond() and the policy in this process.
#include "scenario/runner/in_process_host.hpp"
#include "scenario/runner/play.hpp"

#include <gtest/gtest.h>

namespace ostrakon::scenario {
namespace {

class InProcess : public testing::TestWithParam<std::filesystem::path> {};

TEST_P(InProcess, AnswersAsTheScenarioSays) {
    InProcessHost host;
    play(GetParam(), host);
}

INSTANTIATE_TEST_SUITE_P(Scenario, InProcess, testing::ValuesIn(scenario_files(OSTRAKON_SCENARIOS)),
                         [](const auto& file) { return test_name(file.param); });

}  // namespace
}  // namespace ostrakon::scenario
