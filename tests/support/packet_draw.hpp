// Draws packets for the crowded site: queries, nearly right ones, and noise. The same seed draws
// the same ones.
#pragma once

#include "support/query_builder.hpp"

#include <cstddef>
#include <cstdint>
#include <random>
#include <string>

namespace ostrakon::test {

class PacketDraw {
public:
    explicit PacketDraw(std::uint64_t seed) : random_(seed) {}

    unsigned below(std::size_t bound) { return static_cast<unsigned>(random_() % bound); }
    bool chance(unsigned percent) { return below(100) < percent; }
    std::uint8_t byte() { return static_cast<std::uint8_t>(random_()); }
    std::string bytes(std::size_t size_max);
    std::string labels();

    /// A query as a library would write it, at times for odd names, types and options.
    QuerySpec query();
    /// A query with some bytes changed, cut off or added.
    Bytes mutated_query();
    /// Bytes of any kind; most of them with a header that gets further.
    Bytes noise();
    /// Any of these.
    Bytes packet();

private:
    std::mt19937_64 random_;
};

}  // namespace ostrakon::test
