// The real commands on a large list: what they take in time, memory and file. Prints a table and
// judges only that everything is right.
//
// Small by default, so that it always runs; OSTRAKON_SCALE=10000000 is what operators may have.
#include "support/live_site.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>
#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <sstream>
#include <thread>

namespace ostrakon::test {
namespace {

using ::testing::HasSubstr;
using Clock = std::chrono::steady_clock;

constexpr std::uint32_t kEntriesDefault = 20'000;
constexpr std::uint32_t kEntriesMax = 18'000'000;  // with what replaces them, below what is read
constexpr std::uint32_t kSeed = 20261122;
constexpr std::chrono::milliseconds kSampleEvery{5};
constexpr std::chrono::minutes kCommandPatience{30};

std::uint32_t entries_from_environment() {
    const char* const text = std::getenv("OSTRAKON_SCALE");
    const unsigned long wanted =
        text == nullptr ? kEntriesDefault : std::strtoul(text, nullptr, 10);
    return static_cast<std::uint32_t>(std::clamp(wanted, 1000UL, 0UL + kEntriesMax));
}

// One to one: different numbers give different addresses, in no order.
std::uint32_t scattered(std::uint32_t number) {
    std::uint32_t bits = number ^ kSeed;
    bits = (bits ^ bits >> 16) * 0x85EBCA6B;
    bits = (bits ^ bits >> 13) * 0xC2B2AE35;
    return bits ^ bits >> 16;
}

// Addresses that a list from outside may have; the order of numbers is that of the list.
std::vector<std::uint32_t> addresses(std::uint32_t count) {
    std::vector<std::uint32_t> found;
    found.reserve(count);
    for (std::uint32_t number = 0; found.size() < count; ++number) {
        const std::uint32_t address = scattered(number);
        const std::uint32_t upper = address >> 24;
        if (upper != 0 && upper != 10 && upper != 127 && upper < 224) {
            found.push_back(address);
        }
    }
    return found;
}

std::string text_of(const std::vector<std::uint32_t>& list) {
    std::string text;
    text.reserve(list.size() * 15);
    for (const std::uint32_t address : list) {
        fmt::format_to(std::back_inserter(text), "{}.{}.{}.{}\n", address >> 24,
                       address >> 16 & 255, address >> 8 & 255, address & 255);
    }
    return text;
}

// What a process has taken, as the kernel counts it.
struct Taken {
    double wall_s = 0;
    double cpu_s = 0;
    double own_mib = 0;       // most anonymous memory at once: without the map of the database
    double resident_mib = 0;  // most of everything at once, the map too
};

double mib_in(const std::string& status, const std::string& name) {
    const std::size_t at = status.find(name + ":");
    return at == std::string::npos
               ? 0
               : std::strtod(status.c_str() + at + name.size() + 1, nullptr) / 1024;
}

std::string contents(const std::filesystem::path& path) {
    std::ostringstream text;
    text << std::ifstream{path}.rdbuf();
    return text.str();
}

void sample(pid_t pid, Taken& taken) {
    const auto directory = std::filesystem::path{"/proc"} / std::to_string(pid);
    const std::string status = contents(directory / "status");
    if (!status.starts_with("Name:\tostrakon\n")) {
        return;  // still this program's copy, which has not become the tool yet
    }
    taken.own_mib = std::max(taken.own_mib, mib_in(status, "RssAnon"));
    taken.resident_mib = std::max(taken.resident_mib, mib_in(status, "VmHWM"));
    const std::string stat = contents(directory / "stat");
    std::istringstream fields{stat.substr(std::min(stat.size(), stat.rfind(')') + 1))};
    std::string skipped;
    for (int field = 0; field < 11; ++field) {
        fields >> skipped;
    }
    double user = 0;
    double system = 0;
    if (fields >> user >> system) {
        taken.cpu_s =
            std::max(taken.cpu_s, (user + system) / static_cast<double>(sysconf(_SC_CLK_TCK)));
    }
}

class Scale : public testing::Test {
protected:
    // Runs the tool, and adds a row to the table.
    std::string measured(const std::string& what, std::vector<std::string> words,
                         const LiveSite& site) {
        words.insert(words.begin(),
                     {program("ostrakon"), "--config", site.configuration().string()});
        Taken taken;
        const auto start = Clock::now();
        Process process{ProcessOptions{.arguments = std::move(words)}};
        while (process.is_running()) {
            sample(process.pid(), taken);
            std::this_thread::sleep_for(kSampleEvery);
        }
        taken.wall_s = std::chrono::duration<double>(Clock::now() - start).count();
        const ProcessResult result = process.wait(kCommandPatience);
        EXPECT_EQ(result.status, 0) << what << ": " << result.errors;
        const double file_mib =
            static_cast<double>(std::filesystem::file_size(site.database() / "data.mdb")) /
            (1 << 20);
        row(what, fmt::format("{:8.2f} {:8.2f} {:9.0f} {:9.0f} {:9.0f}", taken.wall_s, taken.cpu_s,
                              taken.own_mib, taken.resident_mib, file_mib));
        return result.output;
    }
    void row(const std::string& what, const std::string& figures) {
        table_ += fmt::format("{:<44} {}\n", what, figures);
    }

