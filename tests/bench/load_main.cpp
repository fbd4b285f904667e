// bench_load: asks a server on this machine, and prints one line of JSON about it.
#include "bench/load.hpp"
#include "bench/question_file.hpp"

#include <fmt/format.h>
#include <sched.h>
#include <sys/resource.h>
#include <CLI/CLI.hpp>

#include <atomic>
#include <csignal>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <stdexcept>

namespace ostrakon::bench {
namespace {

// Set by SIGTERM and SIGINT, so that a run that is ended early still tells what it saw.
std::atomic<bool> stop = false;

void pin_to(int cpu) {
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET(static_cast<unsigned>(cpu), &set);
    if (::sched_setaffinity(0, sizeof set, &set) != 0) {
        throw std::runtime_error(fmt::format("there is no CPU {} for the generator", cpu));
    }
}

double own_cpu_seconds() {
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    const auto seconds = [](const timeval& time) {
        return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
    };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

void print(const LoadResult& result, double cpu_s) {
    const auto us = [](std::uint64_t ns) { return static_cast<double>(ns) / 1000; };
    fmt::print(
        "{{\"seconds\": {:.3f}, \"sent\": {}, \"answered\": {}, \"lost\": {}, "
        "\"unsent\": {}, \"strange\": {}, \"listed\": {}, \"noerror\": {}, "
        "\"servfail\": {}, \"nxdomain\": {}, \"refused\": {}, \"p50_us\": {:.1f}, "
        "\"p99_us\": {:.1f}, \"p999_us\": {:.1f}, \"longest_us\": {:.1f}, \"gap_ms\": {:.2f}, "
        "\"generator_cpu_s\": {:.3f}}}\n",
        result.seconds, result.sent, result.answered, result.lost, result.unsent, result.strange,
        result.listed, result.rcodes[0], result.rcodes[2], result.rcodes[3], result.rcodes[5],
        us(result.times_ns.quantile(0.5)), us(result.times_ns.quantile(0.99)),
        us(result.times_ns.quantile(0.999)), us(result.times_ns.longest()),
        us(static_cast<std::uint64_t>(result.longest_gap.count())) / 1000, cpu_s);
}

int run(int argc, char** argv) {
    CLI::App app{"Asks a DNS server on 127.0.0.1 and counts its answers."};
    LoadOptions options;
    std::filesystem::path questions_file;
    std::int64_t patience_ms = options.patience.count();
    int cpu = -1;
    app.add_option("port", options.port, "UDP port of the server")->required();
    app.add_option("questions", questions_file, "A line \"NAME TYPE\" each")
        ->required()
        ->check(CLI::ExistingFile);
    app.add_option("--seconds", options.seconds)->capture_default_str();
    app.add_option("--rate", options.rate_per_s, "Questions a second; 0: as fast as it answers")
        ->capture_default_str();
    app.add_option("--window", options.window, "Most questions that wait at once")
        ->check(CLI::Range(QuestionTrain::kGroup, kRateWindow));
    app.add_option("--sockets", options.sockets)->check(CLI::Range(1, 64))->capture_default_str();
    app.add_option("--first", options.first_question, "Begin with this question");
    app.add_option("--patience-ms", patience_ms, "What is not answered then is lost")
        ->capture_default_str();
    app.add_option("--cpu", cpu, "Run on this CPU alone");
    CLI11_PARSE(app, argc, argv);
    options.patience = std::chrono::milliseconds{patience_ms};
    if (cpu >= 0) {
        pin_to(cpu);
    }
    QuestionTrain questions{read_questions(questions_file)};
    std::signal(SIGTERM, [](int) { stop = true; });
    std::signal(SIGINT, [](int) { stop = true; });
    fmt::print(stderr, "asking\n");  // for those who wait for it
    const double cpu_before_s = own_cpu_seconds();
    const LoadResult result = run_load(options, questions, stop);
    print(result, own_cpu_seconds() - cpu_before_s);
    return 0;
}

}  // namespace
}  // namespace ostrakon::bench

int main(int argc, char** argv) {
    try {
        return ostrakon::bench::run(argc, argv);
    } catch (const std::exception& error) {
        fmt::print(stderr, "bench_load: {}\n", error.what());
        return 1;
    }
}
