#include "fail2ban_database.hpp"

#include "ostrakon/base/shared_library.hpp"

#include <fmt/format.h>
#include <sqlite3.h>
#include <algorithm>
#include <memory>

namespace ostrakon::feed {
namespace {

using namespace std::string_view_literals;

constexpr std::size_t kHeaderSize = 100;
constexpr std::size_t kFormatVersionsAt = 18;  // SQLite's file format §1.3.3
constexpr int kProgressInterval = 10'000;      // virtual machine instructions
constexpr std::uint64_t kProgressCallsMax = 1'000'000;
constexpr int kTextSizeMax = 1 << 20;
constexpr std::int64_t kSecondsMax = 253'402'300'799;  // the last second that can be spelled

// The functions of SQLite that are used.
struct Sqlite {
    decltype(&sqlite3_open_v2) open_v2;
    decltype(&sqlite3_close_v2) close_v2;
    decltype(&sqlite3_deserialize) deserialize;
    decltype(&sqlite3_db_config) db_config;
    decltype(&sqlite3_limit) limit;
    decltype(&sqlite3_progress_handler) progress_handler;
    decltype(&sqlite3_prepare_v2) prepare_v2;
    decltype(&sqlite3_step) step;
    decltype(&sqlite3_finalize) finalize;
    decltype(&sqlite3_column_text) column_text;
    decltype(&sqlite3_column_bytes) column_bytes;
    decltype(&sqlite3_column_int64) column_int64;
    decltype(&sqlite3_errmsg) errmsg;
};

Result<Sqlite> load_sqlite() {
    auto library = SharedLibrary::open("libsqlite3.so.0", "libsqlite3-0");
    if (!library) {
        return Unexpected{std::move(library.error())};
    }
    Sqlite api{};
    library->find(api.open_v2, "sqlite3_open_v2");
    library->find(api.close_v2, "sqlite3_close_v2");
    library->find(api.deserialize, "sqlite3_deserialize");
    library->find(api.db_config, "sqlite3_db_config");
    library->find(api.limit, "sqlite3_limit");
    library->find(api.progress_handler, "sqlite3_progress_handler");
    library->find(api.prepare_v2, "sqlite3_prepare_v2");
    library->find(api.step, "sqlite3_step");
    library->find(api.finalize, "sqlite3_finalize");
    library->find(api.column_text, "sqlite3_column_text");
    library->find(api.column_bytes, "sqlite3_column_bytes");
    library->find(api.column_int64, "sqlite3_column_int64");
    library->find(api.errmsg, "sqlite3_errmsg");
    auto whole = library->whole();
    return whole ? Result<Sqlite>{api} : Unexpected{std::move(whole.error())};
}

using Connection = std::unique_ptr<sqlite3, decltype(&sqlite3_close_v2)>;
using Statement = std::unique_ptr<sqlite3_stmt, decltype(&sqlite3_finalize)>;

int count_down(void* calls_left) {
    return --*static_cast<std::uint64_t*>(calls_left) == 0 ? 1 : 0;
}

Unexpected<Error> unreadable(const Document& document, std::string_view why) {
    return refuse(document.file, fmt::format("cannot be read as fail2ban's database: {}", why),
                  "if fail2ban was writing to it just now, try again; `fail2ban-client banned` "
                  "says the same as text");
}

// Hostile bytes: SQLite is told to trust no schema, to write nothing and to stop after a while.
Result<Connection> open_image(const Sqlite& api, const Document& document, std::string& image) {
    sqlite3* raw = nullptr;
    const int rc =
        api.open_v2(":memory:", &raw, SQLITE_OPEN_READWRITE | SQLITE_OPEN_MEMORY, nullptr);
    Connection connection{raw, api.close_v2};
    if (rc != SQLITE_OK) {
        return unreadable(document, "out of memory");
    }
    api.db_config(raw, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    api.db_config(raw, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
    api.db_config(raw, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, nullptr);
    api.db_config(raw, SQLITE_DBCONFIG_ENABLE_VIEW, 0, nullptr);
    api.limit(raw, SQLITE_LIMIT_LENGTH, kTextSizeMax);
    const auto size = static_cast<sqlite3_int64>(image.size());
    if (api.deserialize(raw, "main", reinterpret_cast<unsigned char*>(image.data()), size, size,
                        SQLITE_DESERIALIZE_READONLY) != SQLITE_OK) {
        return unreadable(document, api.errmsg(raw));
    }
    return connection;
}

std::string text_of(const Sqlite& api, sqlite3_stmt* row, int column) {
    const auto* const text = api.column_text(row, column);
    const int size = api.column_bytes(row, column);
    return text == nullptr ? std::string{}
                           : std::string{reinterpret_cast<const char*>(text),
                                         static_cast<std::size_t>(std::max(size, 0))};
}

Fail2banBan ban_of(const Sqlite& api, sqlite3_stmt* row) {
    Fail2banBan ban;
    ban.jail = text_of(api, row, 0);
    ban.address = text_of(api, row, 1);
    ban.since.seconds = std::clamp<std::int64_t>(api.column_int64(row, 2), 0, kSecondsMax);
    const std::int64_t length = std::min<std::int64_t>(api.column_int64(row, 3), kSecondsMax);
    if (length >= 0) {
        ban.until = UnixTime{std::min(ban.since.seconds + length, kSecondsMax)};
    }
    return ban;
}

}  // namespace

bool is_sqlite(std::string_view bytes) {
    return bytes.starts_with("SQLite format 3\0"sv);
}

Result<Done> read_fail2ban_database(const Document& document,
                                    const std::function<bool(const Fail2banBan&)>& visit) {
    const auto api = load_sqlite();
    if (!api) {
        return Unexpected{api.error()};
    }
    std::string image{document.bytes};
    if (image.size() < kHeaderSize) {
        return unreadable(document, "it is cut off");
    }
    // A database with a write-ahead log cannot be opened in memory; without the mark it can.
    image[kFormatVersionsAt] = image[kFormatVersionsAt + 1] = '\x01';
    const auto connection = open_image(*api, document, image);
    if (!connection) {
        return Unexpected{connection.error()};
    }
    std::uint64_t calls_left = kProgressCallsMax;
    api->progress_handler(connection->get(), kProgressInterval, count_down, &calls_left);
    sqlite3_stmt* raw = nullptr;
    const int prepared = api->prepare_v2(
        connection->get(), "SELECT jail, ip, timeofban, bantime FROM bips", -1, &raw, nullptr);
    const Statement rows{raw, api->finalize};
    if (prepared != SQLITE_OK) {
        return unreadable(document, api->errmsg(connection->get()));
    }
    int rc = api->step(raw);
    for (; rc == SQLITE_ROW; rc = api->step(raw)) {
        if (!visit(ban_of(*api, raw))) {
            return Done{};
        }
    }
    return rc == SQLITE_DONE ? Result<Done>{Done{}}
                             : unreadable(document, api->errmsg(connection->get()));
}

}  // namespace ostrakon::feed
