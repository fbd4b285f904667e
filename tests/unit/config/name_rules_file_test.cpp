// Which file the rules of dynamic-names are read from, and what is said of a bad one.
#include "ostrakon/config/name_rules_file.hpp"
#include "support/temporary_directory.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ostrakon::config {
namespace {

using testing::HasSubstr;

TEST(NameRulesFile, ComesFromTheInstallationUnlessOneLiesBesideTheConfiguration) {
    const test::TemporaryDirectory directory;
    Settings settings = default_settings();
    const auto shipped = read_name_rules(settings);
    ASSERT_TRUE(shipped) << message(shipped.error());
    EXPECT_GT((*shipped)->of(pattern::RuleKind::Dynamic).size(), 10U);
    settings.file = directory.path() / "ostrakon.toml";
    EXPECT_EQ((*read_name_rules(settings))->of(pattern::RuleKind::Dynamic).size(),
              (*shipped)->of(pattern::RuleKind::Dynamic).size());
    directory.write(kNameRulesFile, "name /^line/\n");
    const auto own = read_name_rules(settings);
    ASSERT_TRUE(own) << message(own.error());
    EXPECT_TRUE((*own)->of(pattern::RuleKind::Dynamic).empty());
    EXPECT_EQ((*own)->of(pattern::RuleKind::Name).size(), 1U);
}

TEST(NameRulesFile, IsNamedWithTheLineOfAMistake) {
    const test::TemporaryDirectory directory;
    Settings settings = default_settings();
    settings.file = directory.path() / "ostrakon.toml";
    const auto file = directory.write(kNameRulesFile, "\nname /(/\n");
    const auto rules = read_name_rules(settings);
    ASSERT_FALSE(rules);
    EXPECT_THAT(message(rules.error()), HasSubstr(std::filesystem::path{file}.string() + ":2: "));
}

TEST(NameRulesFile, IsOnlyNeededWhereAZoneNamesTheSource) {
    zone::Zone zone;
    zone.sources = {{"*", false}};
    EXPECT_FALSE(serve_dynamic_names({zone}));
    zone.sources.push_back({"dynamic-names", false});
    EXPECT_TRUE(serve_dynamic_names({zone}));
}

}  // namespace
}  // namespace ostrakon::config
