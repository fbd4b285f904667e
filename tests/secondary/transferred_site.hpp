// A primary whose zone others take, and random changes to what it lists.
#pragma once

#include "support/live_site.hpp"

#include <cstdint>
#include <random>
#include <string>
#include <vector>

namespace ostrakon::test {

inline constexpr const char* kTransferredZone = "bl.example.org";

/// Something to ask of the primary and of those who hold a copy.
struct ZoneQuestion {
    std::string name;  ///< Without the origin.
    bool is_whole;     ///< A whole address or a name; otherwise a part of an address.
    bool may_be_cut;   ///< A whole IPv4 address that is also a part of IPv6 space.
};

/// Changes through the real program, known from a seed.
class RandomChanges {
public:
    RandomChanges(const LiveSite& site, std::uint32_t seed) : site_(site), random_(seed) {}

    /// Makes one change set; returns what it was, for messages. Throws std::runtime_error where the
    /// program refuses.
    std::string make_one();

    /// Questions at the edges of what was changed, and at random.
    std::vector<ZoneQuestion> questions(std::size_t count);

private:
    std::uint32_t below(std::uint32_t bound) {
        return static_cast<std::uint32_t>(random_() % bound);
    }
    std::string some_address();
    std::string some_prefix();
    std::string some_ipv6();
    std::string some_name();
    std::string some_subject();
    std::string import_feed();
    void run_tool(const std::vector<std::string>& arguments) const;

    ZoneQuestion question_of_ipv4();
    ZoneQuestion question_of_ipv6();
    ZoneQuestion question_of_name();

    const LiveSite& site_;
    std::mt19937 random_;
    std::vector<std::string> banned_;
    std::uint32_t number_ = 0;
};

}  // namespace ostrakon::test
