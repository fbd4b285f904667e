// backup and restore by the real tool.
#include "site.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

namespace ostrakon::test {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

class BackupCommand : public testing::Test {
protected:
    BackupCommand() {
        EXPECT_EQ(site_({"ban", "192.0.2.0/24", "example.com", "--reason", "x"}).status, 0);
        EXPECT_EQ(site_({"import", "-", "--source", "feed"}, "198.51.100.1\n198.51.100.2\n").status,
                  0);
    }
    std::string file() const { return (site_.path() / "backup.mdb").string(); }
    void back_up() { ASSERT_EQ(site_({"backup", file()}).status, 0); }
    // Refused in one line, and nothing has changed.
    void expect_refusal(const std::vector<std::string>& words, int status, const std::string& why) {
        const std::string before = site_({"list", "--json"}).output;
        const Answer answer = site_(words);
        EXPECT_EQ(answer.status, status) << answer.errors;
        EXPECT_THAT(answer.output, IsEmpty());
        EXPECT_THAT(answer.errors, HasSubstr(why));
        EXPECT_EQ(site_({"list", "--json"}).output, before);
        EXPECT_EQ(site_({"check"}).status, 0);
    }

    Site site_;
};

TEST_F(BackupCommand, SaysWhatItHasWritten) {
    const Answer answer = site_({"backup", file()});
    EXPECT_EQ(answer.status, 0) << answer.errors;
    EXPECT_THAT(answer.output, StartsWith("backup of " + site_.database().string() + " to "));
    EXPECT_THAT(answer.output, HasSubstr("2 own bans, 0 own allows, 0 ended listings, 1 feed with "
                                         "2 entries"));
    struct stat status {};
    ASSERT_EQ(stat(file().c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777, 0600U) << "it holds evidence";
    const Json json = site_({"backup", file(), "--yes", "--compact", "--json"}).json();
    EXPECT_EQ(json["file"], file());
    EXPECT_EQ(json["size_bytes"], fs::file_size(file()));
    EXPECT_EQ(json["backup"]["own_listings"], 2);
    EXPECT_EQ(json["backup"]["feed_entries"], 2);
    EXPECT_EQ(site_({"backup", file(), "--yes", "--quiet"}).output, "");
}

TEST_F(BackupCommand, ReplacesNothingUnasked) {
    const fs::path precious = site_.write("backup.mdb", "precious");
    expect_refusal({"backup", file()}, 3, "--yes");
    EXPECT_EQ(read_file(precious), "precious");
    EXPECT_EQ(site_({"backup", file(), "--yes"}).status, 0);
    for (const char* name : {"data.mdb", "lock.mdb", "writer"}) {
        expect_refusal({"backup", (site_.database() / name).string(), "--yes"}, 2,
                       "is a file of the database itself");
    }
    expect_refusal({"backup", site_.path().string()}, 2, "no file");
    expect_refusal({"backup", "/nonexistent/backup.mdb"}, 4, "No such file or directory");
    const Site empty;
    EXPECT_EQ(empty({"backup", file(), "--yes"}).status, 4);
    EXPECT_EQ(site_({"restore", file(), "--dry-run"}).status, 0) << "the last good one is there";
    for (const auto& entry : fs::directory_iterator{site_.path()}) {
        EXPECT_EQ(entry.path().filename().string().find("backup.mdb."), std::string::npos);
    }
}

TEST_F(BackupCommand, GoesToStandardOutput) {
    const auto piped = run({"sh", "-c", "\"$0\" --database \"$1\" backup - | cat > \"$2\"",
                            OSTRAKON_TOOL, site_.database().string(), file()});
    EXPECT_EQ(piped.status, 0);
    EXPECT_THAT(piped.errors, HasSubstr("written to standard output"));
    EXPECT_EQ(site_({"restore", file()}).status, 0);
    const auto redirected = run({"sh", "-c", "\"$0\" --database \"$1\" restore - < \"$2\"",
                                 OSTRAKON_TOOL, site_.database().string(), file()});
    EXPECT_EQ(redirected.status, 0) << redirected.errors;
    const auto from_pipe = run({"sh", "-c", "cat \"$2\" | \"$0\" --database \"$1\" restore -",
                                OSTRAKON_TOOL, site_.database().string(), file()});
    EXPECT_EQ(from_pipe.status, 2);
}

TEST_F(BackupCommand, ComesBackWithRestore) {
    back_up();
    ASSERT_EQ(site_({"unban", "192.0.2.0/24", "--reason", "x"}).status, 0);
    ASSERT_EQ(site_({"ban", "203.0.113.7", "--reason", "x"}).status, 0);
    const auto serial = site_({"stats", "--json"}).json()["serial"].get<std::uint32_t>();
    const Answer answer = site_({"restore", file()});
    EXPECT_EQ(answer.status, 0) << answer.errors;
    const std::string before = (site_.database() / "before-restore.mdb").string();
    EXPECT_THAT(answer.output, HasSubstr("is restored: 2 own bans"));
    EXPECT_THAT(answer.output, HasSubstr("to take it back: ostrakon restore " + before));
    EXPECT_EQ(site_({"why", "192.0.2.7"}).status, 0);
    EXPECT_EQ(site_({"why", "203.0.113.7"}).status, 1);
    EXPECT_GT(site_({"stats", "--json"}).json()["serial"], serial);
    EXPECT_EQ(site_({"check"}).status, 0);
    EXPECT_THAT(site_({"history", "--json"}).output, HasSubstr("restored a backup of "));
    EXPECT_THAT(site_({"history", "--json"}).output, HasSubstr("203.0.113.7"));
    // And back, and forth again.
    for (const int is_listed : {1, 0, 1}) {
        const Json json = site_({"restore", before, "--json"}).json();
        EXPECT_EQ(json["changed"], true);
        EXPECT_EQ(json["before"], before);
        EXPECT_EQ(site_({"why", "203.0.113.7"}).status, 1 - is_listed);
        EXPECT_EQ(site_({"check"}).status, 0);
    }
}

TEST_F(BackupCommand, OfAnotherDatabaseMakesANewOne) {
    ASSERT_EQ(site_({"backup", file(), "--compact"}).status, 0);
    const Site other;
    const Answer answer = other({"restore", file()});
    EXPECT_EQ(answer.status, 0) << answer.errors;
    EXPECT_THAT(answer.output, HasSubstr("what was there before is not kept"));
    EXPECT_FALSE(fs::exists(other.database() / "before-restore.mdb"));
    EXPECT_EQ(other({"list", "--json"}).output, site_({"list", "--json"}).output);
    EXPECT_EQ(other({"list", "--source", "*", "--json"}).output,
              site_({"list", "--source", "*", "--json"}).output);
    EXPECT_EQ(other({"check"}).status, 0);
    fs::remove_all(other.database());
    EXPECT_EQ(other({"restore", file()}).status, 4) << "the directory is not made";
}

TEST_F(BackupCommand, CanBeDiscardedAndTried) {
    back_up();
    ASSERT_EQ(site_({"ban", "203.0.113.7", "--reason", "x"}).status, 0);
    const Answer tried = site_({"restore", file(), "--dry-run"});
    EXPECT_EQ(tried.status, 0);
    EXPECT_THAT(tried.output, HasSubstr("can be restored, nothing has changed"));
    EXPECT_EQ(site_({"restore", file(), "--dry-run", "--json"}).json()["changed"], false);
    EXPECT_EQ(site_({"why", "203.0.113.7"}).status, 0);
    EXPECT_THAT(site_({"restore", file(), "--discard"}).output, HasSubstr("is not kept"));
    EXPECT_FALSE(fs::exists(site_.database() / "before-restore.mdb"));
}

TEST_F(BackupCommand, IsRefusedWhereItIsDamaged) {
    back_up();
    const std::string whole = read_file(file());
    for (std::size_t cut = 0; cut < whole.size(); cut += 40'000) {
        site_.write("backup.mdb", whole.substr(0, cut));
        expect_refusal({"restore", file()}, 2, "read backup " + file());
    }
    for (std::size_t at = 1000; at < whole.size(); at += 40'000) {
        std::string damaged = whole;
        damaged[at] = static_cast<char>(damaged[at] ^ 4);
        site_.write("backup.mdb", damaged);
        expect_refusal({"restore", file()}, 2, "damaged");
    }
    expect_refusal({"restore", "/nonexistent"}, 2, "No such file or directory");
    expect_refusal({"restore", site_.path().string()}, 2, "no file");
    expect_refusal({"restore", site_.config_file().string()}, 2, "no backup");
    EXPECT_FALSE(fs::exists(site_.database() / "before-restore.mdb"));
    EXPECT_FALSE(fs::exists(site_.database() / "before-restore.mdb.partial"));
}

TEST_F(BackupCommand, TakesACopyOfTheFileAndSaysWhatThatLacks) {
    fs::copy_file(site_.database() / "data.mdb", file());
    const Answer answer = site_({"restore", file()});
    EXPECT_EQ(answer.status, 0);
    EXPECT_THAT(answer.errors, HasSubstr("has no checksum"));
    EXPECT_EQ(site_({"why", "192.0.2.7"}).status, 0);
}

TEST_F(BackupCommand, HelpsWhereTheDatabaseIsDamaged) {
    back_up();
    site_.write("db/data.mdb", "damaged");
    const Answer refused = site_({"restore", file()});
    EXPECT_EQ(refused.status, 4);
    EXPECT_THAT(refused.errors, HasSubstr("move data.mdb and lock.mdb away"));
    fs::remove(site_.database() / "data.mdb");
    fs::remove(site_.database() / "lock.mdb");
    EXPECT_EQ(site_({"restore", file()}).status, 0);
    EXPECT_EQ(site_({"why", "192.0.2.7"}).status, 0);
}

// As root: the file is the caller's, the database is read and written as its owner.
TEST_F(BackupCommand, KeepsOwnersApart) {
    if (geteuid() != 0) {
        GTEST_SKIP() << "only root can give directories away";
    }
    constexpr uid_t kNobody = 65534;
    const Site site;
    fs::permissions(site.path(),
                    fs::perms::owner_all | fs::perms::group_exec | fs::perms::others_exec);
    ASSERT_EQ(chown(site.database().c_str(), kNobody, kNobody), 0);
    ASSERT_EQ(site({"ban", "192.0.2.9", "--reason", "x"}).status, 0);
    const fs::path directory = site.path() / "backups";
    fs::create_directory(directory);
    fs::permissions(directory, fs::perms::owner_all);
    const std::string file = (directory / "backup.mdb").string();
    for (const char* option : {"--yes", "--compact"}) {
        const Answer made = site({"backup", file, "--yes", option});
        EXPECT_EQ(made.status, 0) << made.errors;
        struct stat status {};
        ASSERT_EQ(stat(file.c_str(), &status), 0);
        EXPECT_EQ(status.st_uid, 0U);
        EXPECT_EQ(status.st_mode & 0777, 0600U);
    }
    EXPECT_EQ(site({"restore", file}).status, 0);
    EXPECT_EQ(site({"restore", file}).status, 0);
    for (const fs::directory_entry& entry : fs::directory_iterator{site.database()}) {
        struct stat status {};
        ASSERT_EQ(stat(entry.path().c_str(), &status), 0);
        EXPECT_EQ(status.st_uid, kNobody) << entry.path();
        EXPECT_EQ(status.st_gid, kNobody) << entry.path();
        EXPECT_EQ(status.st_mode & 0007, 0U) << entry.path();
    }
}

}  // namespace
}  // namespace ostrakon::test
