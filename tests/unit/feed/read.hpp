// The one way in which the tests of the formats call the reader, and how they show what it found.
#pragma once

#include "ostrakon/feed/list.hpp"
#include "ostrakon/policy/values.hpp"

#include <fmt/format.h>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace ostrakon::feed {

/// The clock of these tests: 2026-01-01.
inline constexpr UnixTime kNow{1'767'225'600};

inline Result<ReadList> read(std::string_view bytes, std::string_view format = "",
                             bool is_feed = true) {
    return read_list({.file = "list.txt",
                      .bytes = bytes,
                      .format = format,
                      .now = kNow,
                      .is_feed = is_feed,
                      .progress = {}});
}

/// "1 192.0.2.7 class=allow code=127.0.0.9 reason=… until=… evidence=… in=LABEL" an entry, a line
/// each; "!" before the subject of an exception, "<>" in a reason where a subject belongs.
inline std::string entries_of(const Result<ReadList>& list) {
    if (!list) {
        return message(list.error());
    }
    std::string text;
    const auto field = [&text](std::string_view name, std::string_view value) {
        text += value.empty() ? "" : fmt::format(" {}={}", name, value);
    };
    std::map<std::uint32_t, std::string> by_line;
    list->contents.list.for_each([&](const auto& entry) {
        const policy::Statement& said = list->contents.list.statements[entry.statement];
        text = fmt::format("{} {}{}", entry.line, said.is_exception ? "!" : "",
                           to_string(policy::Subject{entry.subject}));
        field("class", said.listing_class);
        field("code", said.code ? to_string(*said.code) : "");
        std::string reason;
        for (const char c : said.reason) {
            reason += c == policy::kSubjectMark ? "<>" : std::string{c};
        }
        field("reason", reason);
        field("until", said.until ? to_string(*said.until) : "");
        field("evidence", said.evidence);
        field("in", list->contents.list.data_sets[said.data_set]);
        by_line[entry.line] += text + "\n";
    });
    text.clear();
    for (const auto& [line, entries] : by_line) {
        text += entries;
    }
    return text;
}

/// "3 [text] why", a line each.
inline std::string rejects_of(const Result<ReadList>& list) {
    if (!list) {
        return message(list.error());
    }
    std::string text;
    for (const policy::ImportReject& reject : list->contents.rejects) {
        text += fmt::format("{} [{}] {}\n", reject.line, reject.text, reject.why);
    }
    return text;
}

/// What else people are told, a line each.
inline std::string notes_of(const Result<ReadList>& list) {
    std::string text;
    for (const std::string& note : list->contents.notes) {
        text += note + "\n";
    }
    return text;
}

/// Why a list is refused as a whole; empty if it is not.
inline std::string refusal_of(const Result<ReadList>& list) {
    return list ? "" : message(list.error());
}

}  // namespace ostrakon::feed
