// SipHash-2-4 against the vectors of its authors: key 00 01 … 0f, the first n bytes of 00 01 02 ….
#include "ostrakon/base/siphash.hpp"

#include <gtest/gtest.h>

#include <string>

namespace ostrakon {
namespace {

constexpr SipKey kKey{0x0706050403020100U, 0x0f0e0d0c0b0a0908U};

std::string counted_up(std::size_t size) {
    std::string bytes;
    for (std::size_t i = 0; i < size; ++i) {
        bytes.push_back(static_cast<char>(i));
    }
    return bytes;
}

TEST(SipHash, IsThatOfItsAuthors) {
    EXPECT_EQ(siphash24(kKey, counted_up(0)), 0x726fdb47dd0e0e31U);
    EXPECT_EQ(siphash24(kKey, counted_up(1)), 0x74f839c593dc67fdU);
    EXPECT_EQ(siphash24(kKey, counted_up(7)), 0xab0200f58b01d137U);
    EXPECT_EQ(siphash24(kKey, counted_up(8)), 0x93f5f5799a932462U);
    EXPECT_EQ(siphash24(kKey, counted_up(15)), 0xa129ca6149be45e5U);
    EXPECT_EQ(siphash24(kKey, counted_up(63)), 0x958a324ceb064572U);
}

TEST(SipHash, DependsOnTheKey) {
    EXPECT_NE(siphash24({1, 2}, "bytes"), siphash24({2, 1}, "bytes"));
}

}  // namespace
}  // namespace ostrakon
