// What a look-up costs in databases of 10 thousand, a million and ten million addresses, and what
// a whole answer costs there.
#include "bench/listed_site.hpp"
#include "ostrakon/dns/name.hpp"
#include "ostrakon/responder/query_batch.hpp"

#include <benchmark/benchmark.h>
#include <array>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace ostrakon::bench {
namespace {

constexpr std::string_view kSizeNames = "SML";
constexpr responder::Client kClient{net::Ipv4{0x7F000001}, responder::Transport::Udp};

Size size_of(const benchmark::State& state) {
    return *find_size(kSizeNames.substr(static_cast<std::size_t>(state.range(0)), 1));
}

/// Judges what `draw` draws, over and over.
template <class Subject, class Draw>
void judge_all(benchmark::State& state, const Draw& draw) {
    const Size size = size_of(state);
    ListedSite& site = ListedSite::of(size);
    Random random{kListingsSeed};
    Questions questions{site.listings(), random};
    std::vector<Subject> subjects;
    while (subjects.size() < ListedSite::kManyDrawn) {
        subjects.push_back(draw(questions));
    }
    verdict::Judge judge = site.judge();
    const UnixTime time = now();
    std::size_t at = 0;
    for (auto _ : state) {
        const Subject& subject = subjects[at++ % subjects.size()];
        if constexpr (std::is_same_v<Subject, std::string>) {
            benchmark::DoNotOptimize(judge.judge(0, verdict::NameKey{subject}, time));
        } else {
            benchmark::DoNotOptimize(judge.judge(0, subject, time));
        }
    }
    state.SetLabel(std::string{size.name});
}

void look_up_ipv4(benchmark::State& state) {
    judge_all<net::Ipv4>(state, [](Questions& questions) { return questions.draw_address(); });
}
BENCHMARK(look_up_ipv4)->DenseRange(0, 2);

void look_up_ipv6(benchmark::State& state) {
    judge_all<net::Ipv6>(state, [](Questions& questions) { return questions.draw_ipv6(); });
}
BENCHMARK(look_up_ipv6)->DenseRange(0, 2);

void look_up_name(benchmark::State& state) {
    judge_all<std::string>(state, [](Questions& questions) {
        const auto name = dns::parse_name(questions.draw_name());
        if (!name) {
            throw std::logic_error(message(name.error()));
        }
        return dns::reversed_key(*name);
    });
}
BENCHMARK(look_up_name)->DenseRange(0, 2);

// The whole of an answer, read and looked up in batches as a worker does.
void answer_all(benchmark::State& state, const std::vector<test::Bytes>& packets) {
    ListedSite& site = ListedSite::of(size_of(state));
    verdict::Judge judge = site.judge();
    std::vector<std::uint8_t> answer(responder::kUdpAnswerSizeMax);
    const UnixTime time = now();
    const auto batch = std::make_unique<responder::QueryBatch>();
    std::array<std::span<const std::uint8_t>, responder::QueryBatch::kQueriesMax> queries;
    std::size_t next = 0;
    std::size_t index = queries.size();
    for (auto _ : state) {
        if (index == queries.size()) {
            for (auto& query : queries) {
                query = packets[next++ % packets.size()];
            }
            batch->read(queries, site.site(), judge, true, time);
            index = 0;
        }
        benchmark::DoNotOptimize(batch->answer(index++, kClient, answer));
        benchmark::ClobberMemory();
    }
}

void respond(benchmark::State& state) {
    const auto kind = static_cast<std::size_t>(state.range(1));
    const Size size = size_of(state);
    answer_all(state,
               ListedSite::of(size).draw_packets(static_cast<Kind>(kind), ListedSite::kManyDrawn));
    state.SetLabel(std::string{size.name}.append(" ").append(kKindNames[kind]));
}
BENCHMARK(respond)->ArgsProduct({{0, 1, 2}, {0, 1, 2, 3}});

void respond_mixed(benchmark::State& state) {
    const Size size = size_of(state);
    answer_all(state, ListedSite::of(size).draw_mixed_packets(ListedSite::kManyDrawn));
    state.SetLabel(std::string{size.name});
}
BENCHMARK(respond_mixed)->DenseRange(0, 2);

}  // namespace
}  // namespace ostrakon::bench

BENCHMARK_MAIN();
