// Draws a key.
#include "ostrakon/partner/key_file.hpp"

#include <sys/random.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <cstring>

namespace ostrakon::partner {
namespace {

// Five bits each. Not i, j, l and o, which are taken for one another and for 0 and 1.
constexpr std::string_view kAlphabet = "0123456789abcdefghkmnpqrstuvwxyz";
static_assert(kAlphabet.size() == 32);
constexpr std::size_t kNewKeySize = 26;  // 130 bits
constexpr int kTriesMax = 100;  // a key of hexadecimal digits alone comes once in 2^26 draws

}  // namespace

Result<std::string> new_key() {
    for (int i = 0; i < kTriesMax; ++i) {
        std::array<std::uint8_t, kNewKeySize> bytes{};
        if (::getrandom(bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size())) {
            return Unexpected{Error{ErrorCode::System, "draw a key", std::strerror(errno), ""}};
        }
        std::string key;
        for (const std::uint8_t byte : bytes) {
            key.push_back(kAlphabet[byte % kAlphabet.size()]);
        }
        if (looks_like_key(key)) {
            return key;
        }
    }
    return Unexpected{Error{ErrorCode::System, "draw a key",
                            "the system's random numbers do not look random", ""}};
}

}  // namespace ostrakon::partner
