// rir: the delegated and delegated-extended files of the regional registries, for countries.
//
// REGISTRY|CC|TYPE|START|VALUE|DATE|STATUS[|…]; the value is a count of IPv4 addresses, which need
// be no power of two, or an IPv6 prefix length. The first line and those of summaries say how many
// records there are, so that a file that was cut off is known for one.
// https://www.apnic.net/about-apnic/corporate-documents/documents/resource-guidelines/rir-statistics-exchange-format/
#include "lines.hpp"
#include "map_format.hpp"

#include <fmt/format.h>
#include <charconv>
#include <map>
#include <string>

namespace ostrakon::feed {
namespace {

constexpr std::size_t kRecordFieldsMin = 7;  // available space has no more
constexpr std::string_view kRirRemedy = "get it again";

std::optional<std::uint64_t> parse_count(std::string_view text) {
    std::uint64_t count = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
    return error == std::errc{} && end == text.data() + text.size() ? std::optional{count}
                                                                    : std::nullopt;
}

// "20260924"; nothing where it is zeros or empty.
std::optional<UnixTime> parse_day(std::string_view text) {
    if (text.size() != 8) {
        return std::nullopt;
    }
    const auto day = parse_timestamp(
        fmt::format("{}-{}-{}", text.substr(0, 4), text.substr(4, 2), text.substr(6, 2)));
    return day ? std::optional{*day} : std::nullopt;
}

struct Counts {
    std::uint64_t announced = 0;  // by the first line
    std::uint64_t records = 0;
    std::map<std::string, std::uint64_t, std::less<>> summaries;
    std::map<std::string, std::uint64_t, std::less<>> records_of_type;
};

class RirReader {
public:
    RirReader(const Document& document, MapCollector& collector)
        : document_(document), collector_(collector) {}

    Result<Done> read() {
        Lines lines{document_.bytes};
        Line line;
        bool has_version = false;
        while (lines.next(line) && !collector_.is_full()) {
            const std::string_view text = trimmed(line.text);
            if (text.empty() || text.front() == '#') {
                continue;
            }
            if (!has_version) {
                if (!is_rir_version_line(text)) {
                    return refuse(
                        document_.file,
                        fmt::format("line {} is not the first of a delegated file", line.number),
                        "it begins like 2|ripencc|…");
                }
                has_version = true;
                read_version(text);
            } else {
                read_record(line.number, text);
            }
            if (line.number % kProgressLines == 0) {
                document_.progress(lines.consumed());
            }
        }
        if (!has_version) {
            return refuse(document_.file, "has no lines of a delegated file",
                          std::string{kRirRemedy});
        }
        if (!document_.bytes.ends_with('\n')) {
            return refuse(document_.file, "ends within a line: it was cut off",
                          std::string{kRirRemedy});
        }
        return check_counts();
    }

private:
    void read_version(std::string_view text) {
        const auto fields = split_fields(text, '|');
        counts_.announced = parse_count(fields[3]).value_or(0);
        if (const auto day = parse_day(fields[5])) {
            collector_.set_date(*day);
        }
    }

    void read_record(std::uint32_t number, std::string_view text) {
        const auto fields = split_fields(text, '|');
        if (fields.size() >= 6 && fields[1] == "*" && fields[5] == "summary") {
            counts_.summaries[std::string{fields[2]}] = parse_count(fields[4]).value_or(0);
            return;
        }
        collector_.count();
        ++counts_.records;
        if (fields.size() < kRecordFieldsMin) {
            collector_.reject(number, text, "has too few fields");
            return;
        }
        ++counts_.records_of_type[std::string{fields[2]}];
        const std::string_view status = fields[6];
        const bool is_given = status == "allocated" || status == "assigned";
        const bool has_addresses = fields[2] == "ipv4" || fields[2] == "ipv6";
        if (!is_given || !has_addresses || fields[1].empty() || fields[1] == "ZZ") {
            return;
        }
        const auto country = net::parse_country(fields[1]);
        if (!country) {
            collector_.reject(number, text, "has no country of two letters");
            return;
        }
        const auto range = fields[2] == "ipv4" ? ipv4_range(fields[3], fields[4])
                                               : ipv6_range(fields[3], fields[4]);
        if (!range) {
            collector_.reject(number, text, "is no range of addresses");
            return;
        }
        collector_.add(*range, *country);
    }

    static std::optional<net::AddressRange> ipv4_range(std::string_view start,
                                                       std::string_view value) {
        const auto first = net::parse_ipv4(start);
        const auto count = parse_count(value);
        constexpr std::uint64_t kAddresses = std::uint64_t{1} << net::Ipv4::kWidth;
        if (!first || !count || *count == 0 || *count > kAddresses - first->bits) {
            return std::nullopt;
        }
        const auto last = static_cast<std::uint32_t>(first->bits + (*count - 1));
        return net::AddressRange{net::Ipv4Range{*first, net::Ipv4{last}}};
    }

    static std::optional<net::AddressRange> ipv6_range(std::string_view start,
                                                       std::string_view value) {
        const auto first = net::parse_ipv6(start);
        const auto length = parse_count(value);
        if (!first || !length || *length > net::Ipv6::kWidth) {
            return std::nullopt;
        }
        const net::Ipv6Range range = net::prefix(*first, static_cast<int>(*length));
        return range.first == *first ? std::optional{net::AddressRange{range}} : std::nullopt;
    }

    Result<Done> check_counts() const {
        if (counts_.records != counts_.announced) {
            return refuse(document_.file,
                          fmt::format("has {} records, its first line says {}", counts_.records,
                                      counts_.announced),
                          std::string{kRirRemedy});
        }
        for (const auto& [type, count] : counts_.summaries) {
            const auto found = counts_.records_of_type.find(type);
            const std::uint64_t records =
                found == counts_.records_of_type.end() ? 0 : found->second;
            if (records != count) {
                return refuse(document_.file,
                              fmt::format("has {} records of type {}, its summary says {}", records,
                                          type, count),
                              std::string{kRirRemedy});
            }
        }
        return Done{};
    }

    const Document& document_;
    MapCollector& collector_;
    Counts counts_;
};

}  // namespace

bool is_rir_version_line(std::string_view line) {
    const auto fields = split_fields(line, '|');
    const bool is_version_2 =
        !fields.empty() && (fields[0] == "2" || fields[0].substr(0, 2) == "2.");
    return fields.size() >= kRecordFieldsMin && is_version_2 && !fields[1].empty() &&
           fields[1].find_first_not_of("abcdefghijklmnopqrstuvwxyz") == std::string_view::npos &&
           parse_count(fields[3]);
}

Result<Done> read_rir(const Document& document, MapCollector& collector) {
    return RirReader{document, collector}.read();
}

}  // namespace ostrakon::feed
