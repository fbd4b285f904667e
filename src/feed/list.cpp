#include "ostrakon/feed/list.hpp"

#include "format.hpp"
#include "inflate.hpp"
#include "ostrakon/base/printable.hpp"
#include "recognise.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <array>

namespace ostrakon::feed {
namespace {

struct Format {
    std::string_view name;
    Reader read;
};

constexpr std::array<FormatName, 15> kNames{{
    {kPlain, "one subject a line, # and ; begin comments"},
    {kCsv, "the first line names columns, of subject, class, code, reason, until, evidence"},
    {kJson, "an array of listings, as `ostrakon list --json` writes it"},
    {kSpamhausDrop, "drop.txt of Spamhaus: PREFIX ; SBLnnn, and ; EOF at the end"},
    {kSpamhausJson, "drop_v4.json and drop_v6.json of Spamhaus, with their metadata line"},
    {kSpamhausAsn, "asndrop.json of Spamhaus: AS numbers, which a map turns into addresses"},
    {kRbldnsd, "a combined file of rbldnsd, whose $DATASET lines say what is in it"},
    {"rbldnsd:TYPE", "a data set of rbldnsd: ip4set, ip4tset, ip4trie, ip6tset, ip6trie or dnset"},
    {kPostfixLog, "what Postfix has rejected, out of the mail log: --threshold and --within"},
    {kFail2ban, "fail2ban's database, or what fail2ban-client prints"},
    {kArf, "complaints by mail: a report by RFC 5965, or an mbox of such"},
    {kMmdb, "a map: a database of MaxMind or DB-IP, with AS numbers or countries"},
    {kRir, "a map: a registry's delegated or delegated-extended file, with countries"},
    {kRangeCsv, "a map: FIRST,LAST,AS or FIRST,LAST,COUNTRY"},
    {kAsnTsv, "a map: the tables of iptoasn.com, with AS numbers"},
}};
constexpr std::array<Format, 10> kFormats{{
    {kPlain, read_plain},
    {kCsv, read_csv},
    {kJson, read_json},
    {kSpamhausDrop, read_spamhaus_drop},
    {kSpamhausJson, read_spamhaus_json},
    {kSpamhausAsn, read_spamhaus_asn},
    {kRbldnsd, read_rbldnsd},
    {kPostfixLog, read_postfix_log},
    {kFail2ban, read_fail2ban},
    {kArf, read_arf},
}};

std::string known_formats() {
    std::string names;
    for (const FormatName& format : kNames) {
        names += (names.empty() ? "" : ", ") + std::string{format.name};
    }
    return names;
}

// "rbldnsd:ip4set": the format, and which variant of it.
struct WantedFormat {
    const Format* format = nullptr;
    std::string_view variant;
};

WantedFormat find_format(std::string_view name) {
    const std::size_t colon = name.find(':');
    const auto* const found = std::find_if(
        kFormats.begin(), kFormats.end(),
        [base = name.substr(0, colon)](const Format& format) { return format.name == base; });
    const bool has_variants = found != kFormats.end() && found->name == kRbldnsd;
    if (found == kFormats.end() || (colon != std::string_view::npos && !has_variants)) {
        return {};
    }
    return {found, colon == std::string_view::npos ? std::string_view{} : name.substr(colon + 1)};
}

// Room for as many entries as there are lines, so that no growth copies them; a hint that a hostile
// file cannot inflate.
std::size_t expected_entries(std::string_view bytes) {
    constexpr std::size_t kShortestLine = 8;  // "1.1.1.1\n"
    const auto lines = static_cast<std::size_t>(std::count(bytes.begin(), bytes.end(), '\n'));
    return std::min({lines + 1, bytes.size() / kShortestLine + 1, kEntriesMax});
}

bool is_map(std::string_view name) {
    return name == kMmdb || name == kRir || name == kRangeCsv || name == kAsnTsv;
}

Unexpected<Error> too_large(const ReadRequest& request) {
    return refuse(request.file,
                  fmt::format("has {} bytes, more than {}", request.bytes.size(), request.size_max),
                  "split it");
}

Result<ReadList> read_unpacked(const ReadRequest& request, std::string_view bytes) {
    bytes = without_byte_order_mark(bytes);
    const std::string_view name = request.format.empty() ? recognise(bytes) : request.format;
    if (is_map(name)) {
        return refuse(request.file, fmt::format("is a map ({}), no list of bans", name),
                      "name the map with --source NAME");
    }
    const auto [format, variant] = find_format(name);
    if (format == nullptr) {
        return Unexpected{Error{ErrorCode::Usage,
                                fmt::format("format \"{}\"", printable(name, kRejectTextSizeMax)),
                                "is not known to this version", "known are " + known_formats()}};
    }
    const bool may_be_json =
        format->name == kJson || format->name == kSpamhausJson || format->name == kSpamhausAsn;
    if (auto form = check_outer_form(request.file, bytes, may_be_json); !form) {
        return Unexpected{std::move(form.error())};
    }
    ReadList list{std::string{name}, request.format.empty(), {}};
    list.contents.list.ipv4.reserve(expected_entries(bytes));
    Collector collector{list.contents};
    const Document document{.file = request.file,
                            .bytes = bytes,
                            .variant = variant,
                            .now = request.now,
                            .log = request.log,
                            .is_feed = request.is_feed,
                            .may_be_listed = request.may_be_listed,
                            .progress = [&request, total = bytes.size()](std::uint64_t done) {
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
    collector.finish();
    return list;
}

}  // namespace

Result<std::string> unpack(std::string_view file, std::string bytes) {
    return is_gzip(bytes) ? inflate_gzip(file, bytes, kListSizeMax)
                          : Result<std::string>{std::move(bytes)};
}

Result<ReadList> read_list(const ReadRequest& request) {
    if (request.bytes.size() > request.size_max) {
        return too_large(request);
    }
    if (request.is_unpacked || !is_gzip(request.bytes)) {
        return read_unpacked(request, request.bytes);
    }
    const auto unpacked = inflate_gzip(request.file, request.bytes, request.size_max);
    if (!unpacked) {
        return Unexpected{unpacked.error()};
    }
    return read_unpacked(request, *unpacked);
}

std::span<const FormatName> format_names() {
    return kNames;
}

}  // namespace ostrakon::feed
