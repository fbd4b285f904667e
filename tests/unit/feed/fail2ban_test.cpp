// fail2ban: its database and what its client prints.
#include "read.hpp"

#include "support/temporary_directory.hpp"

#include <gmock/gmock.h>
#include <sqlite3.h>
#include <cstdlib>
#include <ctime>

namespace ostrakon::feed {
namespace {

using testing::HasSubstr;

constexpr const char* kTables =
    "CREATE TABLE bips(ip TEXT NOT NULL, jail TEXT NOT NULL, timeofban INTEGER NOT NULL, "
    "bantime INTEGER NOT NULL, bancount INTEGER NOT NULL default 1, data JSON, "
    "PRIMARY KEY(ip, jail));";

// The bytes of a database that was made with this SQL.
std::string database(const std::string& sql) {
    const test::TemporaryDirectory directory;
    const std::string file = (directory.path() / "f.sqlite3").string();
    sqlite3* connection = nullptr;
    EXPECT_EQ(sqlite3_open(file.c_str(), &connection), SQLITE_OK);
    EXPECT_EQ(sqlite3_exec(connection, sql.c_str(), nullptr, nullptr, nullptr), SQLITE_OK) << sql;
    sqlite3_close(connection);
    return test::read_file(file);
}

std::string row(std::string_view address, std::int64_t since, std::int64_t length) {
    return fmt::format("INSERT INTO bips VALUES('{}', 'postfix', {}, {}, 1, '{{}}');", address,
                       since, length);
}

TEST(Fail2ban, ReadsTheDatabase) {
    const std::int64_t now = kNow.seconds;
    const auto list = read(
        database(kTables + row("192.0.2.7", now - 600, 3600) + row("2001:db8::7", now - 600, -1) +
                 row("192.0.2.8", now - 600, 600) + row("not an address", now, 600)),
        "fail2ban");
    EXPECT_EQ(entries_of(list),
              "1 192.0.2.7 reason=banned by fail2ban (postfix) until=2026-01-01T00:50:00Z\n"
              "1 2001:db8::7 reason=banned by fail2ban (postfix)\n");
    EXPECT_THAT(rejects_of(list), HasSubstr("not an address"));
    EXPECT_THAT(notes_of(list), HasSubstr("1 bans that fail2ban has ended are left out"));
}

TEST(Fail2ban, RefusesWhatIsNoSuchDatabase) {
    EXPECT_THAT(refusal_of(read(database("CREATE TABLE other(x);"), "fail2ban")),
                HasSubstr("no such table: bips"));
    const std::string whole = database(kTables + row("192.0.2.7", kNow.seconds, 600));
    EXPECT_THAT(refusal_of(read(whole.substr(0, 50), "fail2ban")), HasSubstr("cut off"));
    for (std::size_t size = 100; size < whole.size(); size += 517) {
        const auto list = read(whole.substr(0, size), "fail2ban");
        EXPECT_FALSE(list && list->contents.list.size() > 1) << size;
    }
}

TEST(Fail2ban, DoesNotRunWhatADatabaseBrings) {
    // In place of the table a view that would never end.
    const auto list = read(
        database("CREATE VIEW bips AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM "
                 "n) SELECT i AS jail, i AS ip, i AS timeofban, i AS bantime FROM n;"),
        "fail2ban");
    EXPECT_FALSE(list);
}

TEST(Fail2ban, ReadsWhatTheClientPrints) {
    setenv("TZ", "UTC", 1);
    tzset();
    EXPECT_EQ(entries_of(read("[{'sshd': ['192.0.2.7', '192.0.2.8']}, {'postfix': []}, "
                              "{'dovecot': ['2001:db8::7']}]\n")),
              "1 192.0.2.7 reason=banned by fail2ban (sshd)\n"
              "1 192.0.2.8 reason=banned by fail2ban (sshd)\n"
              "1 2001:db8::7 reason=banned by fail2ban (dovecot)\n");
    EXPECT_EQ(entries_of(read("Status for the jail: sshd\n|- Filter\n|  |- Currently failed: 1\n"
                              "`- Actions\n   |- Currently banned: 2\n"
                              "   `- Banned IP list:\t192.0.2.7 192.0.2.8\n",
                              "fail2ban")),
              "6 192.0.2.7 reason=banned by fail2ban (sshd)\n"
              "6 192.0.2.8 reason=banned by fail2ban (sshd)\n");
    EXPECT_EQ(entries_of(read("192.0.2.7 \t2026-01-01 00:00:00 + 600 = 2026-01-01 00:10:00\n"
                              "192.0.2.8 \t2025-01-01 00:00:00 + 600 = 2025-01-01 00:10:00\n"
                              "192.0.2.9 \t2026-01-01 00:00:00 + -1 = 9999-12-31 23:59:59\n",
                              "fail2ban")),
              "1 192.0.2.7 reason=banned by fail2ban until=2026-01-01T00:10:00Z\n"
              "3 192.0.2.9 reason=banned by fail2ban\n");
    // Lines of zero bytes stand at the head of lists that are kept by hand.
    EXPECT_EQ(entries_of(read(std::string(15, '\0') + "\n192.0.2.7\n", "fail2ban")),
              "2 192.0.2.7 reason=banned by fail2ban\n");
    EXPECT_EQ(entries_of(read("[]\n", "fail2ban")), "");
}

}  // namespace
}  // namespace ostrakon::feed
