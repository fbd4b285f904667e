// Property: any bytes as a list of one format are entries that can be imported, or refused.
//
// Linked once for each format (format_name.hpp). Bounds hold, lines are lines of the list, subjects
// are spelled so that they read back equal (but for names of rbldnsd, which may hold any byte), and
// reading again gives the same.
#include "format_name.hpp"
#include "target.hpp"

#include "ostrakon/feed/list.hpp"
#include "ostrakon/policy/subject.hpp"

#include <algorithm>
#include <type_traits>

namespace {

using namespace ostrakon;
using fuzz::require;

const std::string_view kFormat = fuzz::kFormatName;
// RFC 3339 has years of four digits.
constexpr std::int64_t kUntilMax = 253'402'300'800;

Result<feed::ReadList> read(std::string_view bytes) {
    return feed::read_list({.file = "list.txt", .bytes = bytes, .format = kFormat, .progress = {}});
}

void check(const policy::Statement& said) {
    require(said.reason.size() <= feed::kReasonSizeMax, "the size of a reason");
    require(said.evidence.size() <= feed::kEvidenceSizeMax, "the size of an evidence");
    require(!said.until || said.until->seconds <= kUntilMax, "an end that can be written");
}

template <class S>
void check(const policy::ImportEntry<S>& entry, const policy::ImportList& list, std::size_t lines) {
    require(entry.line >= 1 && entry.line <= lines, "an entry stands in a line of the list");
    require(entry.statement < list.statements.size(), "an entry has a statement");
    require(list.statements[entry.statement].data_set < list.data_sets.size(),
            "an entry has a data set");
    if (list.default_code && std::is_same_v<S, policy::NameSubject>) {
        return;  // rbldnsd's
    }
    const policy::Subject subject{entry.subject};
    const std::string text = to_string(subject);
    const auto read_back = policy::parse_subject(text);
    require(read_back && *read_back == subject, text);
}

void check(const feed::Contents& contents, std::size_t lines) {
    require(contents.list.size() <= feed::kEntriesMax, "the number of entries");
    require(contents.rejects.size() ==
                std::min<std::uint64_t>(contents.rejected, feed::kRejectsKeptMax),
            "the first rejects are kept, all are counted");
    for (const policy::Statement& said : contents.list.statements) {
        check(said);
    }
    contents.list.for_each([&](const auto& entry) { check(entry, contents.list, lines); });
    for (const policy::ImportReject& reject : contents.rejects) {
        require(reject.line <= lines, "a rejected line is one of the list");
        require(reject.text.size() <= feed::kRejectTextSizeMax, "the size of a rejected text");
        require(!reject.why.empty(), "a reject says why");
    }
}

template <class S>
bool is_equal(const std::vector<policy::ImportEntry<S>>& a,
              const std::vector<policy::ImportEntry<S>>& b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const auto& x, const auto& y) {
        return x.subject == y.subject && x.statement == y.statement && x.line == y.line;
    });
}

bool is_equal(const feed::Contents& a, const feed::Contents& b) {
    return a.rejected == b.rejected && a.list.statements == b.list.statements &&
           is_equal(a.list.ipv4, b.list.ipv4) && is_equal(a.list.ipv6, b.list.ipv6) &&
           is_equal(a.list.names, b.list.names);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    const std::string_view text = fuzz::as_text(bytes, size);
    const auto list = read(text);
    if (!list) {
        require(list.error().code == ErrorCode::Usage && !list.error().why.empty(),
                "a refusal says why");
        return 0;
    }
    require(kFormat.empty() || list->format == kFormat, "the format that was asked for");
    const auto ends =
        std::count_if(text.begin(), text.end(), [](char c) { return c == '\n' || c == '\r'; });
    const bool is_packed = text.starts_with("\x1F\x8B") || text.starts_with("BZh") ||
                           text.starts_with("PK") || text.starts_with("\xFD") ||
                           text.starts_with("\x28\xB5");
    check(list->contents, is_packed ? SIZE_MAX : static_cast<std::size_t>(ends) + 1);
    const auto again = read(text);
    require(again && is_equal(again->contents, list->contents), "reading again gives the same");
    return 0;
}
