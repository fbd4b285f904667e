// How far a JSON reader has come, and what is said where it cannot go on.
#pragma once

#include "format.hpp"

#include <fmt/format.h>
#include <cstddef>
#include <cstdint>
#include <iterator>

namespace ostrakon::feed {

/// Values that lie in so many others are not read.
inline constexpr int kJsonDepthMax = 32;

struct JsonPosition {
    std::size_t bytes = 0;
    std::uint32_t line = 1;
};

/// Walks over the document for the JSON reader and counts on the way; all copies share the count.
class CountingIterator {
public:
    using iterator_category = std::input_iterator_tag;
    using value_type = char;
    using difference_type = std::ptrdiff_t;
    using pointer = const char*;
    using reference = const char&;

    CountingIterator(const char* at, JsonPosition* position) : at_(at), position_(position) {}
    reference operator*() const { return *at_; }
    CountingIterator& operator++() {
        position_->line += *at_ == '\n' ? 1 : 0;
        ++position_->bytes;
        ++at_;
        return *this;
    }
    CountingIterator operator++(int) {
        CountingIterator before = *this;
        ++*this;
        return before;
    }
    friend bool operator==(const CountingIterator& a, const CountingIterator& b) {
        return a.at_ == b.at_;
    }

private:
    const char* at_;
    JsonPosition* position_;
};

/// The error where the reader stopped, `byte` bytes into the document.
inline Error json_mistake(const Document& document, const JsonPosition& position,
                          std::size_t byte) {
    const std::string_view before = document.bytes.substr(0, byte == 0 ? 0 : byte - 1);
    const std::size_t line_start = before.rfind('\n') + 1;  // npos + 1 is 0
    return Error{
        ErrorCode::Usage,
        fmt::format("{}:{}:{}", document.file, position.line, before.size() - line_start + 1),
        byte > document.bytes.size() ? "ends in the middle of its JSON" : "is no JSON from here on",
        "it was cut off or is damaged; another format is named with --format"};
}

/// The error where values are nested too deep.
inline Error json_too_deep(const Document& document, const JsonPosition& position) {
    return Error{ErrorCode::Usage, fmt::format("{}:{}", document.file, position.line),
                 fmt::format("is nested more than {} deep", kJsonDepthMax), ""};
}

}  // namespace ostrakon::feed
