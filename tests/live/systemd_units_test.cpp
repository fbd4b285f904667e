// The units that ship, as systemd itself reads them.
#include "support/process.hpp"
#include "support/temporary_directory.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <regex>

namespace ostrakon::test {
namespace {

const std::filesystem::path kUnits = std::filesystem::path(OSTRAKON_SOURCE_DIRECTORY) / "systemd";

TEST(SystemdUnits, AreUnderstood) {
    if (run({"systemd-analyze", "--version"}).status != 0) {
        GTEST_SKIP() << "needs systemd-analyze";
    }
    const TemporaryDirectory directory;
    std::vector<std::string> arguments{"systemd-analyze", "verify", "--man=no"};
    for (const char* name :
         {"ostrakond.service", "ostrakon-expire.service", "ostrakon-expire.timer",
          "ostrakon-pull.service", "ostrakon-pull.timer", "ostrakon-web.service",
          "ostrakon-notify.service", "ostrakon-notify.timer"}) {
        // Neither programs nor man pages need be installed where this test runs.
        const std::string unit = std::regex_replace(
            read_file(kUnits / name), std::regex("/usr/bin/ostrakon(d|-web)?"), "/bin/true");
        ASSERT_FALSE(unit.empty()) << name;
        arguments.push_back(directory.write(name, unit));
    }
    const ProcessResult result = run(arguments);
    EXPECT_EQ(result.status, 0);
    EXPECT_EQ(result.errors, "");
}

// A small machine has no more; /bin/kill is one of those that are missing there.
TEST(SystemdUnits, StartOnlyWhatIsOnEveryMachine) {
    for (const char* name :
         {"ostrakond.service", "ostrakon-expire.service", "ostrakon-pull.service",
          "ostrakon-web.service", "ostrakon-notify.service"}) {
        const std::string unit = read_file(kUnits / name);
        const std::regex exec{"(^|\n)Exec[A-Za-z]*=[-+!:@]*([^ \n]*)"};
        int count = 0;
        for (std::sregex_iterator at{unit.begin(), unit.end(), exec}; at != std::sregex_iterator{};
             ++at, ++count) {
            EXPECT_THAT((*at)[2].str(), testing::AnyOf("/usr/bin/ostrakon", "/usr/bin/ostrakond",
                                                       "/usr/bin/ostrakon-web", "/bin/sh"))
                << name;
        }
        EXPECT_GT(count, 0) << name;
    }
}

// But ostrakon-notify, whose sendmail has to gain rights; tests/package runs that one.
TEST(SystemdUnits, AreHardened) {
    if (run({"systemd-analyze", "--version"}).status != 0) {
        GTEST_SKIP() << "needs systemd-analyze";
    }
    for (const char* name : {"ostrakond.service", "ostrakon-expire.service",
                             "ostrakon-pull.service", "ostrakon-web.service"}) {
        // In tenths: exposure of 2.0 is what systemd calls OK for a service that needs the network.
        const ProcessResult result = run({"systemd-analyze", "security", "--offline=true",
                                          "--threshold=20", (kUnits / name).string()});
        EXPECT_EQ(result.status, 0) << result.output;
    }
}

}  // namespace
}  // namespace ostrakon::test
