// Takes numbers and texts out of bytes that may be anything. The first thing that cannot be ends
// the reading: from then on everything is zero or empty, and mistake() says what it was.
#pragma once

#include "outcome_codec.hpp"

#include <algorithm>
#include <cstring>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace ostrakon::feed {

class ByteReader {
public:
    /// The source gives no more than `size` bytes, and outlives the reader.
    ByteReader(std::size_t size, const ByteSource& source) : left_(size), source_(source) {}

    bool is_sound() const { return mistake_.empty(); }
    const std::string& mistake() const { return mistake_; }
    /// Bytes that were not taken yet.
    std::size_t left() const { return left_; }

    /// Ends the reading unless it holds; returns whether all is well still.
    bool require(bool holds, std::string_view what) {
        if (!holds && is_sound()) {
            mistake_ = what;
        }
        return is_sound();
    }

    /// False, and nothing written, where there are fewer.
    bool bytes(char* to, std::size_t size) {
        if (!require(size <= left_, "it is cut off")) {
            return false;
        }
        left_ -= size;
        while (size > 0) {
            if (at_ == have_ && size >= kBufferSize) {  // past the buffer
                return require(source_(to, size) == size, "it is cut off");
            }
            if (at_ == have_ && !fill(size)) {
                return false;
            }
            const std::size_t piece = std::min(size, have_ - at_);
            std::memcpy(to, buffer_.data() + at_, piece);
            at_ += piece;
            to += piece;
            size -= piece;
        }
        return true;
    }
    template <class T>
    T number() {
        static_assert(std::is_unsigned_v<T> || std::is_signed_v<T>);
        T value{};
        bytes(reinterpret_cast<char*>(&value), sizeof value);
        return is_sound() ? value : T{};
    }
    bool flag() {
        const auto byte = number<std::uint8_t>();
        require(byte <= 1, "a flag is neither set nor not");
        return byte == 1;
    }
    std::string text(std::size_t size_max) {
        const std::size_t size = number<std::uint32_t>();
        if (!require(size <= size_max && size <= left_, "a text is too long")) {
            return {};
        }
        std::string text(size, '\0');
        bytes(text.data(), size);
        return text;
    }
    /// How many things follow, each of which takes so many bytes at least; 0 once something is
    /// wrong.
    std::size_t count(std::size_t count_max, std::size_t size_min) {
        const auto count = number<std::uint64_t>();
        require(count <= count_max && count <= left_ / size_min, "there are too many of something");
        return is_sound() ? static_cast<std::size_t>(count) : 0;
    }
    /// So many values that lie in one piece. Whether they can be is for the caller to check.
    template <class T>
    std::vector<T> block(std::size_t count_max) {
        static_assert(std::is_trivially_copyable_v<T>);
        std::vector<T> values(count(count_max, sizeof(T)));
        if (!bytes(reinterpret_cast<char*>(values.data()), values.size() * sizeof(T))) {
            values.clear();
        }
        return values;
    }

private:
    static constexpr std::size_t kBufferSize = std::size_t{1} << 16;

    bool fill(std::size_t size) {
        buffer_.resize(kBufferSize);
        at_ = 0;
        // left_ has lost the `size` that are wanted now.
        have_ = source_(buffer_.data(), std::min(kBufferSize, left_ + size));
        return require(have_ > 0, "it is cut off");
    }

    std::size_t left_;
    const ByteSource& source_;
    std::string buffer_;
    std::size_t at_ = 0;
    std::size_t have_ = 0;
    std::string mistake_;
};

}  // namespace ostrakon::feed
