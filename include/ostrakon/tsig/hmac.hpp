// Keyed digests (RFC 2104), step by step and without a heap.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace ostrakon::tsig {

using Bytes = std::span<const std::uint8_t>;

enum class Algorithm : std::uint8_t { Sha1, Sha224, Sha256, Sha384, Sha512 };

/// Bytes of the longest MAC.
inline constexpr std::size_t kMacSizeMax = 64;

struct Mac {
    std::array<std::uint8_t, kMacSizeMax> bytes{};
    std::size_t size = 0;
    Bytes view() const noexcept { return Bytes{bytes}.first(size); }
};

/// Bytes of the MAC that an algorithm gives.
std::size_t mac_size(Algorithm algorithm) noexcept;

/// Compares two MACs, of one size, in a time that does not depend on where they differ.
bool is_same_mac(Bytes one, Bytes other) noexcept;

class Hmac {
public:
    Hmac(Algorithm algorithm, Bytes key) noexcept;
    void update(Bytes bytes) noexcept;
    /// To be called once, as the last.
    Mac finish() noexcept;

private:
    struct Digest;
    static constexpr std::size_t kContextSize = 256;
    static constexpr std::size_t kBlockSizeMax = 128;

    Algorithm algorithm_;
    alignas(std::uint64_t) std::array<std::uint8_t, kContextSize> context_{};  // of libmd
    std::array<std::uint8_t, kBlockSizeMax> outer_{};
};

}  // namespace ostrakon::tsig
