// Plays recorded queries through what a worker does between its sockets, in batches: what a
// profiler or an instruction counter looks at. Limits are those of CONFIG.
//
//   replay CONFIG QUERIES [ROUNDS]     QUERIES: a line each, NAME TYPE
//
//   valgrind --tool=callgrind --toggle-collect='*play_batch*' replay …     counts the batches alone
//
// With --dump-before='*play_again*' the first round, which finds nothing remembered, has a file of
// its own.
#include "bench/question_file.hpp"
#include "ostrakon/server/generation.hpp"
#include "ostrakon/server/limiting.hpp"
#include "ostrakon/server/site_handler.hpp"
#include "ostrakon/store/environment.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <span>
#include <vector>

namespace ostrakon::bench {
namespace {

constexpr std::size_t kBatch = responder::QueryBatch::kQueriesMax;
// Each query of a batch comes from a network of its own.
constexpr std::uint32_t kFirstClient = 0x0A000001;

responder::Client client(std::size_t number) {
    return {net::Ipv4{kFirstClient + (static_cast<std::uint32_t>(number) << 8)},
            responder::Transport::Udp, 0};
}

/// How many answers had which rcode.
using Rcodes = std::array<std::uint64_t, 16>;

[[gnu::noinline]] void play_batch(std::span<const test::Bytes> queries,
                                  server::SiteHandler& handler, std::span<std::uint8_t> answer,
                                  Rcodes& rcodes) {
    std::array<std::span<const std::uint8_t>, kBatch> packets;
    std::copy(queries.begin(), queries.end(), packets.begin());
    handler.begin_batch();
    handler.read(std::span{packets}.first(queries.size()));
    for (std::size_t i = 0; i < queries.size(); ++i) {
        if (handler.answer(i, client(i), answer) != 0) {
            ++rcodes[answer[3] & 0xF];
        }
    }
}

template <class Round>
[[gnu::noinline]] void play_again(const Round& play_round, int rounds) {
    for (int round = 0; round < rounds; ++round) {
        play_round();
    }
}

int play(const char* config, const char* queries_file, int rounds) {
    const auto generation = server::read_generation(config);
    if (!generation) {
        fmt::print(stderr, "replay: {}\n", message(generation.error()));
        return 1;
    }
    auto environment =
        store::Environment::open({.directory = generation->settings.database.path,
                                  .access = store::Access::ReadOnly,
                                  .size_bytes = generation->settings.database.size_bytes});
    if (!environment) {
        fmt::print(stderr, "replay: {}\n", message(environment.error()));
        return 1;
    }
    server::SiteHandler handler{generation->site, &*environment, [] {}};
    server::Limiting limiting;
    limiting.configure(generation->settings.limits);
    limiting.apply(handler);
    const std::vector<test::Bytes> queries = read_questions(queries_file);
    std::vector<std::uint8_t> answer(responder::kUdpAnswerSizeMax);
    Rcodes rcodes{};
    const auto play_round = [&] {
        for (std::size_t at = 0; at < queries.size(); at += kBatch) {
            const std::size_t count = std::min(kBatch, queries.size() - at);
            play_batch(std::span{queries}.subspan(at, count), handler, answer, rcodes);
        }
    };
    const auto begin = std::chrono::steady_clock::now();
    play_round();
    const auto middle = std::chrono::steady_clock::now();
    if (rounds > 1) {
        play_again(play_round, rounds - 1);
    }
    const auto end = std::chrono::steady_clock::now();
    const auto count = static_cast<double>(queries.size());
    const auto ns_each = [](auto time, double of) {
        return of > 0 ? std::chrono::duration<double, std::nano>(time).count() / of : 0;
    };
    fmt::print(
        "{} queries, {:.1f} ns each, again {:.1f} ns; NOERROR {}, SERVFAIL {}, NXDOMAIN {}, "
        "REFUSED {}\n",
        queries.size(), ns_each(middle - begin, count), ns_each(end - middle, count * (rounds - 1)),
        rcodes[0], rcodes[2], rcodes[3], rcodes[5]);
    return 0;
}

}  // namespace
}  // namespace ostrakon::bench

int main(int argc, char** argv) {
    if (argc != 3 && argc != 4) {
        fmt::print(stderr, "usage: replay CONFIG QUERIES [ROUNDS]\n");
        return 2;
    }
    try {
        return ostrakon::bench::play(argv[1], argv[2], argc == 4 ? std::atoi(argv[3]) : 1);
    } catch (const std::exception& error) {
        fmt::print(stderr, "replay: {}\n", error.what());
        return 1;
    }
}
