#include "ostrakon/tsig/hmac.hpp"

#include "ostrakon/base/assert.hpp"

#include <sha1.h>
#include <sha2.h>

#include <algorithm>

namespace ostrakon::tsig {
namespace {

constexpr std::size_t kSha224Size = 28;
// libmd has no SHA-224: it is SHA-256 from other values, cut (FIPS 180-4 §5.3.2, §6.3).
constexpr std::array<std::uint32_t, 8> kSha224Begin{0xC1059ED8, 0x367CD507, 0x3070DD17, 0xF70E5939,
                                                    0xFFC00B31, 0x68581511, 0x64F98FA7, 0xBEFA4FA4};
constexpr std::uint8_t kInner = 0x36;
constexpr std::uint8_t kOuter = 0x5C;

std::size_t block_size(Algorithm algorithm) noexcept {
    return algorithm == Algorithm::Sha384 || algorithm == Algorithm::Sha512 ? SHA512_BLOCK_LENGTH
                                                                            : SHA256_BLOCK_LENGTH;
}

}  // namespace

// One hash, in the bytes that the HMAC keeps for it.
struct Hmac::Digest {
    Digest(Algorithm of, std::array<std::uint8_t, kContextSize>& space) noexcept
        : algorithm(of), bytes(space.data()) {
        static_assert(sizeof(SHA2_CTX) <= kContextSize && sizeof(SHA1_CTX) <= kContextSize);
    }
    SHA1_CTX* sha1() const noexcept { return reinterpret_cast<SHA1_CTX*>(bytes); }
    SHA2_CTX* sha2() const noexcept { return reinterpret_cast<SHA2_CTX*>(bytes); }

    void begin() const noexcept {
        switch (algorithm) {
            case Algorithm::Sha1:
                return SHA1Init(sha1());
            case Algorithm::Sha224:
                SHA256Init(sha2());
                std::copy(kSha224Begin.begin(), kSha224Begin.end(), sha2()->state.st32);
                return;
            case Algorithm::Sha256:
                return SHA256Init(sha2());
            case Algorithm::Sha384:
                return SHA384Init(sha2());
            case Algorithm::Sha512:
                return SHA512Init(sha2());
        }
    }
    void update(Bytes text) const noexcept {
        switch (algorithm) {
            case Algorithm::Sha1:
                return SHA1Update(sha1(), text.data(), text.size());
            case Algorithm::Sha224:
            case Algorithm::Sha256:
                return SHA256Update(sha2(), text.data(), text.size());
            case Algorithm::Sha384:
                return SHA384Update(sha2(), text.data(), text.size());
            case Algorithm::Sha512:
                return SHA512Update(sha2(), text.data(), text.size());
        }
    }
    Mac finish() const noexcept {
        Mac mac;
        mac.size = mac_size(algorithm);
        switch (algorithm) {
            case Algorithm::Sha1:
                SHA1Final(mac.bytes.data(), sha1());
                break;
            case Algorithm::Sha224:
            case Algorithm::Sha256:
                SHA256Final(mac.bytes.data(), sha2());
                break;
            case Algorithm::Sha384:
                SHA384Final(mac.bytes.data(), sha2());
                break;
            case Algorithm::Sha512:
                SHA512Final(mac.bytes.data(), sha2());
                break;
        }
        return mac;
    }

    Algorithm algorithm;
    std::uint8_t* bytes;
};

std::size_t mac_size(Algorithm algorithm) noexcept {
    switch (algorithm) {
        case Algorithm::Sha1:
            return SHA1_DIGEST_LENGTH;
        case Algorithm::Sha224:
            return kSha224Size;
        case Algorithm::Sha256:
            return SHA256_DIGEST_LENGTH;
        case Algorithm::Sha384:
            return SHA384_DIGEST_LENGTH;
        case Algorithm::Sha512:
            return SHA512_DIGEST_LENGTH;
    }
    return 0;
}

bool is_same_mac(Bytes one, Bytes other) noexcept {
    OSTRAKON_ASSERT(one.size() == other.size());
    unsigned difference = 0;
    for (std::size_t i = 0; i < one.size(); ++i) {
        difference |= static_cast<unsigned>(one[i] ^ other[i]);
    }
    return difference == 0;
}

Hmac::Hmac(Algorithm algorithm, Bytes key) noexcept : algorithm_(algorithm) {
    const Digest digest{algorithm_, context_};
    Mac hashed;
    if (key.size() > block_size(algorithm)) {
        digest.begin();
        digest.update(key);
        hashed = digest.finish();
        key = hashed.view();
    }
    std::array<std::uint8_t, kBlockSizeMax> inner{};
    std::copy(key.begin(), key.end(), inner.begin());
    std::transform(inner.begin(), inner.end(), outer_.begin(),
                   [](std::uint8_t byte) { return static_cast<std::uint8_t>(byte ^ kOuter); });
    std::transform(inner.begin(), inner.end(), inner.begin(),
                   [](std::uint8_t byte) { return static_cast<std::uint8_t>(byte ^ kInner); });
    digest.begin();
    digest.update(Bytes{inner}.first(block_size(algorithm)));
}

void Hmac::update(Bytes bytes) noexcept {
    Digest{algorithm_, context_}.update(bytes);
}

Mac Hmac::finish() noexcept {
    const Digest digest{algorithm_, context_};
    const Mac inner = digest.finish();
    digest.begin();
    digest.update(Bytes{outer_}.first(block_size(algorithm_)));
    digest.update(inner.view());
    return digest.finish();
}

}  // namespace ostrakon::tsig
