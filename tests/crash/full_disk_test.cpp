// A disk that fills up: whoever does not fit is told so, everything stays as it was, and goes on
// when there is room again.
#include "crash_site.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ostrakon::test {
namespace {

using testing::AnyOf;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr unsigned kFullKib = 1024;
constexpr unsigned kRoomyKib = 65'536;

// A list that takes several MiB: each line has a reason of its own.
std::string large_list() {
    constexpr std::uint32_t kLines = 30'000;
    std::string list = "subject,reason\n";
    for (std::uint32_t i = 0; i < kLines; ++i) {
        list += "198.18." + std::to_string(i >> 8 & 255) + "." + std::to_string(i & 255) +
                ",seen in the trap number " + std::to_string(i) + "\n";
    }
    return list;
}

std::size_t file_count(const std::filesystem::path& directory) {
    return static_cast<std::size_t>(
        std::distance(std::filesystem::directory_iterator{directory}, {}));
}

class FullDisk : public testing::Test {
protected:
    void SetUp() override {
        std::string why_not;
        if (!site_.move_to_small_disk(kFullKib, why_not)) {
            GTEST_SKIP() << "needs a small disk: " << why_not;
        }
    }
    // Says in one line that the disk is full, and leaves everything as it was.
    void expect_no_room(const std::vector<std::string>& words, const std::string& input = {}) {
        SCOPED_TRACE(words.front());
        const std::size_t files = file_count(site_.site().database());
        const ProcessResult result = site_.run_tool(words, input);
        EXPECT_EQ(result.status, 4) << result.errors;
        EXPECT_EQ(result.output, "");
        EXPECT_THAT(result.errors, AnyOf(HasSubstr("disk is full"), HasSubstr("No space left")));
        EXPECT_EQ(site_.read(), site_.listed());
        EXPECT_EQ(site_.run_tool({"check"}).status, 0);
        EXPECT_EQ(file_count(site_.site().database()), files) << "nothing is left lying about";
    }
    // Takes all room that is left, but for less than a page.
    void fill() const {
        const auto path = site_.site().database() / "filler";
        run({"sh", "-c", "cat /dev/zero > \"$0\"", path});
    }

    CrashSite site_{crash_seed()};
};

TEST_F(FullDisk, LeavesAllAsItWasAndGoesOnWhenThereIsRoom) {
    LiveServer server(site_.site());
    const Question listed{.name = "1.2.0.192.bl.example.org"};
    expect_no_room({"import", "-", "--reason", "x"}, large_list());
    fill();
    expect_no_room({"import", "-", "--source", "feed"}, large_list());
    expect_no_room({"import", "-", "--source", "feed", "--replace"}, large_list());
    expect_no_room({"restore", (site_.site().directory() / "base").string()});
    expect_no_room({"backup", (site_.site().database() / "copy").string()});
    EXPECT_THAT(ask_udp(server.address(), listed).data, ElementsAre("127.0.0.2"));
    // A server can be started, and the database be read, without room.
    EXPECT_EQ(server.stop().status, 0);
    LiveServer again(site_.site());
    EXPECT_THAT(ask_udp(again.address(), listed).data, ElementsAre("127.0.0.2"));
    ASSERT_TRUE(site_.disk().resize(kRoomyKib));
    EXPECT_EQ(site_.run_tool({"import", "-", "--source", "feed"}, large_list()).status, 0);
    EXPECT_EQ(site_.run_tool({"restore", (site_.site().directory() / "base").string()}).status, 0);
    EXPECT_EQ(site_.read(), site_.listed());
    EXPECT_THAT(ask_udp(again.address(), listed).data, ElementsAre("127.0.0.2"));
}

// The lock file of readers is a map too: a page of it for which there is no room would kill whoever
// touches it first.
TEST_F(FullDisk, KillsNoReader) {
    fill();
    LiveServer server(site_.site());
    std::vector<std::unique_ptr<Process>> readers;
    for (int i = 0; i < 40; ++i) {
        readers.push_back(std::make_unique<Process>(site_.tool({"list", "--json"})));
    }
    for (const auto& reader : readers) {
        EXPECT_EQ(reader->wait().status, 0);
    }
    EXPECT_THAT(ask_udp(server.address(), {.name = "1.2.0.192.bl.example.org"}).data,
                ElementsAre("127.0.0.2"));
}

}  // namespace
}  // namespace ostrakon::test
