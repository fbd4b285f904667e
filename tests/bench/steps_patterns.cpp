// What patterns add to a question for a name, in nanoseconds: the rules of dynamic-names, and sets
// of own regular expressions. Names are those of servers and lines, as clients have them.
#include "ostrakon/pattern/name_rules.hpp"
#include "ostrakon/pattern/pattern_set.hpp"

#include <benchmark/benchmark.h>
#include <array>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

namespace {

using namespace ostrakon;

constexpr std::array<std::string_view, 8> kNames{
    "mail.example.org",
    "mx1.mail-gateway.example.net",
    "a.very.long.name.of.a.web.server.in.the.cloud.example.com",
    "smtp-out-203-0-113-7.relay.example.com",
    "222-222-222-222.adsl.ispgood.example",
    "host-203-0-113-7.example.net",
    "222-222-222-222.badisp.example",
    "dhcp-113-7.pool.campus.example.edu",
};

pattern::NameClassifier shipped_rules() {
    std::ifstream file{OSTRAKON_DYNAMIC_NAMES};
    const std::string text{std::istreambuf_iterator<char>{file}, {}};
    auto rules = pattern::parse_name_rules(text, OSTRAKON_DYNAMIC_NAMES);
    return std::move(
        *pattern::NameClassifier::compile(std::make_shared<pattern::NameRules>(std::move(*rules))));
}

void classify_name(benchmark::State& state) {
    const auto rules = shipped_rules();
    std::size_t at = 0;
    for (auto _ : state) {
        benchmark::DoNotOptimize(rules.classify(kNames[at++ % kNames.size()]));
    }
}
BENCHMARK(classify_name);

std::vector<std::string> expressions(std::int64_t count) {
    std::vector<std::string> made;
    for (std::int64_t i = 0; i < count; ++i) {
        made.push_back("/^(dsl|ppp)[0-9]+-[0-9]+\\.pop" + std::to_string(i) + "\\.isp\\.example$/");
    }
    return made;
}

void match_expressions(benchmark::State& state) {
    const auto set = pattern::PatternSet::compile(expressions(state.range(0)));
    std::size_t at = 0;
    for (auto _ : state) {
        benchmark::DoNotOptimize(set->match(kNames[at++ % kNames.size()]));
    }
}
BENCHMARK(match_expressions)->Arg(10)->Arg(100)->Arg(1000);

void compile_expressions(benchmark::State& state) {
    const auto texts = expressions(state.range(0));
    for (auto _ : state) {
        benchmark::DoNotOptimize(pattern::PatternSet::compile(texts));
    }
}
BENCHMARK(compile_expressions)->Arg(10)->Arg(100)->Arg(1000)->Unit(benchmark::kMillisecond);

void compile_rules(benchmark::State& state) {
    for (auto _ : state) {
        benchmark::DoNotOptimize(shipped_rules());
    }
}
BENCHMARK(compile_rules)->Unit(benchmark::kMillisecond);

}  // namespace
