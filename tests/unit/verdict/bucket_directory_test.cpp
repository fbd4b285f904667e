// Remembered places of buckets stay right while their neighbours change, whoever looks how often.
#include "ostrakon/policy/decide.hpp"
#include "ostrakon/verdict/judge.hpp"
#include "support/temporary_directory.hpp"

#include <fmt/format.h>
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

// Every fourth lies above the three that follow it. What the filter tells of them lies in buckets
// that are smaller than those of addresses.
std::string name(std::uint32_t number) {
    const std::string above = fmt::format("h{}.example.com", number / kAddressesEach);
    const std::uint32_t label = number % kAddressesEach;
    return label == 0 ? above : fmt::format("{}.{}", "wxyz"[label], above);
}

class BucketDirectoryTest : public testing::Test {
protected:
    BucketDirectoryTest()
        : environment_(*store::Environment::open({.directory = directory_.path(),
                                                  .access = store::Access::ReadWriteCreate,
                                                  .size_bytes = 1UL << 28})) {}

    // Bans what is not banned, and lifts what is.
    void change(const policy::Subject& subject, std::set<std::uint32_t>& banned,
                std::uint32_t number) {
        if (banned.erase(number) == 0) {
            policy::Ban ban;
            ban.subjects = {subject};
            ban.reason = "spam";
            ASSERT_TRUE(policy::ban(environment_, settings_, ban, {"test", "ban", kNow}));
            banned.insert(number);
        } else {
            policy::Lift lift;
            lift.subjects = {subject};
            lift.reason = "clean";
            lift.override_lifecycle = true;
            ASSERT_TRUE(policy::unban(environment_, settings_, lift, {"test", "unban", kNow}));
        }
    }
    void change_address(std::uint32_t number) {
        change(net::Ipv4Range{address(number), address(number)}, banned_, number);
    }
    void change_name(std::uint32_t number) {
        change(policy::NameSubject{*dns::parse_name(name(number)), policy::NameScope::Tree},
               banned_names_, number);
    }

    void expect_right(Judge& judge) {
        ASSERT_TRUE(judge.renew());
        for (std::uint32_t number = 0; number < kBuckets * kAddressesEach; ++number) {
            const Verdict verdict = judge.judge(0, address(number), kNow);
            ASSERT_EQ(verdict.listed, banned_.contains(number)) << net::to_string(address(number));
            const std::string key = dns::reversed_key(*dns::parse_name(name(number)));
            const Verdict of_name = judge.judge(0, NameKey{key}, kNow);
            ASSERT_EQ(of_name.listed, banned_names_.contains(number) ||
                                          banned_names_.contains(number - number % kAddressesEach))
                << name(number);
        }
    }

    test::TemporaryDirectory directory_;
    store::Environment environment_;
    config::Settings settings_;
    std::set<std::uint32_t> banned_, banned_names_;
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
        const auto number = static_cast<std::uint32_t>(random()) % (kBuckets * kAddressesEach);
        random() % 2 == 0 ? change_address(number) : change_name(number);
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
