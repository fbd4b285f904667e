// Changes of every sort, twenty a second, while questions of every sort are asked: what a change
// has reported as done is in the next answer, over UDP and TCP; nothing else moves; the serial only
// grows.
#include "live/mixed_changes.hpp"

#include "scenario/runner/command_runner.hpp"
#include "support/campaign.hpp"
#include "support/latencies.hpp"
#include "support/live_site.hpp"
#include "support/process_figures.hpp"

#include "ostrakon/store/writer_lock.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gtest/gtest.h>

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <random>
#include <sstream>
#include <thread>
#include <utility>

namespace ostrakon::test {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::steady_clock;

constexpr seconds kLength{30};
constexpr seconds kLengthOfCampaign{30 * 60};
constexpr milliseconds kBetweenChanges{50};
constexpr milliseconds kBetweenBursts{5};  // of questions, so that the load is one of every day
constexpr int kQuestionsPerBurst = 5;
constexpr unsigned kWatchers = 2;
constexpr unsigned kByProgram = 40;  // one change of so many goes through the real program

/// Collects what went wrong in any thread, and ends all of them at the first.
class Verdicts {
public:
    void add(const std::string& fault) {
        if (!fault.empty()) {
            const std::lock_guard lock(mutex_);
            faults_.push_back(fault);
            is_over_ = true;
            ended_.notify_all();
        }
    }
    void end() {
        const std::lock_guard lock(mutex_);
        is_over_ = true;
        ended_.notify_all();
    }
    bool is_over() const { return is_over_; }
    /// Lets time pass until then, or until it is over.
    void pause_until(steady_clock::time_point then) {
        std::unique_lock lock(mutex_);
        ended_.wait_until(lock, then, [this] { return is_over_.load(); });
    }
    std::string text() const { return fmt::format("{}", fmt::join(faults_, "\n")); }

private:
    std::mutex mutex_;
    std::condition_variable ended_;
    std::atomic<bool> is_over_{false};
    std::vector<std::string> faults_;
};

/// One that asks over UDP and TCP, and remembers the serial.
class Asker {
public:
    explicit Asker(const ServerAddress& server) : server_(server), udp_(server), tcp_(server) {}

    Reply ask(const std::string& name, bool over_tcp, const std::string& type = "A") {
        const Question question{.name = name, .type = type, .id = ++id_};
        if (!over_tcp) {
            return udp_.ask(question);
        }
        Reply reply = tcp_.ask(question);
        if (!reply.is_valid) {  // closed as idle, as a machine under load may find it
            tcp_ = TcpClient(server_);
            reply = tcp_.ask(question);
        }
        return reply;
    }

    /// The zone's serial; empty `fault` if it is not lower than the last one, nor equal to it where
    /// it has to grow.
    std::string fault_of_serial(bool over_tcp, bool has_to_grow) {
        const Reply reply = ask(kMixedZone, over_tcp, "SOA");
        if (reply.data.size() != 1) {
            return "no SOA: " + reply.rcode;
        }
        std::istringstream fields(reply.data.front());
        std::string primary;
        std::string contact;
        std::uint32_t serial = 0;
        fields >> primary >> contact >> serial;
        const std::uint32_t last = std::exchange(serial_, serial);
        const bool is_right = has_to_grow ? serial > last : serial >= last;
        return is_right ? "" : fmt::format("serial {} after {}", serial, last);
    }

private:
    ServerAddress server_;
    UdpClient udp_;
    TcpClient tcp_;
    std::uint16_t id_ = 0;
    std::uint32_t serial_ = 0;
};

class MixedLoad : public testing::Test {
protected:
    MixedLoad()
        : site_({.server = "threads = 2",
                 .more = "[lifecycle]\nrepeat_minimum = \"0s\"\nevidence_to_lift = false\n"
                         "[protect]\nnever = []\n[[feed]]\nname = \"sample\"\n"
                         "url = \"https://feeds.example.net/list.txt\"\nformat = \"plain\"\n"
                         "every = \"1h\""}) {
        auto settings = config::read_settings(site_.configuration());
        EXPECT_TRUE(settings) << (settings ? "" : message(settings.error()));
        settings_ = std::move(*settings);
        auto environment = store::Environment::open(
            {.directory = site_.database(), .access = store::Access::ReadWrite, .size_bytes = {}});
        EXPECT_TRUE(environment) << (environment ? "" : message(environment.error()));
        environment_ = std::make_unique<store::Environment>(std::move(*environment));
        for (const auto& words : commands_for_what_stays()) {
            EXPECT_EQ(carry_out({.words = words, .input = {}}), "");
        }
        EXPECT_EQ(carry_out(changes_.replace_feed().command), "");
        server_ = std::make_unique<LiveServer>(site_);
    }

