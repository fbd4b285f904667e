// The one way in which the tests of the formats call the reader, and how they show what it found.
#pragma once

#include "ostrakon/feed/list.hpp"

#include <fmt/format.h>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace ostrakon::feed {

inline Result<ReadList> read(std::string_view bytes, std::string_view format = "") {
    return read_list({.file = "list.txt", .bytes = bytes, .format = format, .progress = {}});
}

/// "1 192.0.2.7 class=allow code=127.0.0.9 reason=… until=… evidence=…" an entry, a line each.
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
        text = fmt::format("{} {}", entry.line, to_string(policy::Subject{entry.subject}));
        field("class", said.listing_class);
        field("code", said.code ? to_string(*said.code) : "");
        field("reason", said.reason);
        field("until", said.until ? to_string(*said.until) : "");
        field("evidence", said.evidence);
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

/// Why a list is refused as a whole; empty if it is not.
inline std::string refusal_of(const Result<ReadList>& list) {
    return list ? "" : message(list.error());
}

}  // namespace ostrakon::feed
