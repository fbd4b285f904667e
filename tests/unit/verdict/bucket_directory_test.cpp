// Remembered places of buckets stay right while their neighbours change, whoever looks how often.
#include "ostrakon/policy/decide.hpp"
#include "ostrakon/verdict/judge.hpp"
#include "support/temporary_directory.hpp"

#include <gtest/gtest.h>
#include <random>
#include <set>

namespace ostrakon::verdict {
namespace {

constexpr UnixTime kNow{1'800'000'000};
constexpr int kChanges = 600;
constexpr std::uint32_t kBuckets = 48;  // small and side by side, so that many share a page
constexpr std::uint32_t kAddressesEach = 4;

std::shared_ptr<const Rulebook> rulebook() {
    auto made = std::make_shared<Rulebook>();
    zone::Zone zone;
    zone.name = "bl.example.org";
    zone.origin = *dns::parse_name(zone.name);
    zone.sources = {{"own", false}};
    zone.classes = {"*"};
    made->zones.push_back(zone);
    return made;
}

// Of the reserved space 240.0.0.0/4: no range for documents has enough /16s.
net::Ipv4 address(std::uint32_t number) {
    return {0xF0000000 + (number / kAddressesEach << 16) + number % kAddressesEach * 257};
}

class BucketDirectoryTest : public testing::Test {
protected:
    BucketDirectoryTest()
        : environment_(*store::Environment::open({.directory = directory_.path(),
                                                  .access = store::Access::ReadWriteCreate,
                                                  .size_bytes = 1UL << 28})) {}

    void change(std::uint32_t number) {
        const std::vector<policy::Subject> subject{
            net::Ipv4Range{address(number), address(number)}};
        if (banned_.erase(number) == 0) {
            policy::Ban ban;
            ban.subjects = subject;
            ban.reason = "spam";
            ASSERT_TRUE(policy::ban(environment_, settings_, ban, {"test", "ban", kNow}));
            banned_.insert(number);
        } else {
            policy::Lift lift;
            lift.subjects = subject;
            lift.reason = "clean";
            lift.override_lifecycle = true;
            ASSERT_TRUE(policy::unban(environment_, settings_, lift, {"test", "unban", kNow}));
        }
    }

    void expect_right(Judge& judge) {
        ASSERT_TRUE(judge.renew());
        for (std::uint32_t number = 0; number < kBuckets * kAddressesEach; ++number) {
            const Verdict verdict = judge.judge(0, address(number), kNow);
            ASSERT_EQ(verdict.listed, banned_.contains(number)) << net::to_string(address(number));
        }
    }

    test::TemporaryDirectory directory_;
    store::Environment environment_;
    config::Settings settings_;
    std::set<std::uint32_t> banned_;
};

TEST_F(BucketDirectoryTest, IsRightForWhoeverLooksHoweverSeldom) {
    const unsigned seed = std::random_device{}();
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::mt19937 random{seed};
    std::vector<Judge> judges;
    for (int i = 0; i < 4; ++i) {
        judges.emplace_back(environment_, rulebook());
    }
    for (int i = 0; i < kChanges; ++i) {
        change(static_cast<std::uint32_t>(random()) % (kBuckets * kAddressesEach));
        if (HasFatalFailure()) {
            return;
        }
        // The first looks each time, each further one a tenth as often; some sleep in between.
        for (std::size_t judge = 0, every = 1; judge < judges.size(); ++judge, every *= 10) {
            if (random() % every == 0) {
                expect_right(judges[judge]);
            }
            if (random() % 2 == 0) {
                judges[judge].reset();
            }
        }
    }
}

}  // namespace
}  // namespace ostrakon::verdict
