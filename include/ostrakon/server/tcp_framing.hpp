// DNS messages in a TCP stream: two bytes of length before each (RFC 1035 §4.2.2, RFC 7766 §8).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace ostrakon::server {

/// Bytes of the shortest DNS message: its header.
inline constexpr std::size_t kMessageSizeMin = 12;
/// Bytes of the length before a message.
inline constexpr std::size_t kFrameHeaderSize = 2;

enum class FrameState : std::uint8_t {
    Incomplete,  ///< More bytes must come.
    Complete,
    Broken,  ///< The announced message cannot be one; nothing behind it can be found.
};

struct Frame {
    FrameState state = FrameState::Incomplete;
    std::span<const std::uint8_t> message;  ///< When Complete.
    std::size_t size = 0;  ///< Bytes the frame takes in the stream, its length included.
};

/// Looks at the first message of a stretch of the stream.
inline Frame first_frame(std::span<const std::uint8_t> bytes) noexcept {
    if (bytes.size() < kFrameHeaderSize) {
        return {};
    }
    const std::size_t length = static_cast<std::size_t>(bytes[0]) << 8 | bytes[1];
    if (length < kMessageSizeMin) {
        return {FrameState::Broken, {}, 0};
    }
    if (bytes.size() < kFrameHeaderSize + length) {
        return {};
    }
    return {FrameState::Complete, bytes.subspan(kFrameHeaderSize, length),
            kFrameHeaderSize + length};
}

/// Writes the length of a message that follows.
inline void write_frame_header(std::span<std::uint8_t, kFrameHeaderSize> out,
                               std::size_t message_size) noexcept {
    out[0] = static_cast<std::uint8_t>(message_size >> 8);
    out[1] = static_cast<std::uint8_t>(message_size & 0xFF);
}

}  // namespace ostrakon::server
