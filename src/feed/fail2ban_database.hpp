// Reads the SQLite database of fail2ban (/var/lib/fail2ban/fail2ban.sqlite3), without writing to
// it.
#pragma once

#include "format.hpp"
#include "ostrakon/base/time.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace ostrakon::feed {

struct Fail2banBan {
    std::string jail;
    std::string address;
    UnixTime since;
    std::optional<UnixTime> until;  ///< Nothing: for ever.
};

/// Whether these are the first bytes of an SQLite database.
bool is_sqlite(std::string_view bytes);

/// Calls `visit` for every ban until it returns false. The error refuses what is no such database.
Result<Done> read_fail2ban_database(const Document& document,
                                    const std::function<bool(const Fail2banBan&)>& visit);

}  // namespace ostrakon::feed
