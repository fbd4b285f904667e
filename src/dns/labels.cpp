#include "ostrakon/dns/labels.hpp"

#include "ostrakon/dns/wire.hpp"

namespace ostrakon::dns {
namespace {

constexpr std::string_view kRoot{"\0", 1};

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
    char* out = key_.data();
    for (std::size_t index = labels; index-- > 0;) {
        for (std::size_t from = starts_[index]; from < starts_[index + 1]; ++from) {
            *out++ =
                static_cast<char>(lower(bytes[from]));  // a length byte is no letter: at most 63
        }
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
