// init: what it makes, what it leaves, and that the first commands after it work.
#include "site.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <fstream>

namespace ostrakon::test {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

unsigned mode_of(const fs::path& path) {
    struct stat status {};
    return stat(path.c_str(), &status) == 0 ? status.st_mode & 07777 : 0;
}

TEST(Init, MakesASiteThatWorksAtOnce) {
    const TemporaryDirectory directory;
    const fs::path site = directory.path() / "etc" / "ostrakon";
    const Answer answer = run_tool({"init", site.string()});
    ASSERT_EQ(answer.status, 0) << answer.errors;
    EXPECT_THAT(answer.errors, IsEmpty());
    const std::string config = (site / "ostrakon.toml").string();
    EXPECT_THAT(answer.output, HasSubstr("made  " + config + "\n"));
    EXPECT_THAT(answer.output,
                HasSubstr("made  " + (site / "db").string() + " (an empty database)\n"));
    EXPECT_THAT(answer.output, HasSubstr("ostrakon --config " + config + " ban"));
    EXPECT_EQ(mode_of(site / "db"), 0750U);
    EXPECT_EQ(mode_of(site / "db" / "data.mdb") & 07007, 0U);

    EXPECT_EQ(run_tool({"--config", config, "zone", "check"}).status, 0);
    EXPECT_EQ(run_tool({"--config", config, "zone", "list", "--json"}).json().size(), 1U);
    EXPECT_EQ(run_tool({"--config", config, "list", "--json"}).output, "[]\n");
    EXPECT_EQ(run_tool({"--config", config, "ban", "192.0.2.7", "--reason", "x"}).status, 0);
    EXPECT_EQ(run_tool({"--config", config, "why", "192.0.2.7"}).status, 0);
}

TEST(Init, OverwritesNothing) {
    const TemporaryDirectory directory;
    const std::string site = directory.path().string();
    ASSERT_EQ(run_tool({"init", site}).status, 0);
    const std::string config = site + "/ostrakon.toml";
    ASSERT_EQ(run_tool({"--config", config, "ban", "192.0.2.7", "--reason", "x"}).status, 0);
    const std::string before = read_file(config) + "# mine\n";
    directory.write("ostrakon.toml", before);
    const Answer again = run_tool({"init", site, "--json"});
    EXPECT_EQ(again.status, 0) << again.errors;
    EXPECT_EQ(again.json()["made"], Json::array());
    EXPECT_EQ(again.json()["kept"].size(), 3U);
    EXPECT_EQ(read_file(config), before);
    EXPECT_EQ(run_tool({"--config", config, "list", "--json"}).json().size(), 1U);
}

TEST(Init, KeepsZonesAndAddsWhatIsMissing) {
    const TemporaryDirectory directory;
    directory.write("zones/mine.toml",
                    "origin = \"bl.example.net\"\nns = [\"ns1.example.com\"]\ncontact = "
                    "\"hostmaster@example.com\"\n");
    const Json report = run_tool({"init", directory.path().string(), "--json"}).json();
    EXPECT_EQ(report["made"].size(), 2U);
    EXPECT_EQ(report["kept"], Json::array({(directory.path() / "zones").string()}));
}

TEST(Init, LeavesNothingBehindWhereItFails) {
    const TemporaryDirectory directory;
    directory.write("file", "");
    const Answer inside_a_file = run_tool({"init", (directory.path() / "file" / "site").string()});
    EXPECT_EQ(inside_a_file.status, 4);
    EXPECT_THAT(inside_a_file.output, IsEmpty());
    EXPECT_THAT(inside_a_file.errors, HasSubstr("Not a directory"));

    const fs::path site = directory.path() / "site";
    const Answer database_in_a_file = run_tool(
        {"init", site.string(), "--database", (directory.path() / "file" / "db").string()});
    EXPECT_EQ(database_in_a_file.status, 4);
    EXPECT_FALSE(fs::exists(site));
}

TEST(Init, TakesADirectoryInPlaceOfAConfiguration) {
    const Answer answer = run_tool({"init", "--config", "x"});
    EXPECT_EQ(answer.status, 2);
    EXPECT_THAT(answer.errors, HasSubstr("ostrakon init ./site"));
}

TEST(Init, StopsAtAMistakenConfiguration) {
    const TemporaryDirectory directory;
    directory.write("ostrakon.toml", "[database]\npth = \"/x\"\n");
    const Answer answer = run_tool({"init", directory.path().string()});
    EXPECT_EQ(answer.status, 2);
    EXPECT_THAT(answer.output, IsEmpty());
    EXPECT_THAT(answer.errors, HasSubstr("ostrakon.toml:2:"));
    EXPECT_FALSE(fs::exists(directory.path() / "db"));
    EXPECT_FALSE(fs::exists(directory.path() / "zones"));
}

}  // namespace
}  // namespace ostrakon::test
