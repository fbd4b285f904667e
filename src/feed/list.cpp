#include "ostrakon/feed/list.hpp"

#include "format.hpp"
#include "ostrakon/base/printable.hpp"
#include "recognise.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <array>

namespace ostrakon::feed {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

struct Format {
    FormatName name;
    Reader read;
};

constexpr std::array<FormatName, 5> kNames{{
    {kPlain, "one subject a line, # and ; begin comments"},
    {kCsv, "the first line names columns, of subject, class, code, reason, until, evidence"},
    {kJson, "an array of listings, as `ostrakon list --json` writes it"},
    {kSpamhausDrop, "drop.txt of Spamhaus: PREFIX ; SBLnnn, and ; EOF at the end"},
    {kSpamhausJson, "drop_v4.json and drop_v6.json of Spamhaus, with their metadata line"},
}};
constexpr std::array<Format, 5> kFormats{{
    {kNames[0], read_plain},
    {kNames[1], read_csv},
    {kNames[2], read_json},
    {kNames[3], read_spamhaus_drop},
    {kNames[4], read_spamhaus_json},
}};

std::string known_formats() {
    std::string names;
    for (const FormatName& format : kNames) {
        names += (names.empty() ? "" : ", ") + std::string{format.name};
    }
    return names;
}

const Format* find_format(std::string_view name) {
    const auto* const found =
        std::find_if(kFormats.begin(), kFormats.end(),
                     [name](const Format& format) { return format.name.name == name; });
    return found == kFormats.end() ? nullptr : found;
}

// Room for as many entries as there are lines, so that no growth copies them; a hint that a hostile
// file cannot inflate.
std::size_t expected_entries(std::string_view bytes) {
    constexpr std::size_t kShortestLine = 8;  // "1.1.1.1\n"
    const auto lines = static_cast<std::size_t>(std::count(bytes.begin(), bytes.end(), '\n'));
    return std::min({lines + 1, bytes.size() / kShortestLine + 1, kEntriesMax});
}

}  // namespace

Result<ReadList> read_list(const ReadRequest& request) {
    if (request.bytes.size() > kListSizeMax) {
        return refuse(request.file,
                      fmt::format("has {} bytes, more than {}", request.bytes.size(), kListSizeMax),
                      "split it");
    }
    std::string_view bytes = request.bytes;
    if (bytes.substr(0, kByteOrderMark.size()) == kByteOrderMark) {
        bytes.remove_prefix(kByteOrderMark.size());
    }
    const std::string_view name = request.format.empty() ? recognise(bytes) : request.format;
    const Format* format = find_format(name);
    if (format == nullptr) {
        return Unexpected{Error{ErrorCode::Usage,
                                fmt::format("format \"{}\"", printable(name, kRejectTextSizeMax)),
                                "is not known to this version", "known are " + known_formats()}};
    }
    const bool may_be_json = format->name.name == kJson || format->name.name == kSpamhausJson;
    if (auto form = check_outer_form(request.file, bytes, may_be_json); !form) {
        return Unexpected{std::move(form.error())};
    }
    ReadList list{format->name.name, request.format.empty(), {}};
    list.contents.list.ipv4.reserve(expected_entries(bytes));
    Collector collector{list.contents};
    const Document document{request.file, bytes,
                            [&request, total = bytes.size()](std::uint64_t done) {
                                if (request.progress) {
                                    request.progress(done, total);
                                }
                            }};
    auto read = format->read(document, collector);
    if (!read) {
        return Unexpected{std::move(read.error())};
    }
    if (collector.is_full()) {
        return refuse(request.file, fmt::format("has more than {} entries", kEntriesMax),
                      "split it");
    }
    return list;
}

std::span<const FormatName> format_names() {
    return kNames;
}

}  // namespace ostrakon::feed
