// What is wrong around the tool: the configuration, the database, other writers, rights.
#include "ostrakon/store/environment.hpp"
#include "ostrakon/store/meta.hpp"
#include "ostrakon/store/transaction.hpp"
#include "ostrakon/store/writer_lock.hpp"
#include "site.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>
#include <algorithm>

namespace ostrakon::test {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::vector<std::vector<std::string>> reading_commands() {
    return {
        {"why", "192.0.2.7"}, {"show", "192.0.2.7"}, {"list"}, {"history"}, {"check"}, {"stats"},
        {"zone", "list"}};
}

std::vector<std::vector<std::string>> all_commands() {
    auto commands = reading_commands();
    commands.push_back({"ban", "192.0.2.7", "--reason", "x"});
    commands.push_back({"allow", "192.0.2.7", "--reason", "x"});
    commands.push_back({"unban", "192.0.2.7", "--reason", "x"});
    commands.push_back({"import", "-", "--json"});
    commands.push_back({"expire"});
    return commands;
}

// One clear line, nothing on stdout.
void expect_failure(const Answer& answer, int status, const std::string& message) {
    EXPECT_EQ(answer.status, status) << answer.errors;
    EXPECT_THAT(answer.output, IsEmpty());
    EXPECT_THAT(answer.errors, HasSubstr(message));
    EXPECT_EQ(std::count(answer.errors.begin(), answer.errors.end(), '\n'), 1) << answer.errors;
}

TEST(Failure, OfAMistakenConfigurationNamesFileLineAndColumn) {
    const Site site;
    site.write("ostrakon.toml", "[database]\npath = \"/var/lib/ostrakon\"\nsise = \"1GiB\"\n");
    for (const auto& command : all_commands()) {
        expect_failure(site(command, "192.0.2.7\n"), 2, site.config_file().string() + ":3:1: ");
    }
    site.write("ostrakon.toml", "[database\n");
    expect_failure(site({"list"}), 2, site.config_file().string() + ":1:");
}

TEST(Failure, OfAMissingConfigurationSaysSo) {
    expect_failure(run_tool({"--config", "/nonexistent/ostrakon.toml", "list"}), 2,
                   "/nonexistent/ostrakon.toml");
}

TEST(Failure, OfAMissingDatabaseIsOneOfTheSystem) {
    const Site site;
    for (const auto& command : reading_commands()) {
        expect_failure(site(command), 4, site.database().string());
    }
    expect_failure(site({"unban", "192.0.2.7", "--reason", "x"}), 4, site.database().string());
    expect_failure(site({"expire"}), 4, site.database().string());
    EXPECT_FALSE(fs::exists(site.database() / "data.mdb"));
    fs::remove_all(site.database());
    for (const auto& command : all_commands()) {
        expect_failure(site(command, "192.0.2.7\n"), 4, site.database().string());
    }
    EXPECT_FALSE(fs::exists(site.database()));
}

TEST(Failure, OfADamagedDatabaseLeavesItAsItIs) {
    const Site site;
    ASSERT_EQ(site({"ban", "192.0.2.1", "--reason", "x"}).status, 0);
    const std::string whole = read_file(site.database() / "data.mdb");
    for (const std::string& bytes : {whole.substr(0, whole.size() / 2), whole.substr(0, 100),
                                     std::string{"no database"}, std::string(whole.size(), 'x')}) {
        site.write("db/data.mdb", bytes);
        for (const auto& command : all_commands()) {
            const Answer answer = site(command, "192.0.2.7\n");
            EXPECT_EQ(answer.status, 4) << command.front() << answer.errors;
            EXPECT_THAT(answer.output, IsEmpty());
            EXPECT_THAT(answer.errors, HasSubstr(site.database().string()));
        }
        EXPECT_EQ(read_file(site.database() / "data.mdb"), bytes);
    }
}

TEST(Failure, OfANewerDatabaseSaysWhichItKnows) {
    const Site site;
    ASSERT_EQ(site({"ban", "192.0.2.1", "--reason", "x"}).status, 0);
    {
        auto environment = store::Environment::open(
            {.directory = site.database(), .access = store::Access::ReadWrite, .size_bytes = {}});
        ASSERT_TRUE(environment);
        auto transaction = store::WriteTransaction::begin(*environment);
        ASSERT_TRUE(transaction);
        store::set_meta_number(*transaction, store::meta_key::kSchema, store::kSchemaVersion + 1);
        ASSERT_TRUE(transaction->commit());
    }
    for (const auto& command : all_commands()) {
        expect_failure(site(command, "192.0.2.7\n"), 4,
                       fmt::format("it has schema {}", store::kSchemaVersion + 1));
    }
}

TEST(Failure, ToGetTheWritersLockNamesTheOther) {
    const Site site;
    ASSERT_EQ(site({"ban", "192.0.2.1", "--reason", "x"}).status, 0);
    const auto lock = store::WriterLock::take(
        {.directory = site.database(), .command = "restore", .wait = {}, .tell = {}});
    ASSERT_TRUE(lock);
    const Answer answer = site({"ban", "192.0.2.7", "--reason", "x", "--wait", "0s"});
    EXPECT_EQ(answer.status, 4);
    EXPECT_THAT(answer.output, IsEmpty());
    EXPECT_THAT(answer.errors, HasSubstr("restore"));
    EXPECT_THAT(answer.errors, HasSubstr(std::to_string(getpid())));
    EXPECT_EQ(site({"why", "192.0.2.1"}).status, 0);  // who only reads does not wait
}

TEST(Failure, OfAFullDatabaseTakesTheWholeChangeBack) {
    const Site site;
    site.write("ostrakon.toml",
               "[database]\npath = \"" + site.database().string() + "\"\nsize = \"1MiB\"\n");
    ASSERT_EQ(site({"ban", "192.0.2.1", "--reason", "x"}).status, 0);
    std::string list;
    for (int i = 0; i < 200'000; ++i) {
        list += "192." + std::to_string(i % 7) + "." + std::to_string(i / 256 % 256) + "." +
                std::to_string(i % 256) + "\n";
    }
    const Answer answer = site({"import", "-", "--source", "feed"}, list);
    expect_failure(answer, 4, "raise [database] size");
    EXPECT_EQ(site({"list", "--source", "*", "--json"}).output, "[]\n");
    EXPECT_EQ(site({"why", "192.0.2.1"}).status, 0);
    const std::string evidence(1'000'000, 'x');
    expect_failure(site({"ban", "192.0.2.2", "--reason", "x", "--evidence", "-"}, evidence), 4,
                   "raise [database] size");
    EXPECT_EQ(site({"why", "192.0.2.2"}).status, 1);
    EXPECT_EQ(site({"check"}).status, 0);
}

// As root the tool becomes the owner of the database before it touches it.
TEST(Rights, OfNewFilesAreThoseOfTheDirectory) {
    if (geteuid() != 0) {
        GTEST_SKIP() << "only root can give directories away";
    }
    constexpr uid_t kNobody = 65534;
    const Site site;
    fs::permissions(site.path(),
                    fs::perms::owner_all | fs::perms::group_exec | fs::perms::others_exec);
    const std::string secret = site.write("secret.txt", "192.0.2.7\n192.0.2.8\n").string();
    fs::permissions(secret, fs::perms::owner_read);
    ASSERT_EQ(chown(site.database().c_str(), kNobody, kNobody), 0);
    fs::permissions(site.database(),
                    fs::perms::owner_all | fs::perms::group_read | fs::perms::group_exec);
    EXPECT_EQ(site({"import", secret}).status, 0);
    EXPECT_EQ(site({"ban", "192.0.2.9", "--reason", "x", "--evidence", "@" + secret}).status, 0);
    EXPECT_EQ(site({"why", "192.0.2.7"}).status, 0);
    for (const fs::directory_entry& entry : fs::directory_iterator{site.database()}) {
        struct stat status {};
        ASSERT_EQ(stat(entry.path().c_str(), &status), 0);
        EXPECT_EQ(status.st_uid, kNobody) << entry.path();
        EXPECT_EQ(status.st_gid, kNobody) << entry.path();
        EXPECT_EQ(status.st_mode & 0777, 0660U) << entry.path();
    }
}

TEST(Rights, ThatAreMissingAreSaid) {
    if (geteuid() != 0) {
        GTEST_SKIP() << "only root can give directories away";
    }
    constexpr uid_t kNobody = 65534;
    const Site site;
    fs::permissions(site.path(),
                    fs::perms::owner_all | fs::perms::group_exec | fs::perms::others_exec);
    ASSERT_EQ(site({"ban", "192.0.2.1", "--reason", "x"}).status, 0);
    // The directory is given to another, the files in it are not.
    ASSERT_EQ(chown(site.database().c_str(), kNobody, kNobody), 0);
    fs::permissions(site.database() / "data.mdb", fs::perms::owner_read | fs::perms::owner_write);
    expect_failure(site({"list"}), 4, "Permission denied");
}

}  // namespace
}  // namespace ostrakon::test
