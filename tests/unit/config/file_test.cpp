// Files that cannot be read, or are not what a configuration looks like.
#include "unit/config/site.hpp"

#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

namespace ostrakon::config {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::string repeat(std::string_view piece, std::size_t times) {
    std::string text;
    for (std::size_t i = 0; i < times; ++i) {
        text += piece;
    }
    return text;
}

TEST(ConfigurationFile, IsToldWhereItIsNotToml) {
    struct Case {
        std::string text;
        std::string mistake;
    };
    using namespace std::string_literals;
    const std::initializer_list<Case> cases = {
        {"[server\n", "ostrakon.toml:1:8: this is not TOML: "},
        {"[server]\nthreads = 1\nthreads = 2\n", "ostrakon.toml:3:11: this is not TOML: "},
        {"a = 99999999999999999999\n", "ostrakon.toml:1:25: this is not TOML: "},
        {"a = \"x\n", "ostrakon.toml:1:"},
        {"# \xC3\n", "this is not TOML: "},
        {"a = \"\xFF\"\n", "ostrakon.toml:1:"},
        {"[server]\n# \0\n"s, "ostrakon.toml:2:3: read a zero byte, expected text"},
        {"\0"s, "ostrakon.toml:1:1: read a zero byte, expected text"},
        {"#\n" + std::string(8193, '#') + "\n",
         "ostrakon.toml:2:1: this line has 8193 bytes, expected at most 8192"},
        {repeat("#\n", 524'289), "ostrakon.toml: has more than 1048576 bytes"},
        {"a = " + repeat("[", 8000), "this is not TOML: "},
        {"a = " + repeat("[", 100) + repeat("]", 100),
         "ostrakon.toml: nests more than 16 tables or lists"},
        // what the parser itself does not bound
        {repeat("a.", 4000) + "a = 1\n", "ostrakon.toml: nests more than 16 tables or lists"},
        {"[" + repeat("a.", 4000) + "a]\n" + repeat("b.", 4000) + "b = 1\n",
         "nests more than 16 tables or lists"},
    };
    for (const auto& [text, mistake] : cases) {
        EXPECT_THAT(Site{text}.settings().mistakes, ElementsAre(HasSubstr(mistake)))
            << text.substr(0, 40);
    }
}

TEST(ConfigurationFile, MayHaveAByteOrderMarkAndDosLines) {
    EXPECT_EQ(
        Site{"\xEF\xBB\xBF[server]\r\nthreads = 3\r\n"}.settings().value.value().server.threads,
        3U);
}

TEST(ConfigurationFile, IsToldWhenItCannotBeRead) {
    const Site site;
    const auto path = site.path();
    std::filesystem::create_directory(path / "directory.toml");
    ASSERT_EQ(::mkfifo((path / "fifo.toml").c_str(), 0600), 0);
    std::filesystem::create_symlink("nowhere", path / "dangling.toml");
    struct Case {
        std::string_view file, why;
    };
    constexpr auto kCases = std::to_array<Case>({
        {"missing.toml", "missing.toml: cannot be read: No such file or directory"},
        {"dangling.toml", "dangling.toml: cannot be read: No such file or directory"},
        {"directory.toml", "directory.toml: is a directory, expected a file"},
        {"fifo.toml", "fifo.toml: is not a plain file"},
        {"ostrakon.toml/x", "ostrakon.toml/x: cannot be read: Not a directory"},
    });
    for (const auto& [file, why] : kCases) {
        const auto read = read_settings(path / file);
        ASSERT_FALSE(read) << file;
        EXPECT_EQ(read.error().code, ErrorCode::Usage);
        EXPECT_EQ(message(read.error()), (path / "").string() + std::string{why});
    }
}

TEST(ConfigurationFile, IsToldWhenItMayNotBeRead) {
    constexpr uid_t kNobody = 65534;
    const Site site;
    std::filesystem::permissions(site.path() / "ostrakon.toml", std::filesystem::perms::none);
    const uid_t user = ::geteuid();
    ASSERT_EQ(::seteuid(user == 0 ? kNobody : user), 0);  // root may read everything
    const auto mistakes = site.settings().mistakes;
    ASSERT_EQ(::seteuid(user), 0);
    EXPECT_THAT(mistakes, ElementsAre("ostrakon.toml: cannot be read: Permission denied"));
}

TEST(ConfigurationFile, NamesItsPathAsItWasGiven) {
    const auto read = read_settings("no/such/ostrakon.toml");
    ASSERT_FALSE(read);
    EXPECT_THAT(message(read.error()), testing::StartsWith("no/such/ostrakon.toml: "));
}

TEST(ZoneDirectory, IsReadByNameAndWithoutWhatIsNoZone) {
    Site site;
    constexpr std::string_view kRest = "ns = [\"ns.example.net\"]\ncontact = \"a@example.net\"\n";
    site.file("zones/b.toml", "origin = \"b.example.org\"\n" + std::string{kRest})
        .file("zones/a.toml", "origin = \"a.example.org\"\n" + std::string{kRest})
        .file("zones/.hidden.toml", "nonsense")
        .file("zones/b.toml.bak", "nonsense")
        .file("zones/README", "nonsense");
    const auto outcome = site.zones();
    ASSERT_TRUE(outcome.value) << outcome.mistakes.front();
    ASSERT_EQ(outcome.value->zones.size(), 2U);
    EXPECT_EQ(outcome.value->zones[0].name, "a.example.org");
    EXPECT_EQ(outcome.value->zones[1].name, "b.example.org");
    EXPECT_EQ(outcome.value->zones[1].file, (site.path() / "zones/b.toml").string());
}

TEST(ZoneDirectory, MayBeMissingOrEmptyWithAWarning) {
    Site site;
    EXPECT_THAT(site.zones().warnings, ElementsAre("zones: holds no zone (*.toml)"));
    site.file("zones/README", "");
    const auto outcome = site.zones();
    EXPECT_THAT(outcome.warnings, ElementsAre("zones: holds no zone (*.toml)"));
    EXPECT_THAT(outcome.value.value().zones, IsEmpty());
}

TEST(ZoneDirectory, MustBeADirectoryOfFiles) {
    Site site;
    site.file("zones", "a file");
    EXPECT_THAT(site.zones().mistakes, ElementsAre("zones: cannot be read: Not a directory"));
    Site other;
    std::filesystem::create_directories(other.path() / "zones/x.toml");
    EXPECT_THAT(other.zones().mistakes,
                ElementsAre("zones/x.toml: is a directory, expected a file"));
}

TEST(ZoneDirectory, HoldsABoundedNumberOfZones) {
    Site site;
    std::filesystem::create_directory(site.path() / "zones");
    for (int i = 0; i <= 10'000; ++i) {
        std::filesystem::create_symlink("nowhere",
                                        site.path() / "zones" / (std::to_string(i) + ".toml"));
    }
    EXPECT_THAT(site.zones().mistakes, ElementsAre("zones: has more than 10000 files"));
}

TEST(DefaultSettings, HaveNoZones) {
    const auto zones = read_zones(default_settings());
    ASSERT_TRUE(zones);
    EXPECT_THAT(zones->zones, IsEmpty());
    EXPECT_THAT(zones->warnings, IsEmpty());
}

}  // namespace
}  // namespace ostrakon::config
