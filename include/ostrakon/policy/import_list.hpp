// A list as a format has read it, packed so that ten million lines fit: subjects by family, and
// what lines say besides them once each.
#pragma once

#include "ostrakon/base/time.hpp"
#include "ostrakon/policy/subject.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace ostrakon::policy {

/// What a line says besides its subject. Lines that say the same share one.
struct Statement {
    std::string listing_class;  ///< Empty: the import's or the feed's. "allow": an exception, save
                                ///< in a feed of class allow.
    std::optional<net::Ipv4> code;
    std::string reason;
    std::string evidence;
    std::optional<UnixTime> until;
    /// When that was seen for which it is to be listed: what an own listing of it began or ended
    /// after has been dealt with.
    std::optional<UnixTime> seen;
    bool is_reason_made_up = false;  ///< By the format; the import's takes its place.
    bool is_exception = false;       ///< "!" of rbldnsd files; own imports refuse it.
    std::uint32_t data_set = 0;      ///< Index into ImportList::data_sets.
    friend bool operator==(const Statement&, const Statement&) = default;
};

template <class S>
struct ImportEntry {
    S subject;
    std::uint32_t statement = 0;  ///< Index into ImportList::statements.
    std::uint32_t line = 0;       ///< Where it stands in its file, from 1.
};

struct ImportList {
    /// Labels of the data sets of a combined file. The first is what a list of one data set has.
    std::vector<std::string> data_sets{""};
    std::vector<Statement> statements;
    std::vector<ImportEntry<net::Ipv4Range>> ipv4;
    std::vector<ImportEntry<net::Ipv6Range>> ipv6;
    std::vector<ImportEntry<NameSubject>> names;
    std::vector<ImportEntry<MailSubject>> mails;
    std::vector<ImportEntry<net::Origin>> origins;
    std::vector<ImportEntry<pattern::Pattern>> patterns;  ///< Own listings only.

    /// For entries that say no code, where neither the import nor the feed says one.
    std::optional<net::Ipv4> default_code;
    /// Ranges as lines have them, where a format has cut them up: limits of widths look at these.
    std::vector<net::Ipv4Range> written_ipv4;

    /// Entries beyond the first of a line, where a format makes several of one.
    std::uint64_t further_entries = 0;

    std::size_t size() const {
        return ipv4.size() + ipv6.size() + names.size() + mails.size() + origins.size() +
               patterns.size();
    }

    /// Lines that gave entries, as far as no entry was taken out since.
    std::uint64_t line_count() const {
        return size() - std::min<std::uint64_t>(further_entries, size());
    }

    /// Appends a statement, whether or not there is an equal one, and returns its index.
    std::uint32_t state(Statement statement) {
        statements.push_back(std::move(statement));
        return static_cast<std::uint32_t>(statements.size() - 1);
    }
    void add(Subject subject, std::uint32_t statement, std::uint32_t line) {
        if (const auto* v4 = std::get_if<net::Ipv4Range>(&subject)) {
            ipv4.push_back({*v4, statement, line});
        } else if (const auto* v6 = std::get_if<net::Ipv6Range>(&subject)) {
            ipv6.push_back({*v6, statement, line});
        } else if (auto* name = std::get_if<NameSubject>(&subject)) {
            names.push_back({std::move(*name), statement, line});
        } else if (auto* of_names = std::get_if<pattern::Pattern>(&subject)) {
            patterns.push_back({std::move(*of_names), statement, line});
        } else if (auto* mail = std::get_if<MailSubject>(&subject)) {
            mails.push_back({std::move(*mail), statement, line});
        } else {
            origins.push_back({std::get<net::Origin>(subject), statement, line});
        }
    }
    /// Calls visit(entry) for each, IPv4 first, then IPv6, names, mail addresses, origins and
    /// patterns, each in the order of lines.
    template <class Visit>
    void for_each(Visit&& visit) const {
        for (const auto& entry : ipv4) {
            visit(entry);
        }
        for (const auto& entry : ipv6) {
            visit(entry);
        }
        for (const auto& entry : names) {
            visit(entry);
        }
        for (const auto& entry : mails) {
            visit(entry);
        }
        for (const auto& entry : origins) {
            visit(entry);
        }
        for (const auto& entry : patterns) {
            visit(entry);
        }
    }
};

}  // namespace ostrakon::policy
