// `ostrakon pull` killed at random points: what answers is wholly the old version or the new one.
//
// OSTRAKON_CRASH_POINTS: how many kills (500 for a campaign); OSTRAKON_CRASH_SEED chooses them.
#include "pull/feed_site.hpp"
#include "support/campaign.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <csignal>
#include <thread>

namespace ostrakon::test {
namespace {

using std::chrono::steady_clock;

constexpr unsigned kPoints = 200;
constexpr std::uint32_t kEntries = 20'000;
constexpr std::uint32_t kDifferent = kEntries / 100;
constexpr int kKilled = 128 + SIGKILL;

// The versions 0 and 1 differ in the last hundredth of their entries, and in one of their first.
std::uint32_t first_different(int version) {
    return 100'000 + static_cast<std::uint32_t>(version) * kDifferent;
}
std::string marker(int version) {
    return fmt::format("192.0.2.{}", version);
}
std::string list(int version) {
    return marker(version) + "\n" + addresses(kEntries - kDifferent) +
           addresses(kDifferent, first_different(version));
}

std::chrono::microseconds elapsed_since(steady_clock::time_point begun) {
    return std::chrono::duration_cast<std::chrono::microseconds>(steady_clock::now() - begun);
}

class KilledPull : public ::testing::Test {
protected:
    // Whether all of what one version alone has answers, or nothing of it does; nothing where it
    // is some of it.
    std::optional<bool> is_served(int version) {
        std::uint32_t found = site_.answers(marker(version)) ? 1 : 0;
        for (std::uint32_t i = 0; i < kDifferent; ++i) {
            found += site_.answers(address(first_different(version) + i)) ? 1 : 0;
        }
        return found == 0                ? std::optional{false}
               : found == 1 + kDifferent ? std::optional{true}
                                         : std::nullopt;
    }
    // The version that answers, wholly and alone; -1: none does.
    int served() {
        const auto first = is_served(0);
        const auto second = is_served(1);
        return !first || !second || *first == *second ? -1 : *first ? 0 : 1;
    }

    FeedSite site_;
};

TEST_F(KilledPull, Rule06LeavesTheOldVersionOrTheNew) {
    const std::uint32_t seed = crash_seed();
    std::mt19937 random{seed};
    fmt::print("OSTRAKON_CRASH_SEED={}\n", seed);
    site_.configure({site_.publish(list(0))});
    ASSERT_EQ(site_.pull()["result"], "updated");
    ASSERT_EQ(served(), 0);
    int current = 0;
    unsigned killed = 0;
    unsigned taken_in = 0;
    auto takes = std::chrono::microseconds{0};
    while (killed < crash_points(kPoints)) {
        SCOPED_TRACE(fmt::format("seed {}, after {} kills", seed, killed));
        const int next = 1 - current;
        site_.publish(list(next));
        const auto begun = steady_clock::now();
        Process pull(site_.tool({"pull", "--force", kFeed}));
        if (takes.count() > 0) {  // the first is measured
            // Every other one near the end, where the swap is.
            const auto whole = static_cast<std::uint64_t>(takes.count());
            const std::uint64_t from = killed % 2 == 0 ? 0 : whole * 3 / 4;
            std::this_thread::sleep_until(
                begun + std::chrono::microseconds{from + random() % (whole * 9 / 8 - from)});
            pull.signal(SIGKILL);
        }
        const ProcessResult result = pull.wait();
        if (result.status == kKilled) {
            ++killed;
            const int now_served = served();
            ASSERT_TRUE(now_served == 0 || now_served == 1) << "half of a version is served";
            taken_in += now_served == next ? 1 : 0;
            const Answer checked = site_({"check"});
            ASSERT_EQ(checked.status, 0) << checked.output << checked.errors;
            const auto begun_again = steady_clock::now();
            const Json again = site_.pull_again();
            ASSERT_TRUE(again["result"] == "updated" || again["result"] == "unchanged") << again;
            takes = again["result"] == "updated" ? elapsed_since(begun_again) : takes;
        } else {
            ASSERT_EQ(result.status, 0) << result.output << result.errors;
            takes = elapsed_since(begun);
        }
        ASSERT_EQ(served(), next);
        ASSERT_EQ(site_.stray_files(), std::vector<std::string>{});
        current = next;
    }
    fmt::print("{} kills, of which {} came behind the swap; a pull takes {} ms\n", killed, taken_in,
               takes.count() / 1000);
}

}  // namespace
}  // namespace ostrakon::test
