// What `ostrakon` has reported as done is in the server's next answer, every time; and never half
// of it.
#include "support/live_site.hpp"
#include "support/sanitizer.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <fstream>
#include <random>
#include <set>

namespace ostrakon::test {
namespace {

using testing::ElementsAre;

constexpr int kRepetitions = kIsSanitized ? 50 : 1000;
constexpr int kImported = kIsSanitized ? 20'000 : 1'000'000;

constexpr const char* kListed = "7.2.0.192.bl.example.org";

std::vector<std::string> tool(const LiveSite& site, std::vector<std::string> words) {
    std::vector<std::string> arguments{program("ostrakon")};
    arguments.insert(arguments.end(), words.begin(), words.end());
    arguments.insert(arguments.end(), {"--config", site.configuration()});
    return arguments;
}

void expect_done(const ProcessResult& result) {
    ASSERT_EQ(result.status, 0) << result.errors;
}

TEST(LiveBan, IsInTheNextAnswerAThousandTimes) {
    const LiveSite site({.more = "[lifecycle]\nrepeat_minimum = \"0s\"\nevidence_to_lift = false"});
    LiveServer server(site);
    UdpClient client(server.address());
    for (int i = 0; i < kRepetitions; ++i) {
        SCOPED_TRACE(i);
        ASSERT_NO_FATAL_FAILURE(
            expect_done(run(tool(site, {"ban", "192.0.2.7", "--reason", "spam", "--quiet"}))));
        ASSERT_THAT(client.ask({.name = kListed}).data, ElementsAre("127.0.0.2"));
        ASSERT_NO_FATAL_FAILURE(
            expect_done(run(tool(site, {"unban", "192.0.2.7", "--reason", "fine", "--quiet"}))));
        ASSERT_EQ(client.ask({.name = kListed}).rcode, "NXDOMAIN");
    }
}

// Distinct addresses, the same ones in each run.
std::vector<std::uint32_t> addresses_to_import(std::uint32_t seed) {
    std::mt19937 random(seed);
    std::set<std::uint32_t> chosen;
    while (chosen.size() < kImported) {
        const auto address = static_cast<std::uint32_t>(random());
        const std::uint32_t first = address >> 24;
        if (first >= 11 && first < 100) {  // nothing that [protect] never holds
            chosen.insert(address);
        }
    }
    return {chosen.begin(), chosen.end()};
}

std::string query_name(std::uint32_t address) {
    return std::to_string(address & 255) + "." + std::to_string(address >> 8 & 255) + "." +
           std::to_string(address >> 16 & 255) + "." + std::to_string(address >> 24) +
           ".bl.example.org";
}

std::filesystem::path write_list(const LiveSite& site,
                                 const std::vector<std::uint32_t>& addresses) {
    const std::filesystem::path file = site.directory() / "list.txt";
    std::ofstream out(file);
    for (const std::uint32_t address : addresses) {
        out << (address >> 24) << '.' << (address >> 16 & 255) << '.' << (address >> 8 & 255) << '.'
            << (address & 255) << '\n';
    }
    return file;
}

// Asks one address after the other for as long as the import runs, and once more.
struct Watch {
    int answers = 0;
    int unanswered = 0;
    int listed = 0;
    int unlisted_after_listed = 0;
    std::chrono::duration<double, std::milli> longest_gap{0};

    void ask(UdpClient& client, std::uint32_t address) {
        const auto asked = std::chrono::steady_clock::now();
        const Reply reply = client.ask({.name = query_name(address)});
        longest_gap =
            std::max(longest_gap, decltype(longest_gap)(std::chrono::steady_clock::now() - asked));
        ++answers;
        const bool is_listed = !reply.data.empty();
        unanswered += reply.rcode == "NOERROR" || reply.rcode == "NXDOMAIN" ? 0 : 1;
        unlisted_after_listed += listed > 0 && !is_listed ? 1 : 0;
        listed += is_listed ? 1 : 0;
    }
};

TEST(LiveImport, IsServedWholeOrNotAtAll) {
    const LiveSite site;
    LiveServer server(site);
    const std::vector<std::uint32_t> addresses = addresses_to_import(1);
    const std::filesystem::path list = write_list(site, addresses);
    UdpClient client(server.address());
    Watch watch;
    std::mt19937 random(2);
    const auto begun = std::chrono::steady_clock::now();
    Process import({.arguments = tool(site, {"import", list, "--reason", "spam", "--quiet"})});
    while (import.is_running()) {
        watch.ask(client, addresses[random() % addresses.size()]);
    }
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begun;
    ASSERT_NO_FATAL_FAILURE(expect_done(import.wait()));
    EXPECT_EQ(watch.unanswered, 0);
    EXPECT_EQ(watch.unlisted_after_listed, 0) << "of " << watch.answers << " answers";
    for (int i = 0; i < 10000; ++i) {
        ASSERT_THAT(client.ask({.name = query_name(addresses[random() % addresses.size()])}).data,
                    ElementsAre("127.0.0.2"));
    }
    const std::string gap = std::to_string(watch.longest_gap.count());
    RecordProperty("longest_gap_ms", gap);
    std::printf("%d entries imported in %.1f s; %d answers meanwhile, longest gap %s ms\n",
                kImported, took.count(), watch.answers, gap.c_str());
    EXPECT_EQ(server.stop().status, 0);
}

}  // namespace
}  // namespace ostrakon::test
