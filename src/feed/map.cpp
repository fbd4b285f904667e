#include "ostrakon/feed/map.hpp"

#include "lines.hpp"
#include "map_format.hpp"
#include "ostrakon/base/printable.hpp"
#include "recognise.hpp"
#include "unpack.hpp"

#include <fmt/format.h>
#include <md5.h>
#include <algorithm>
#include <array>

namespace ostrakon::feed {
namespace {

struct MapFormat {
    std::string_view name;
    MapReader read;
    bool is_text;
};

constexpr auto kMapFormats = std::to_array<MapFormat>({
    {kMmdb, read_mmdb, false},
    {kRir, read_rir, true},
    {kRangeCsv, read_range_csv, true},
    {kAsnTsv, read_asn_tsv, true},
    {kPfx2as, read_pfx2as, true},
    {kGeoliteCsv, read_geolite_csv, true},
});

std::optional<net::Uint128> parse_decimal(std::string_view text) {
    constexpr std::size_t kDigitsMax = 39;
    if (text.empty() || text.size() > kDigitsMax) {
        return std::nullopt;
    }
    net::Uint128 number = 0;
    for (const char c : text) {
        const net::Uint128 next = number * 10 + static_cast<unsigned>(c - '0');
        if (c < '0' || c > '9' || next / 10 != number) {
            return std::nullopt;
        }
        number = next;
    }
    return number;
}

bool is_ipv4(net::Uint128 number) {
    return number <= UINT32_MAX;
}

bool is_hex(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

}  // namespace

void MapCollector::add(const net::AddressRange& range, const net::Origin& origin) {
    if (is_full()) {
        return;
    }
    policy::MapPart& part = contents_.part(origin.kind);
    if (const auto* v4 = std::get_if<net::Ipv4Range>(&range)) {
        part.ipv4.push_back({*v4, origin.number});
    } else {
        part.ipv6.push_back({std::get<net::Ipv6Range>(range), origin.number});
    }
}

void MapCollector::reject(std::uint32_t line, std::string_view text, std::string_view why) {
    ++contents_.rejected;
    if (contents_.rejects.size() < kRejectsKeptMax) {
        contents_.rejects.push_back(
            {line, printable(text, kRejectTextSizeMax), printable(why, kWhySizeMax)});
    }
}

Expected<net::AddressRange, std::string> range_of_fields(std::string_view first,
                                                         std::string_view last) {
    const auto from = parse_decimal(first);
    const auto to = parse_decimal(last);
    if (from && to) {
        if (*from > *to) {
            return Unexpected{std::string{"ends before it starts"}};
        }
        if (is_ipv4(*to)) {
            return net::AddressRange{net::Ipv4Range{net::Ipv4{static_cast<std::uint32_t>(*from)},
                                                    net::Ipv4{static_cast<std::uint32_t>(*to)}}};
        }
        return net::AddressRange{net::Ipv6Range{net::Ipv6{*from}, net::Ipv6{*to}}};
    }
    const auto begin = net::parse_address(first);
    const auto end = net::parse_address(last);
    if (!begin || !end) {
        return Unexpected{std::string{"does not begin with two addresses"}};
    }
    if (begin->index() != end->index()) {
        return Unexpected{std::string{"starts in one family and ends in the other"}};
    }
    if (*end < *begin) {
        return Unexpected{std::string{"ends before it starts"}};
    }
    if (const auto* v4 = std::get_if<net::Ipv4>(&*begin)) {
        return net::AddressRange{net::Ipv4Range{*v4, std::get<net::Ipv4>(*end)}};
    }
    return net::AddressRange{
        net::Ipv6Range{std::get<net::Ipv6>(*begin), std::get<net::Ipv6>(*end)}};
}

std::vector<std::string_view> split_fields(std::string_view text, char separator) {
    std::vector<std::string_view> fields;
    while (true) {
        const std::size_t at = text.find(separator);
        fields.push_back(text.substr(0, at));
        if (at == std::string_view::npos) {
            return fields;
        }
        text.remove_prefix(at + 1);
    }
}

Result<std::optional<ReadMap>> read_map(const ReadRequest& request) {
    const std::string_view bytes = without_byte_order_mark(request.bytes);
    const std::string_view name = request.format.empty() ? recognise(bytes) : request.format;
    const auto* const format =
        std::find_if(kMapFormats.begin(), kMapFormats.end(),
                     [name](const MapFormat& known) { return known.name == name; });
    if (format == kMapFormats.end()) {
        return std::optional<ReadMap>{};
    }
    if (format->is_text) {
        if (auto form = check_outer_form(request.file, bytes, Form::Text, true); !form) {
            return Unexpected{std::move(form.error())};
        }
    }
    ReadMap map{std::string{name}, request.format.empty(), {}};
    MapCollector collector{map.contents};
    const Document document{.file = request.file,
                            .bytes = bytes,
                            .now = request.now,
                            .progress = [&request, total = bytes.size()](std::uint64_t done) {
                                if (request.progress) {
                                    request.progress(done, total);
                                }
                            }};
    if (auto read = format->read(document, collector); !read) {
        return Unexpected{std::move(read.error())};
    }
    if (collector.is_full()) {
        return refuse(request.file, fmt::format("has more than {} ranges", kEntriesMax),
                      "take a map of one kind and family");
    }
    return std::optional{std::move(map)};
}

std::optional<bool> matches_md5(std::string_view bytes, std::string_view md5_file) {
    constexpr std::size_t kDigits = MD5_DIGEST_LENGTH * 2;
    // The first run of just so many hex digits, whatever stands around it.
    std::string wanted;
    for (std::size_t at = 0; at < md5_file.size() && wanted.empty();) {
        std::size_t end = at;
        while (end < md5_file.size() && is_hex(md5_file[end])) {
            ++end;
        }
        if (end - at == kDigits) {
            wanted = md5_file.substr(at, kDigits);
        }
        at = end + 1;
    }
    if (wanted.empty()) {
        return std::nullopt;
    }
    std::transform(wanted.begin(), wanted.end(), wanted.begin(),
                   [](char c) { return c >= 'A' && c <= 'F' ? static_cast<char>(c | 0x20) : c; });
    std::array<char, kDigits + 1> digest{};
    MD5Data(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size(), digest.data());
    return wanted == digest.data();
}

}  // namespace ostrakon::feed