    // From the start of the server to its first right answer.
    void measure_first_answer(const LiveSite& site, std::uint32_t listed) {
        const Question question{.name = fmt::format("{}.{}.{}.{}.bl.example.org", listed & 255,
                                                    listed >> 8 & 255, listed >> 16 & 255,
                                                    listed >> 24)};
        const auto start = Clock::now();
        LiveServer server{site};
        const Reply reply = ask_udp(server.address(), question);
        const double seconds = std::chrono::duration<double>(Clock::now() - start).count();
        EXPECT_EQ(reply.data, std::vector<std::string>{"127.0.0.3"});
        row("ostrakond: start to first answer", fmt::format("{:8.3f}", seconds));
        EXPECT_EQ(server.stop().status, 0);
    }

    std::string table_ = fmt::format("{:<44} {:>8} {:>8} {:>9} {:>9} {:>9}\n", "", "s", "CPU s",
                                     "own MiB", "with map", "file MiB");
};

TEST_F(Scale, IsRightAndMeasured) {
    const std::uint32_t count = entries_from_environment();
    const std::uint32_t changed = count / 100;
    const auto all = addresses(count + changed);
    const std::vector<std::uint32_t> first(all.begin(), all.begin() + count);
    const std::vector<std::uint32_t> second(all.begin() + changed, all.end());

    const LiveSite site{{.database_mib = 16384}};
    const auto file = [&](const char* name) { return (site.directory() / name).string(); };
    site.write("first.txt", text_of(first));
    site.write("second.txt", text_of(second));
    const std::vector<std::string> into_feed{"--source", "big", "--replace"};
    const auto import = [&](const char* name) {
        std::vector<std::string> words{"import", file(name)};
        words.insert(words.end(), into_feed.begin(), into_feed.end());
        return words;
    };
    EXPECT_THAT(measured("import, unsorted, the feed's first", import("first.txt"), site),
                HasSubstr(" added, 0 changed, 0 removed, 0 unchanged, 0 rejected"));
    measure_first_answer(site, first.back());
    measured("check", {"check"}, site);
    EXPECT_THAT(
        measured("import --replace, 1 % differs",
                 {"--json", "import", file("second.txt"), "--source", "big", "--replace"}, site),
        HasSubstr(fmt::format("\"added\": {},", changed)));
    measured("import --replace, nothing differs", import("second.txt"), site);
    measured("check", {"check"}, site);

    std::vector<std::uint32_t> sorted = first;
    std::sort(sorted.begin(), sorted.end());
    const LiveSite other{{.database_mib = 16384}};
    site.write("sorted.txt", text_of(sorted));
    measured("import, sorted, into another database", import("sorted.txt"), other);

    const std::vector<std::uint32_t> tenth(first.begin(), first.begin() + count / 10);
    site.write("tenth.txt", text_of(tenth));
    const LiveSite own{{.database_mib = 16384}};
    measured("import of a tenth as own bans", {"import", file("tenth.txt"), "--yes"}, own);
    measured("check", {"check"}, own);

    std::cout << fmt::format("{} addresses, seed {}, load {}", count, kSeed,
                             contents("/proc/loadavg"))
              << table_;
}

}  // namespace
}  // namespace ostrakon::test
