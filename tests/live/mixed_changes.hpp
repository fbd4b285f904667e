// What changes and what stays in the test of mixed load: changes of every sort, made up at random,
// with the answers that have to follow them.
#pragma once

#include "scenario/runner/scenario.hpp"
#include "support/dns_client.hpp"

#include "ostrakon/base/time.hpp"

#include <deque>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace ostrakon::test {

/// The zone that is asked.
inline constexpr const char* kMixedZone = "bl.example.org";

/// A name that is asked, and the code that has to be among the answers; without one it is not
/// listed.
struct Expected {
    std::string name;
    std::string code;
};

/// How the reply differs; empty where it does not.
std::string fault_of(const Reply& reply, const Expected& expected);

/// What must not move, whatever changes around it.
std::vector<Expected> what_stays();
std::vector<std::vector<std::string>> commands_for_what_stays();

/// A change, and what the next answers have to be.
struct Change {
    scenario::Command command;
    std::vector<Expected> expected;
};

/// Thinks of changes; knows what is listed by them. The same seed gives the same ones.
class Changes {
public:
    explicit Changes(unsigned seed);

    Change next(UnixTime at);
    /// The feed's list anew: always with what stays, and one more that differs.
    Change replace_feed();

private:
    Change toggle(std::vector<std::string> ban, Expected banned, const std::string& otherwise = "");
    Change short_ban(UnixTime at);

    std::mt19937 random_;
    std::vector<std::string> banned_;
    std::deque<std::pair<std::string, UnixTime>> short_lived_;
    unsigned short_bans_ = 0;
    unsigned feed_extra_;  ///< The last octet of what differs.
};

}  // namespace ostrakon::test
