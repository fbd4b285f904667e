// fail2ban: what it has banned, out of its database or out of what fail2ban-client prints.
#include "fail2ban_database.hpp"
#include "format.hpp"
#include "lines.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <ctime>

namespace ostrakon::feed {
namespace {

constexpr std::size_t kJailSizeMax = 100;
constexpr std::size_t kLocalTimeSize = 19;
// Real lists hold lines of zero bytes.
constexpr std::string_view kBetween{" \t,\0", 4};

std::string reason_of(std::string_view jail) {
    return jail.empty() ? "banned by fail2ban" : fmt::format("banned by fail2ban ({})", jail);
}

std::uint32_t statement_of(Collector& collector, std::string_view jail) {
    policy::Statement said;
    said.reason = reason_of(jail.substr(0, kJailSizeMax));
    said.is_reason_made_up = true;
    return collector.statement(said);
}

// `fail2ban-client banned`: [{'sshd': ['192.0.2.7', '192.0.2.8']}, {'postfix': []}]
void read_banned(const Line& line, Collector& collector, std::string& jail) {
    std::string_view rest = line.text;
    while (!collector.is_full()) {
        const std::size_t open = rest.find_first_of("'\"");
        const std::size_t close =
            open == std::string_view::npos ? open : rest.find(rest[open], open + 1);
        if (close == std::string_view::npos) {
            return;
        }
        const std::string_view word = rest.substr(open + 1, close - open - 1);
        rest.remove_prefix(close + 1);
        if (trimmed(rest).starts_with(":")) {
            jail = word.substr(0, kJailSizeMax);
        } else {
            collector.add(line.number, word, statement_of(collector, jail));
        }
    }
}

// "2026-01-01 10:00:00", of the local time zone.
std::optional<UnixTime> parse_local(std::string_view text) {
    const std::string terminated{text.substr(0, kLocalTimeSize)};
    std::tm time{};
    const char* const end = strptime(terminated.c_str(), "%Y-%m-%d %H:%M:%S", &time);
    if (end == nullptr || *end != '\0') {
        return std::nullopt;
    }
    time.tm_isdst = -1;
    return UnixTime{std::max<std::int64_t>(std::mktime(&time), 0)};
}

// `fail2ban-client get JAIL banip --with-time`: 192.0.2.7 \t2026-01-01 10:00:00 + 600 = 2026-01-01
// 10:10:00. False where it is another line.
bool read_timed(const Document& document, const Line& line, Collector& collector) {
    constexpr int kYearForEver = 9999;  // how fail2ban writes that
    const std::size_t tab = line.text.find('\t');
    const std::size_t equals = line.text.find(" = ");
    if (tab == std::string_view::npos || equals == std::string_view::npos || equals < tab) {
        return false;
    }
    const auto since = parse_local(line.text.substr(tab + 1));
    const auto until = parse_local(line.text.substr(equals + 3));
    if (!since || !until) {
        return false;
    }
    policy::Statement said;
    said.reason = reason_of("");
    said.is_reason_made_up = true;
    said.seen = std::min(*since, document.now);
    if (line.text.substr(equals + 3, 4) != std::to_string(kYearForEver)) {
        said.until = *until;
    }
    if (!said.until || *said.until > document.now) {
        collector.add(line.number, trimmed(line.text.substr(0, tab)), collector.statement(said));
    }
    return true;
}

// `fail2ban-client status JAIL`, and lists of addresses with blanks between them.
void read_words(const Line& line, Collector& collector, std::string& jail) {
    constexpr std::string_view kJail = "Status for the jail:";
    constexpr std::string_view kBanned = "Banned IP list:";
    std::string_view rest = trimmed(line.text);
    if (const std::size_t at = rest.find(kJail); at != std::string_view::npos) {
        jail = trimmed(rest.substr(at + kJail.size())).substr(0, kJailSizeMax);
        return;
    }
    if (const std::size_t at = rest.find(kBanned); at != std::string_view::npos) {
        rest = rest.substr(at + kBanned.size());
    } else if (rest.starts_with("|") || rest.starts_with("`") || rest.starts_with("#")) {
        return;  // the other lines of `status`
    }
    while (!rest.empty() && !collector.is_full()) {
        const std::size_t end = std::min(rest.find_first_of(kBetween), rest.size());
        if (end > 0) {
            collector.add(line.number, rest.substr(0, end), statement_of(collector, jail));
        }
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
}

void read_text(const Document& document, Collector& collector) {
    Lines lines{document.bytes};
    Line line;
    std::string jail;
    while (lines.next(line) && !collector.is_full()) {
        if (trimmed(line.text).starts_with("[") || trimmed(line.text).starts_with("{")) {
            read_banned(line, collector, jail);
        } else if (!read_timed(document, line, collector)) {
            read_words(line, collector, jail);
        }
        if (line.number % kProgressLines == 0) {
            document.progress(lines.consumed());
        }
    }
}

}  // namespace

Result<Done> read_fail2ban(const Document& document, Collector& collector) {
    collector.may_be_empty();
    if (!is_sqlite(document.bytes)) {
        read_text(document, collector);
        return Done{};
    }
    std::uint64_t over = 0;
    auto read = read_fail2ban_database(document, [&](const Fail2banBan& ban) {
        if (ban.until && *ban.until <= document.now) {
            ++over;
            return true;
        }
        policy::Statement said;
        said.reason = reason_of(std::string_view{ban.jail}.substr(0, kJailSizeMax));
        said.is_reason_made_up = true;
        said.until = ban.until;
        said.seen = ban.since;
        collector.add(1, ban.address, collector.statement(said));
        return !collector.is_full();
    });
    if (read && over > 0) {
        collector.note("over", [over] {
            return fmt::format("{} bans that fail2ban has ended are left out", over);
        });
    }
    return read;
}

}  // namespace ostrakon::feed
