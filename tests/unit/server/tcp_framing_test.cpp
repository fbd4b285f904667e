// Where one message of a TCP stream ends and the next begins.
#include "ostrakon/server/tcp_framing.hpp"

#include <gtest/gtest.h>

#include <array>
#include <vector>

namespace ostrakon::server {
namespace {

std::vector<std::uint8_t> stream_of(std::size_t announced, std::size_t present) {
    std::vector<std::uint8_t> bytes(kFrameHeaderSize + present, 7);
    write_frame_header(std::span(bytes).first<kFrameHeaderSize>(), announced);
    return bytes;
}

TEST(TcpFraming, WaitsForTheWholeMessage) {
    const auto bytes = stream_of(300, 300);
    for (std::size_t size = 0; size < bytes.size(); ++size) {
        EXPECT_EQ(first_frame(std::span(bytes).first(size)).state, FrameState::Incomplete) << size;
    }
    const Frame frame = first_frame(bytes);
    EXPECT_EQ(frame.state, FrameState::Complete);
    EXPECT_EQ(frame.message.size(), 300u);
    EXPECT_EQ(frame.size, 302u);
}

TEST(TcpFraming, LeavesWhatFollows) {
    auto bytes = stream_of(12, 12);
    bytes.push_back(0);
    EXPECT_EQ(first_frame(bytes).size, 14u);
}

TEST(TcpFraming, RefusesWhatCannotBeAMessage) {
    for (const std::size_t announced : {0u, 1u, 11u}) {
        EXPECT_EQ(first_frame(stream_of(announced, 20)).state, FrameState::Broken) << announced;
        EXPECT_EQ(first_frame(stream_of(announced, 0)).state, FrameState::Broken) << announced;
    }
    EXPECT_EQ(first_frame(stream_of(12, 12)).state, FrameState::Complete);
}

TEST(TcpFraming, TakesTheLongestMessage) {
    EXPECT_EQ(first_frame(stream_of(65535, 65535)).message.size(), 65535u);
    EXPECT_EQ(first_frame(stream_of(65535, 65534)).state, FrameState::Incomplete);
}

}  // namespace
}  // namespace ostrakon::server