    // In this process, as the tool does it; says what went wrong.
    std::string carry_out(const scenario::Command& command) {
        const auto lock = store::WriterLock::take({.directory = site_.database(),
                                                   .command = command.words.front(),
                                                   .wait = Duration{60},
                                                   .tell = {}});
        if (!lock) {
            return message(lock.error());
        }
        std::string output;
        return scenario::run_command(*environment_, settings_, command, now(), output) == 0
                   ? ""
                   : fmt::format("{}: {}", fmt::join(command.words, " "), output);
    }

    std::string carry_out_by_program(const scenario::Command& command) {
        std::vector<std::string> words{program("ostrakon")};
        words.insert(words.end(), command.words.begin(), command.words.end());
        words.insert(words.end(), {"--quiet", "--config", site_.configuration()});
        const ProcessResult result = run(words, command.input);
        return result.status == 0
                   ? ""
                   : fmt::format("{}: {}", fmt::join(command.words, " "), result.errors);
    }

    void make_changes(seconds length);
    void watch(unsigned seed);

    LiveSite site_;
    config::Settings settings_;
    std::unique_ptr<store::Environment> environment_;
    std::unique_ptr<LiveServer> server_;
    Verdicts verdicts_;
    const unsigned seed_ = std::random_device{}();
    Changes changes_{seed_};
    unsigned count_ = 0;
    Latencies seen_after_;
    std::atomic<std::uint64_t> questions_{0};
};

void MixedLoad::make_changes(seconds length) {
    Asker asker(server_->address());
    const auto begun = steady_clock::now();
    for (; steady_clock::now() < begun + length && !verdicts_.is_over(); ++count_) {
        const Change change = changes_.next(now());
        verdicts_.add(count_ % kByProgram == 0 ? carry_out_by_program(change.command)
                                               : carry_out(change.command));
        const auto acknowledged = steady_clock::now();
        for (const Expected& expected : change.expected) {
            for (const bool over_tcp : {false, true}) {
                verdicts_.add(fault_of(asker.ask(expected.name, over_tcp), expected));
            }
        }
        seen_after_.add(steady_clock::now() - acknowledged);
        verdicts_.add(asker.fault_of_serial(count_ % 2 == 0, change.command.words[0] != "expire"));
        verdicts_.pause_until(begun + kBetweenChanges * (count_ + 1));
    }
    verdicts_.end();
}

void MixedLoad::watch(unsigned seed) {
    Asker asker(server_->address());
    const std::vector<Expected> stays = what_stays();
    std::mt19937 random(seed);
    while (!verdicts_.is_over()) {
        for (int i = 0; i < kQuestionsPerBurst; ++i) {
            const Expected& expected = stays[random() % stays.size()];
            verdicts_.add(fault_of(asker.ask(expected.name, random() % 8 == 0), expected));
        }
        verdicts_.add(asker.fault_of_serial(random() % 8 == 0, false));
        questions_ += kQuestionsPerBurst + 1;
        verdicts_.pause_until(steady_clock::now() + kBetweenBursts);
    }
}

TEST_F(MixedLoad, IsAnsweredRightAtEveryMoment) {
    const seconds length = is_campaign() ? kLengthOfCampaign : kLength;
    const ProcessFigures before = figures_of(server_->process().pid());
    const auto begun = steady_clock::now();
    std::vector<std::thread> watchers;
    for (unsigned i = 0; i < kWatchers; ++i) {
        watchers.emplace_back([this, i] { watch(seed_ + i + 1); });
    }
    make_changes(length);
    for (std::thread& watcher : watchers) {
        watcher.join();
    }
    const std::chrono::duration<double> took = steady_clock::now() - begun;
    const ProcessFigures after = figures_of(server_->process().pid());
    EXPECT_EQ(verdicts_.text(), "") << "seed " << seed_;
    fmt::print(
        "{} changes in {:.0f} s, {} questions beside them; a change was answered by UDP and "
        "TCP after: {}; memory {} KiB before, {} after\n",
        count_, took.count(), questions_.load(), seen_after_.text(), before.anonymous_kib,
        after.anonymous_kib);
    EXPECT_LT(after.anonymous_kib, before.anonymous_kib + kFlatKib);
    const ProcessResult check =
        run({program("ostrakon"), "check", "--config", site_.configuration()});
    EXPECT_EQ(check.status, 0) << check.output << check.errors;
    EXPECT_EQ(server_->stop().status, 0);
}

}  // namespace
}  // namespace ostrakon::test
