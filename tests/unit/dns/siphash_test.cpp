// SipHash-2-4 against the vectors of its authors.
#include "ostrakon/dns/siphash.hpp"

#include <gtest/gtest.h>

#include <numeric>
#include <vector>

namespace ostrakon::dns {
namespace {

// Key 00 01 … 0F, message 00 01 … of each length (J.-P. Aumasson, D. J. Bernstein: SipHash,
// Appendix A has the one of 15 bytes).
TEST(SipHash, IsTheAuthors) {
    struct Case {
        std::size_t size;
        std::uint64_t hash;
    };
    constexpr auto kCases = std::to_array<Case>({
        {0, 0x726FDB47DD0E0E31},
        {1, 0x74F839C593DC67FD},
        {2, 0x0D6C8009D9A94F5A},
        {3, 0x85676696D7FB7E2D},
        {4, 0xCF2794E0277187B7},
        {5, 0x18765564CD99A68D},
        {6, 0xCBC9466E58FEE3CE},
        {7, 0xAB0200F58B01D137},
        {8, 0x93F5F5799A932462},
        {9, 0x9E0082DF0BA9E4B0},
        {15, 0xA129CA6149BE45E5},
        {63, 0x958A324CEB064572},
    });
    SipHashKey key;
    std::iota(key.begin(), key.end(), std::uint8_t{0});
    for (const auto& [size, hash] : kCases) {
        std::vector<std::uint8_t> message(size);
        std::iota(message.begin(), message.end(), std::uint8_t{0});
        EXPECT_EQ(siphash24(key, message), hash) << size;
    }
}

}  // namespace
}  // namespace ostrakon::dns
