// Writers and servers killed at random points, stopped, and left without room: nothing acknowledged
// is lost, nothing is done by half, everything starts again.
//
// OSTRAKON_CRASH_POINTS: how many kills (500 for a campaign); OSTRAKON_CRASH_SEED chooses them.
#include "crash_site.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <csignal>
#include <mutex>
#include <thread>

namespace ostrakon::test {
namespace {

using testing::HasSubstr;

constexpr unsigned kPoints = 40;
constexpr unsigned kPointsPerServer = 8;  // then the server is killed, too
constexpr std::chrono::microseconds kBetweenQuestions{300};
constexpr unsigned kSmallDiskKib = 2048;
constexpr int kKilled = 128 + SIGKILL;

std::string query_name(const std::string& address) {
    std::string name;
    std::size_t end = address.size();
    while (end != std::string::npos) {
        const std::size_t dot = address.rfind('.', end - 1);
        const std::size_t begin = dot == std::string::npos ? 0 : dot + 1;
        name += address.substr(begin, end - begin) + ".";
        end = dot;
    }
    return name + "bl.example.org";
}

// A server that is asked all the time, and can be killed while it answers.
class AskedServer {
public:
    explicit AskedServer(const LiveSite& site) : server_(site), address_(server_.address()) {
        asker_ = std::thread([this] {
            UdpClient client(address_);
            for (std::uint32_t i = 0; !is_done_; ++i) {
                const Bytes query =
                    query_bytes({.name = query_name("198.18." + std::to_string(i % 16) + "." +
                                                    std::to_string(i / 16 % 256))});
                client.send(query);
                const Bytes answer = client.receive(std::chrono::milliseconds{100});
                answers_ += answer.empty() ? 0 : 1;
                std::this_thread::sleep_for(kBetweenQuestions);  // the writers need the machine too
            }
        });
    }
    // Killed under load.
    ~AskedServer() {
        server_.process().signal(SIGKILL);
        is_done_ = true;
        asker_.join();
    }
    AskedServer(const AskedServer&) = delete;
    AskedServer& operator=(const AskedServer&) = delete;

