// `map`: pictures of what is listed, and what is no picture.
#include "tool/site.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sys/stat.h>

namespace ostrakon::test {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

class PictureTest : public testing::Test {
protected:
    PictureTest() {
        EXPECT_EQ(site({"ban", "192.0.2.0/24", "--reason", "a"}).status, 0);
        EXPECT_EQ(site({"ban", "203.0.113.0/25", "--reason", "a", "--class", "isp"}).status, 0);
        EXPECT_EQ(site({"import", "-", "--source", "feed"}, "198.51.100.7\n192.0.2.0/23\n").status,
                  0);
    }
    std::string output(const char* name) const { return (site.path() / name).string(); }
    Json figures(std::vector<std::string> words) const {
        words.insert(words.begin(), {"map", "--json", "--output", output("map.png")});
        const Answer answer = site(words);
        EXPECT_EQ(answer.status, 0) << answer.errors;
        return answer.json();
    }

    Site site;
};

TEST_F(PictureTest, IsPngOrSvgByItsName) {
    const Answer png = site({"map", "--output", output("map.png")});
    EXPECT_EQ(png.status, 0) << png.errors;
    EXPECT_THAT(png.errors, HasSubstr("641 listed addresses"));
    EXPECT_THAT(read_file(output("map.png")), StartsWith("\x89PNG\r\n\x1a\n"));
    EXPECT_EQ(site({"map", "--zone", "bl.example.org", "--output", output("map.svg")}).status, 0);
    EXPECT_THAT(read_file(output("map.svg")), HasSubstr("<svg "));
    struct stat status {};
    ASSERT_EQ(stat(output("map.png").c_str(), &status), 0);
    EXPECT_NE(status.st_mode & 0400U, 0U);
}

TEST_F(PictureTest, CountsByClass) {
    const Json all = figures({});
    EXPECT_EQ(all["addresses"], 641);
    std::map<std::string, int> classes;
    for (const Json& each : all["classes"]) {
        classes[each["class"]] = each["addresses"];
    }
    EXPECT_THAT(classes, testing::ElementsAre(testing::Pair("ip", 256), testing::Pair("isp", 128),
                                              testing::Pair("upstream", 257)))
        << "own listings go before feeds";
    EXPECT_EQ(figures({"--under", "192.0.0.0/8"})["addresses"], 512);
    EXPECT_EQ(figures({"--class", "isp"})["addresses"], 128);
    EXPECT_EQ(figures({"--source", "feed"})["addresses"], 513);
    EXPECT_EQ(figures({"--zone", "bl.example.org", "--source", "own"})["addresses"], 384);
}

TEST_F(PictureTest, IsRefusedWhereItCannotBe) {
    EXPECT_EQ(site({"map", "--output", output("map.gif")}).status, 2);
    EXPECT_EQ(site({"map", "--output", output("no/map.png")}).status, 4);
    const Answer odd = site({"map", "--output", output("map.png"), "--under", "192.0.0.0/9"});
    EXPECT_EQ(odd.status, 2);
    EXPECT_THAT(odd.errors, HasSubstr("192.0.0.0/8 is one"));
    EXPECT_EQ(site({"map", "--output", output("map.png"), "--under", "2001:db8::/32"}).status, 2);
    EXPECT_EQ(site({"map", "--output", output("map.png"), "--zone", "no.example"}).status, 2);
    EXPECT_FALSE(std::filesystem::exists(output("map.png"))) << "and leaves nothing behind";
}

}  // namespace
}  // namespace ostrakon::test
