#include "ostrakon/dns/labels.hpp"

#include "ostrakon/dns/wire.hpp"

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

// Copies whole words, so up to 7 bytes more than `size`.
void copy_words(char* to, const char* from, std::size_t size) noexcept {
    for (std::size_t at = 0; at < size; at += sizeof(Word)) {
        std::memcpy(to + at, from + at, sizeof(Word));
    }
}

}  // namespace

QuestionName::QuestionName() noexcept : wire_(kRoot) {
    starts_[0] = 0;
}

bool QuestionName::parse(std::span<const std::uint8_t> bytes) noexcept {
    wire_ = kRoot;
    label_count_ = 0;
    std::size_t at = 0;
    unsigned labels = 0;  // at most 127: each takes two bytes or more of less than 255
    while (true) {
        if (at >= bytes.size() || at >= kNameSizeMax) {
            return false;
        }
        starts_[labels] = static_cast<std::uint8_t>(at);
        const std::size_t length = bytes[at];
        if (length == 0) {
            break;
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
    std::array<char, kNameSizeMax + 2 * sizeof(Word)> lowered;  // a length byte is no letter
    std::size_t done = 0;
    for (; done < at; done += sizeof(Word)) {
        Word word = 0;
        if (done + sizeof word <= bytes.size()) {
            std::memcpy(&word, &bytes[done], sizeof word);
        } else {
            std::memcpy(&word, &bytes[done], bytes.size() - done);
        }
        word = lower_each(word);
        std::memcpy(&lowered[done], &word, sizeof word);
    }
    std::memset(&lowered[done], 0, sizeof(Word));
    char* out = key_.data();
    for (std::size_t index = labels; index-- > 0;) {
        const std::size_t size = starts_[index + 1] - std::size_t{starts_[index]};
        copy_words(out, &lowered[starts_[index]], size);
        out += size;
    }
    return true;
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
