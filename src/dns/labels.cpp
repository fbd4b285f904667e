#include "ostrakon/dns/labels.hpp"

#include "ostrakon/dns/wire.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

namespace ostrakon::dns {
namespace {

constexpr std::string_view kRoot{"\0", 1};

// Letters are lower-cased, and labels copied, a word at a time.
using Word = std::uint64_t;
constexpr Word kEachByte = 0x0101010101010101;

// Each of the eight bytes as lower() makes it.
constexpr Word lower_each(Word bytes) noexcept {
    const Word low_bits = bytes & 0x7F * kEachByte;
    const Word from_a = low_bits + (0x80 - 'A') * kEachByte;
    const Word beyond_z = low_bits + (0x7F - 'Z') * kEachByte;
    const Word is_upper = (from_a ^ beyond_z) & ~bytes & 0x80 * kEachByte;
    return bytes | is_upper >> 2;
}

// Lower-cases the first `size` of `from`; writes whole words, so up to kWordSlack bytes more.
void lower_words(char* to, std::span<const std::uint8_t> from, std::size_t size) noexcept {
    for (std::size_t at = 0; at < size; at += sizeof(Word)) {
        Word word = 0;
        if (at + sizeof word <= from.size()) {
            std::memcpy(&word, &from[at], sizeof word);
        } else {
            std::memcpy(&word, &from[at], from.size() - at);
        }
        word = lower_each(word);
        std::memcpy(to + at, &word, sizeof word);
    }
}

// Copies whole words, so it reads and writes up to kWordSlack bytes more than `size`.
void copy_words(char* to, const char* from, std::size_t size) noexcept {
    for (std::size_t at = 0; at < size; at += sizeof(Word)) {
        std::memcpy(to + at, from + at, sizeof(Word));
    }
}

// A word may hold four labels of one byte: an IPv6 address is 32 of them, one behind the other.
constexpr std::size_t kSingleBytes = sizeof(Word) / 2;
constexpr auto kLengthBytes =
    std::bit_cast<Word>(std::array<std::uint8_t, sizeof(Word)>{0xFF, 0, 0xFF, 0, 0xFF, 0, 0xFF, 0});

bool are_single_bytes(const std::uint8_t* labels) noexcept {
    Word word = 0;
    std::memcpy(&word, labels, sizeof word);
    return (word & kLengthBytes) == (kEachByte & kLengthBytes);
}

// Notes where such labels start, the first at byte `at`.
void store_starts(std::uint8_t* starts, std::size_t at) noexcept {
    const std::array<std::uint8_t, kSingleBytes> all{
        static_cast<std::uint8_t>(at), static_cast<std::uint8_t>(at + 2),
        static_cast<std::uint8_t>(at + 4), static_cast<std::uint8_t>(at + 6)};
    std::memcpy(starts, all.data(), all.size());
}

}  // namespace

void QuestionName::clear() noexcept {
    wire_ = kRoot;
    label_count_ = 0;
    starts_[0] = 0;
    lower_[0] = 0;
}

bool QuestionName::parse(std::span<const std::uint8_t> bytes) noexcept {
    const std::size_t size_max = std::min(bytes.size(), kNameSizeMax);
    clear();
    std::size_t at = 0;
    std::size_t labels = 0;  // at most 127: each takes two bytes or more of less than 255
    while (true) {
        if (at >= size_max) {
            return false;
        }
        starts_[labels] = static_cast<std::uint8_t>(at);
        const std::size_t length = bytes[at];
        if (length == 0) {
            break;
        }
        if (length == 1 && at + sizeof(Word) < size_max && are_single_bytes(&bytes[at])) {
            store_starts(&starts_[labels], at);
            at += sizeof(Word);
            labels += kSingleBytes;
            continue;
        }
        if (length >
            kLabelSizeMax) {  // a pointer, or one of the label types that RFC 6891 §5 retired
            return false;
        }
        at += length + 1;
        ++labels;
    }
    wire_ = as_text(bytes.first(at + 1));
    label_count_ = static_cast<std::uint8_t>(labels);
    lower_words(lower_.data(), bytes, at + 1);  // a length byte is no letter
    return true;
}

std::string_view QuestionName::write_key(std::size_t count, KeyBuffer& key) const noexcept {
    char* out = key.data();
    for (std::size_t index = count; index-- > 0;) {
        const std::size_t size = starts_[index + 1] - std::size_t{starts_[index]};
        copy_words(out, &lower_[starts_[index]], size);
        out += size;
    }
    return {key.data(), starts_[count]};
}

std::optional<std::size_t> QuestionName::label_at(std::size_t start) const noexcept {
    // From the right: what is looked for is nearly always a part of a zone's name.
    for (std::size_t index = label_count_ + std::size_t{1};
         index-- > 0 && starts_[index] >= start;) {
        if (starts_[index] == start) {
            return index;
        }
    }
    return std::nullopt;
}

bool is_label(std::string_view label, std::string_view text) noexcept {
    if (label.size() != text.size()) {
        return false;
    }
    for (std::size_t i = 0; i < label.size(); ++i) {
        if (lower(static_cast<std::uint8_t>(label[i])) != static_cast<std::uint8_t>(text[i])) {
            return false;
        }
    }
    return true;
}

}  // namespace ostrakon::dns
