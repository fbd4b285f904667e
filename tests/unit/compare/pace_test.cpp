// How many packets leave in a second, and which zones foreign names seem to be of.
#include "pace.hpp"

#include "ostrakon/compare/foreign_names.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ostrakon::compare {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;

TEST(Pace, LetsThatManySendInASecond) {
    for (const std::uint64_t rate : {1U, 100U, 20'000U}) {
        Pace pace{rate};
        std::uint64_t sent = 0;
        const auto start = pace.next();
        for (auto now = start; now < start + 2s; now += 1ms) {
            for (; pace.lets_send(now); ++sent) {
                pace.sent(now);
            }
        }
        EXPECT_GE(sent, rate * 2 - rate / 100);
        EXPECT_LE(sent, rate * 2 + 1);
    }
}

TEST(Pace, DoesNotMakeUpForALongPause) {
    Pace pace{1000};
    const auto later = pace.next() + 1h;
    std::uint64_t sent = 0;
    for (; pace.lets_send(later); ++sent) {
        pace.sent(later);
    }
    EXPECT_LE(sent, 12U);
}

dns::Name name(std::string_view text) {
    return *dns::parse_name(text);
}

TEST(ForeignNames, AreToldByTheirZone) {
    ForeignNames foreign;
    foreign.add(name("7.2.0.192.other.example"), 2);
    foreign.add(name("8.2.0.192.other.example"), 1);
    foreign.add(name("bad.test.dbl.other.example"), 9);
    EXPECT_EQ(foreign.names(), 3U);
    EXPECT_THAT(foreign.notes(),
                ElementsAre("no zone here has dbl.other.example: asked 9 times, left out",
                            "no zone here has other.example: asked 3 times, left out"));
    std::string nibbles;
    for (int i = 0; i < 32; ++i) {
        nibbles += "1.";
    }
    EXPECT_EQ(guessed_zone(name(nibbles + "v6.other.example")), name("v6.other.example"));
}

TEST(ForeignNames, AreNotAllNamed) {
    ForeignNames foreign;
    for (int i = 0; i < 3000; ++i) {
        foreign.add(name("a.b" + std::to_string(i) + ".example"), 1);
    }
    ASSERT_EQ(foreign.notes().size(), 11U);
    EXPECT_EQ(foreign.notes().back(), "2990 questions of further zones are left out");
}

}  // namespace
}  // namespace ostrakon::compare
