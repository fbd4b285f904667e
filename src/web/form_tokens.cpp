#include "form_tokens.hpp"

#include <sys/random.h>

#include <fmt/format.h>
#include <array>
#include <charconv>
#include <cstdint>
#include <stdexcept>
#include <vector>

namespace ostrakon::web {
namespace {

constexpr std::size_t kSessionSizeMax = 64;
constexpr std::size_t kSessionSize = 32;

template <std::size_t Size>
void fill_at_random(std::array<std::uint8_t, Size>& bytes) {
    if (::getrandom(bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size())) {
        throw std::runtime_error("the system gives no random bytes");
    }
}

// Takes the same time wherever they differ.
bool are_same(std::string_view a, std::string_view b) {
    unsigned difference = a.size() == b.size() ? 0 : 1;
    for (std::size_t i = 0; i < a.size() && i < b.size(); ++i) {
        difference |= static_cast<unsigned char>(a[i]) ^ static_cast<unsigned char>(b[i]);
    }
    return difference == 0;
}

}  // namespace

FormTokens::FormTokens() {
    fill_at_random(first_);
    fill_at_random(second_);
}

std::string FormTokens::make_session() {
    std::array<std::uint8_t, kSessionSize / 2> bytes{};
    fill_at_random(bytes);
    std::string session;
    for (const std::uint8_t byte : bytes) {
        session += fmt::format("{:02x}", byte);
    }
    return session;
}

std::string FormTokens::signed_at(std::string_view session, std::int64_t seconds) const {
    const std::string said = fmt::format("{}:{}", seconds, session);
    const std::vector<std::uint8_t> bytes(said.begin(), said.end());
    return fmt::format("{}.{:016x}{:016x}", seconds, dns::siphash24(first_, bytes),
                       dns::siphash24(second_, bytes));
}

std::string FormTokens::make(std::string_view session, UnixTime now) const {
    return signed_at(session, now.seconds);
}

bool FormTokens::accepts(std::string_view token, std::string_view session, UnixTime now) const {
    std::int64_t seconds = 0;
    const auto read = std::from_chars(token.data(), token.data() + token.size(), seconds);
    // Compared so that no number that somebody sends overflows.
    const bool is_in_time =
        read.ec == std::errc{} && seconds <= now.seconds && seconds >= now.seconds - kLifeSeconds;
    return is_in_time && !session.empty() && session.size() <= kSessionSizeMax &&
           are_same(token, signed_at(session, seconds));
}

}  // namespace ostrakon::web
