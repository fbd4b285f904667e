#include "ostrakon/store/backup_seal.hpp"

#include "ostrakon/base/result.hpp"

#define XXH_INLINE_ALL
#include <fmt/format.h>
#include <xxhash.h>
#include <charconv>

namespace ostrakon::store {
namespace {

constexpr std::string_view kMagic = "\nostrakon backup 1\n";

std::uint64_t number_at(std::string_view text, std::string_view word) {
    const std::size_t at = text.find(word);
    std::uint64_t number = 0;
    if (at != std::string_view::npos) {
        std::from_chars(text.data() + at + word.size(), text.data() + text.size(), number);
    }
    return number;
}

}  // namespace

struct SealHash::State {
    XXH3_state_t* hash = XXH3_createState();
    std::uint64_t size = 0;
    State() { XXH3_128bits_reset(hash); }
    State(const State&) = delete;
    State& operator=(const State&) = delete;
    ~State() { XXH3_freeState(hash); }
};

SealHash::SealHash() : state_(std::make_unique<State>()) {}
SealHash::SealHash(SealHash&&) noexcept = default;
SealHash& SealHash::operator=(SealHash&&) noexcept = default;
SealHash::~SealHash() = default;

void SealHash::add(std::string_view bytes) noexcept {
    XXH3_128bits_update(state_->hash, bytes.data(), bytes.size());
    state_->size += bytes.size();
}

std::uint64_t SealHash::size() const noexcept {
    return state_->size;
}

std::string SealHash::seal(UnixTime at) const {
    std::string text =
        fmt::format("{}time {}\nbytes {}\nxxh3-128 ", kMagic, at.seconds, state_->size);
    State with_text;
    XXH3_copyState(with_text.hash, state_->hash);
    XXH3_128bits_update(with_text.hash, text.data(), text.size());
    const XXH128_hash_t hash = XXH3_128bits_digest(with_text.hash);
    text += fmt::format("{:016x}{:016x}\n", hash.high64, hash.low64);
    text.resize(kSealSize, ' ');
    text.back() = '\n';
    return text;
}

bool is_seal(std::string_view bytes) noexcept {
    return bytes.size() == kSealSize && bytes.starts_with(kMagic);
}

std::optional<Seal> check_seal(std::string_view bytes, const SealHash& hash) {
    const Seal seal{UnixTime{static_cast<std::int64_t>(number_at(bytes, "\ntime "))},
                    number_at(bytes, "\nbytes ")};
    // Written again, it must come out the same to the last byte.
    return is_seal(bytes) && hash.seal(seal.at) == bytes ? std::optional{seal} : std::nullopt;
}

}  // namespace ostrakon::store
