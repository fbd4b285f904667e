#include "ostrakon/base/siphash.hpp"

#include <bit>
#include <cstddef>

namespace ostrakon {
namespace {

constexpr int kRoundsPerWord = 2;
constexpr int kRoundsAtEnd = 4;
constexpr std::size_t kWord = sizeof(std::uint64_t);

struct SipState {
    std::uint64_t v0, v1, v2, v3;

    void round() noexcept {
        v0 += v1;
        v1 = std::rotl(v1, 13) ^ v0;
        v0 = std::rotl(v0, 32);
        v2 += v3;
        v3 = std::rotl(v3, 16) ^ v2;
        v0 += v3;
        v3 = std::rotl(v3, 21) ^ v0;
        v2 += v1;
        v1 = std::rotl(v1, 17) ^ v2;
        v2 = std::rotl(v2, 32);
    }

    void take(std::uint64_t word) noexcept {
        v3 ^= word;
        for (int i = 0; i < kRoundsPerWord; ++i) {
            round();
        }
        v0 ^= word;
    }
};

// Up to eight bytes, the first one lowest.
std::uint64_t little_endian(std::string_view bytes) noexcept {
    std::uint64_t word = 0;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        word |= std::uint64_t{static_cast<std::uint8_t>(bytes[i])} << (8 * i);
    }
    return word;
}

}  // namespace

std::uint64_t siphash24(const SipKey& key, std::string_view bytes) noexcept {
    SipState state{key.k0 ^ 0x736f6d6570736575U, key.k1 ^ 0x646f72616e646f6dU,
                   key.k0 ^ 0x6c7967656e657261U, key.k1 ^ 0x7465646279746573U};
    const std::uint64_t length = std::uint64_t{bytes.size()} << 56;
    while (bytes.size() >= kWord) {
        state.take(little_endian(bytes.substr(0, kWord)));
        bytes.remove_prefix(kWord);
    }
    state.take(length | little_endian(bytes));
    state.v2 ^= 0xFF;
    for (int i = 0; i < kRoundsAtEnd; ++i) {
        state.round();
    }
    return state.v0 ^ state.v1 ^ state.v2 ^ state.v3;
}

}  // namespace ostrakon
