#include "ostrakon/dns/siphash.hpp"

#include <bit>
#include <cstddef>

namespace ostrakon::dns {
namespace {

constexpr std::size_t kWordSize = sizeof(std::uint64_t);
constexpr int kCompressionRounds = 2;
constexpr int kFinalRounds = 4;

std::uint64_t word_of(const std::uint8_t* bytes, std::size_t count) noexcept {
    std::uint64_t word = 0;
    for (std::size_t i = 0; i < count; ++i) {
        word |= std::uint64_t{bytes[i]} << (8 * i);
    }
    return word;
}

struct SipState {
    std::uint64_t v0, v1, v2, v3;

    void mix(int rounds) noexcept {
        for (int i = 0; i < rounds; ++i) {
            v0 += v1;
            v2 += v3;
            v1 = std::rotl(v1, 13) ^ v0;
            v3 = std::rotl(v3, 16) ^ v2;
            v0 = std::rotl(v0, 32);
            v2 += v1;
            v0 += v3;
            v1 = std::rotl(v1, 17) ^ v2;
            v3 = std::rotl(v3, 21) ^ v0;
            v2 = std::rotl(v2, 32);
        }
    }

    void compress(std::uint64_t word) noexcept {
        v3 ^= word;
        mix(kCompressionRounds);
        v0 ^= word;
    }
};

}  // namespace

std::uint64_t siphash24(const SipHashKey& key, std::span<const std::uint8_t> message) noexcept {
    const std::uint64_t k0 = word_of(key.data(), kWordSize);
    const std::uint64_t k1 = word_of(key.data() + kWordSize, kWordSize);
    SipState state{k0 ^ 0x736F6D6570736575U, k1 ^ 0x646F72616E646F6DU, k0 ^ 0x6C7967656E657261U,
                   k1 ^ 0x7465646279746573U};
    const std::size_t tail = message.size() % kWordSize;
    const std::size_t whole = message.size() - tail;
    for (std::size_t at = 0; at < whole; at += kWordSize) {
        state.compress(word_of(message.data() + at, kWordSize));
    }
    state.compress(word_of(message.data() + whole, tail) | std::uint64_t{message.size()} << 56);
    state.v2 ^= 0xFF;
    state.mix(kFinalRounds);
    return state.v0 ^ state.v1 ^ state.v2 ^ state.v3;
}

}  // namespace ostrakon::dns