    std::uint64_t answers() const { return answers_; }
    // Whether it answers for this address as it is listed.
    bool answers_right(const std::string& address, bool is_listed) {
        const Reply reply = ask_udp(address_, {.name = query_name(address)});
        return is_listed
                   ? reply.rcode == "NOERROR" && !reply.data.empty()
                   : reply.rcode == "NXDOMAIN" || (reply.rcode == "NOERROR" && reply.data.empty());
    }

private:
    LiveServer server_;
    ServerAddress address_;
    std::atomic<bool> is_done_ = false;
    std::atomic<std::uint64_t> answers_ = 0;
    std::thread asker_;
};

// What a command would have changed, and some that it would not have.
void expect_served(AskedServer& server, const Listed& before, const Listed& after,
                   const Listed& listed) {
    std::set<std::string> places;
    for (const auto* set : {&before.own, &before.feed, &after.own, &after.feed}) {
        std::size_t step = set->size() / 8 + 1;
        std::size_t i = 0;
        for (const std::string& address : *set) {
            if (i++ % step == 0) {
                places.insert(address);
            }
        }
    }
    for (const std::string& address : places) {
        EXPECT_TRUE(server.answers_right(
            address, listed.own.contains(address) || listed.feed.contains(address)))
            << address;
    }
}

// Kills commands until `points` of them have died of it.
void run_campaign(CrashSite& site, unsigned points) {
    std::map<std::string, std::pair<unsigned, unsigned>> counts;  // killed, finished before
    std::optional<AskedServer> server;
    unsigned killed = 0;
    unsigned carried_out = 0;
    unsigned servers = 0;
    std::uint64_t answers = 0;
    while (killed < points) {
        if (!server) {
            server.emplace(site.site());
            ++servers;
        }
        const Listed before = site.listed();
        const Command command = site.some_command();
        SCOPED_TRACE(command.kind + " after " + std::to_string(killed) + " kills");
        const ProcessResult result = site.kill_at_random(command);
        const std::string verdict = site.judge(command, result);
        ASSERT_EQ(verdict, "");
        ASSERT_NO_FATAL_FAILURE(expect_served(*server, before, command.after, site.listed()));
        ASSERT_FALSE(testing::Test::HasFailure());
        const bool has_died = result.status == kKilled;
        ++(has_died ? counts[command.kind].first : counts[command.kind].second);
        carried_out += has_died && site.listed() == command.after && before != command.after;
        killed += has_died ? 1 : 0;
        if (has_died && killed % kPointsPerServer == 0) {
            answers += server->answers();
            server.reset();
        }
    }
    for (const auto& [kind, count] : counts) {
        std::printf("%s: %u killed, %u ended before\n", kind.c_str(), count.first, count.second);
    }
    std::printf(
        "%u of the killed had committed; %u servers, each killed under load, %llu answers\n",
        carried_out, servers, static_cast<unsigned long long>(answers));
}

TEST(Crash, LosesNothingAndDoesNothingByHalf) {
    const std::uint32_t seed = crash_seed();
    std::printf("seed %u\n", seed);
    SCOPED_TRACE("seed " + std::to_string(seed));
    CrashSite site{seed};
    run_campaign(site, crash_points(kPoints));
}

// So small that most imports and some restores do not fit.
TEST(Crash, OnAFullDiskLosesNothingEither) {
    const std::uint32_t seed = crash_seed();
    std::printf("seed %u\n", seed);
    SCOPED_TRACE("seed " + std::to_string(seed));
    CrashSite site{seed};
    std::string why_not;
    if (!site.move_to_small_disk(kSmallDiskKib, why_not)) {
        GTEST_SKIP() << "needs a small disk: " << why_not;
    }
    run_campaign(site, crash_points(kPoints) / 2);
}

TEST(Crash, OfFourWritersAtOnceTakesNothingFromTheOthers) {
    const std::uint32_t seed = crash_seed();
    std::printf("seed %u\n", seed);
    SCOPED_TRACE("seed " + std::to_string(seed));
    CrashSite site{seed};
    const unsigned rounds = crash_points(kPoints) / 4;
    std::mutex mutex;
    Listed sure = site.listed();
    std::set<std::string> unsure;
    std::string problem;
    unsigned killed = 0;
    std::vector<std::thread> writers;
    for (unsigned writer = 0; writer < 4; ++writer) {
        writers.emplace_back([&, writer] {
            std::mt19937 random{seed + writer};
            for (unsigned i = 0; i < rounds; ++i) {
                const std::string first = "203.0.113." + std::to_string(writer * 64 + i % 64);
                const std::string second =
                    "198.51." + std::to_string(100 + writer) + "." + std::to_string(i % 256);
                const auto delay = std::chrono::microseconds{random() % 60'000};
                const auto begun = std::chrono::steady_clock::now();
                Process process(site.tool({"ban", first, second, "--reason", "x"}));
                if (i % 2 == 0) {
                    std::this_thread::sleep_until(begun + delay);
                    process.signal(SIGKILL);
                }
                const ProcessResult result = process.wait();
                const std::lock_guard lock{mutex};
                (result.status == 0 ? sure.own : unsure).insert({first, second});
                killed += result.status == kKilled ? 1 : 0;
                if (result.status != 0 && result.status != kKilled) {
                    problem = result.errors;
                }
            }
        });
    }
    for (std::thread& writer : writers) {
        writer.join();
    }
    EXPECT_EQ(problem, "");
    const auto found = site.read();
    ASSERT_TRUE(found);
    for (const std::string& subject : sure.own) {
        EXPECT_TRUE(found->own.contains(subject)) << subject;
    }
    for (const std::string& subject : found->own) {
        EXPECT_TRUE(sure.own.contains(subject) || unsure.contains(subject)) << subject;
    }
    EXPECT_EQ(found->feed, sure.feed);
    EXPECT_EQ(site.run_tool({"check"}).status, 0);
    std::printf("%u commands of 4 writers, %u killed\n", rounds * 4, killed);
}

// The pid in DIR/writer is that of whoever has the lock.
bool holds_the_lock(const LiveSite& site, pid_t pid) {
    return read_file(site.database() / "writer").starts_with(std::to_string(pid) + "\nimport");
}

TEST(Crash, AStoppedImportIsWaitedForByName) {
    const CrashSite site{crash_seed()};
    std::string list;
    for (std::uint32_t i = 0; i < 200'000; ++i) {
        list += "198." + std::to_string(i >> 16 & 255) + "." + std::to_string(i >> 8 & 255) + "." +
                std::to_string(i & 255) + "\n";
    }
    const auto path = site.site().directory() / "list.txt";
    site.site().write("list.txt", list);
    Process import(site.tool({"import", path, "--reason", "x"}));
    while (import.is_running() && !holds_the_lock(site.site(), import.pid())) {
        std::this_thread::yield();
    }
    import.signal(SIGSTOP);
    ASSERT_TRUE(import.is_running());
    for (const std::vector<std::string>& words :
         {std::vector<std::string>{"ban", "203.0.113.9", "--reason", "x"},
          {"expire"},
          {"restore", (site.site().directory() / "base").string()},
          {"check", "--repair"}}) {
        std::vector<std::string> with_wait = words;
        with_wait.insert(with_wait.end(), {"--wait", "2s"});
        const ProcessResult refused = site.run_tool(with_wait);
        EXPECT_EQ(refused.status, 4);
        EXPECT_EQ(refused.output, "");
        EXPECT_THAT(refused.errors,
                    HasSubstr("waiting for `import`, pid " + std::to_string(import.pid())));
        EXPECT_THAT(refused.errors, HasSubstr("gave up after 2s"));
    }
    // Who only reads waits for nobody; nor does a backup.
    EXPECT_EQ(site.read(), site.listed());
    EXPECT_EQ(site.run_tool({"check"}).status, 0);
    for (const char* option : {"--quiet", "--compact"}) {
        EXPECT_EQ(
            site.run_tool({"backup", (site.site().directory() / "copy").string(), option}).status,
            0);
    }
    import.signal(SIGCONT);
    EXPECT_EQ(import.wait().status, 0);
    EXPECT_EQ(site.run_tool({"ban", "203.0.113.9", "--reason", "x"}).status, 0);
    EXPECT_EQ(site.run_tool({"check"}).status, 0);
}

}  // namespace
}  // namespace ostrakon::test
