// What `ostrakon export` writes for firewalls and Postfix, read by nft and postmap where they are.
#include "site.hpp"

#include "support/process.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <sstream>

namespace ostrakon::test {
namespace {

using testing::HasSubstr;
using testing::MatchesRegex;
using testing::Not;

// Where a program is that may be in no PATH but root's; empty: it is not installed.
std::string installed(const std::string& name) {
    const char* const path = std::getenv("PATH");
    std::istringstream directories{std::string{path == nullptr ? "" : path} + ":/usr/sbin:/sbin"};
    for (std::string directory; std::getline(directories, directory, ':');) {
        std::error_code ignored;
        if (!directory.empty() && std::filesystem::exists(directory + "/" + name, ignored)) {
            return directory + "/" + name;
        }
    }
    return "";
}

class ExportForPrograms : public testing::Test {
protected:
    ExportForPrograms() {
        site_({"ban", "192.0.2.0/24", "2001:db8:4::/46", "203.0.113.10-203.0.113.20", "--reason",
               "bad \"spam\", 100 $"});
        site_({"ban", "example.com", "=one.example.net", "user@example.com", "--reason", "spam"});
        site_({"allow", "192.0.2.9", "good.example.com", "--reason", "fine"});
    }
    std::string exported(const std::string& format) const {
        const Answer answer = site_({"export", "--format", format, "--zone", "bl.example.org",
                                     "--output", (site_.path() / format).string()});
        EXPECT_EQ(answer.status, 0) << answer.errors;
        return site_.path() / format;
    }
    // What Postfix finds of these keys, a line each: "KEY<tab>ACTION".
    std::string looked_up(const std::string& postmap, const std::string& table,
                          const std::string& keys) const {
        site_.write("postfix/main.cf",
                    "compatibility_level = 3.6\nmail_owner = daemon\nsetgid_group = mail\n"
                    "myhostname = mail.example.org\n");
        const ProcessResult result = run(ProcessOptions{
            .arguments = {postmap, "-c", (site_.path() / "postfix").string(), "-q", "-", table},
            .environment = {},
            .input = keys});
        return result.output + result.errors;
    }

    Site site_;
};

TEST_F(ExportForPrograms, IsTakenByNft) {
    const std::string nft = installed("nft");
    if (nft.empty()) {
        GTEST_SKIP() << "nftables is not installed";
    }
    // A network of its own: nobody's rules are looked at, and no right is needed.
    const ProcessResult able = run({"unshare", "-rn", nft, "list", "ruleset"});
    if (able.status != 0) {
        GTEST_SKIP() << "a network namespace cannot be had here: " << able.errors;
    }
    const ProcessResult checked = run({"unshare", "-rn", nft, "-c", "-f", exported("nftables")});
    EXPECT_EQ(checked.status, 0) << checked.errors;
    // Loaded for good, its sets have what is listed and no more.
    const std::string script =
        "'" + nft + "' -f '" + exported("nftables") + "' && '" + nft + "' list ruleset";
    const ProcessResult loaded = run({"unshare", "-rn", "sh", "-c", script});
    EXPECT_EQ(loaded.status, 0) << loaded.errors;
    EXPECT_THAT(loaded.output, HasSubstr("192.0.2.0-192.0.2.8"));
    EXPECT_THAT(loaded.output, HasSubstr("203.0.113.10-203.0.113.20"));
    EXPECT_THAT(loaded.output, HasSubstr("2001:db8:4::/46"));
}

TEST_F(ExportForPrograms, IsAskedByPostmap) {
    const std::string postmap = installed("postmap");
    if (postmap.empty()) {
        GTEST_SKIP() << "Postfix is not installed";
    }
    const std::string addresses = looked_up(
        postmap, "cidr:" + exported("postfix-cidr"),
        "192.0.2.8\n203.0.113.20\n2001:db8:7::1\n192.0.2.9\n203.0.113.21\n2001:db8:8::1\n");
    EXPECT_THAT(addresses,
                MatchesRegex("192\\.0\\.2\\.8\tREJECT .*\n203\\.0\\.113\\.20\tREJECT .*\n"
                             "2001:db8:7::1\tREJECT .*\n"));
    EXPECT_THAT(addresses, Not(HasSubstr("192.0.2.9\t")));
    EXPECT_THAT(addresses, Not(HasSubstr("203.0.113.21\t")));
    EXPECT_THAT(addresses, Not(HasSubstr("2001:db8:8::1\t")));
    const std::string names = looked_up(postmap, "texthash:" + exported("postfix-access"),
                                        "example.com\nuser@example.com\nexample.net\n");
    EXPECT_THAT(names, MatchesRegex("example\\.com\tREJECT .*\nuser@example\\.com\tREJECT .*\n"));
}

}  // namespace
}  // namespace ostrakon::test
