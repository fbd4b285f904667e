// abusech-csv: the CSV exports of abuse.ch: Feodo Tracker and SSLBL (a column of addresses),
// URLhaus (of URLs, whose hosts are the entries) and ThreatFox (addresses with ports, names, URLs,
// told apart by a column beside them). Which column is which is read from the line that names them:
// the first record, or the last comment before it that does.
//
// A comment at the end tells how many records there were ("END 28 entries", "Number of entries:
// 28"); where it does not add up the file was cut off. Feodo Tracker always has one.
#include "csv_reader.hpp"
#include "line_format.hpp"
#include "list_subject.hpp"
#include "ostrakon/base/printable.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

namespace ostrakon::feed {
namespace {

constexpr std::size_t kMalwareSizeMax = 200;

enum class AbuseColumn : std::uint8_t { Address, Url, Indicator, IndicatorType, Malware, C2Status };
struct ColumnName {
    std::string_view name;
    AbuseColumn column;
};
constexpr std::array<ColumnName, 9> kAbuseColumns{{
    {"dst_ip", AbuseColumn::Address},
    {"dstip", AbuseColumn::Address},
    {"url", AbuseColumn::Url},
    {"ioc_value", AbuseColumn::Indicator},
    {"ioc_type", AbuseColumn::IndicatorType},
    {"malware", AbuseColumn::Malware},
    {"threat", AbuseColumn::Malware},
    {"malware_printable", AbuseColumn::Malware},
    {"c2_status", AbuseColumn::C2Status},
}};

// Where each column stands; nothing where it is not there.
struct AbuseColumns {
    std::array<std::optional<std::size_t>, 6> at{};
    std::size_t count = 0;

    std::optional<std::size_t> of(AbuseColumn column) const {
        return at[static_cast<std::size_t>(column)];
    }
};

std::optional<AbuseColumns> columns_of(const std::vector<std::string>& fields) {
    AbuseColumns columns;
    columns.count = fields.size();
    for (std::size_t i = 0; i < fields.size(); ++i) {
        std::string name = fields[i];
        std::transform(name.begin(), name.end(), name.begin(), [](char c) {
            return static_cast<char>(dns::lower(static_cast<std::uint8_t>(c)));
        });
        const auto* const known =
            std::find_if(kAbuseColumns.begin(), kAbuseColumns.end(),
                         [&name](const ColumnName& column) { return column.name == name; });
        if (known != kAbuseColumns.end()) {
            columns.at[static_cast<std::size_t>(known->column)] = i;
        }
    }
    const bool has_subject =
        columns.of(AbuseColumn::Address) || columns.of(AbuseColumn::Url) ||
        (columns.of(AbuseColumn::Indicator) && columns.of(AbuseColumn::IndicatorType));
    return fields.size() > 1 && has_subject ? std::optional{columns} : std::nullopt;
}

std::optional<std::uint64_t> number_behind(std::string_view text, std::string_view mark) {
    if (!text.starts_with(mark)) {
        return std::nullopt;
    }
    const std::size_t digits = text.find_first_of("0123456789");
    std::uint64_t number = 0;
    if (digits == std::string_view::npos ||
        std::from_chars(text.data() + digits, text.data() + text.size(), number).ec !=
            std::errc{}) {
        return std::nullopt;
    }
    return number;
}

// What the comments say.
struct AbuseRemarks {
    std::optional<AbuseColumns> columns;
    std::optional<std::uint64_t> records;
};

AbuseRemarks read_remarks(std::string_view bytes) {
    AbuseRemarks remarks;
    Lines lines{bytes};
    Line line;
    while (lines.next(line)) {
        if (!line.text.starts_with('#') || line.text.size() > kLineSizeMax) {
            continue;
        }
        const std::string_view text = trimmed(line.text.substr(1));
        if (const auto end = number_behind(text, "END")) {
            remarks.records = end;
        } else if (const auto number = number_behind(text, "Number of entries")) {
            remarks.records = number;
        } else if (!remarks.columns && text.find(',') != std::string_view::npos) {
            CsvReader reader{text};
            CsvRecord record;
            if (reader.next(record) == CsvReader::Step::Record) {
                remarks.columns = columns_of(record.fields);
            }
        }
    }
    return remarks;
}

class AbuseReader {
public:
    AbuseReader(AbuseColumns columns, Collector& collector)
        : columns_(columns), collector_(collector) {}

    void read(const CsvRecord& record) {
        if (!record.mistake.empty() || record.fields.size() != columns_.count) {
            collector_.reject(record.line, record.text,
                              !record.mistake.empty()
                                  ? record.mistake
                                  : fmt::format("has {} fields where {} columns are named",
                                                record.fields.size(), columns_.count));
            return;
        }
        policy::Statement said;
        if (const auto malware = columns_.of(AbuseColumn::Malware)) {
            if (!set_reason(said, record.fields[*malware].substr(0, kMalwareSizeMax))) {
                said.reason.clear();
            }
        }
        const std::uint32_t statement = collector_.statement(said);
        if (const auto address = columns_.of(AbuseColumn::Address)) {
            add_addresses(collector_, record.line, record.fields[*address], statement);
        } else if (const auto url = columns_.of(AbuseColumn::Url)) {
            add_host_of_url(collector_, record.line, record.fields[*url], statement);
        } else {
            read_indicator(record, statement);
        }
    }

private:
    void read_indicator(const CsvRecord& record, std::uint32_t statement) {
        const std::string& value = record.fields[*columns_.of(AbuseColumn::Indicator)];
        const std::string& type = record.fields[*columns_.of(AbuseColumn::IndicatorType)];
        if (type == "ip:port" || type == "url" || type == "domain") {
            add_host_of_url(collector_, record.line, value, statement);
        } else {
            collector_.note("indicator", [&] {
                return fmt::format("indicators of other kinds ({}) were left out",
                                   printable(type, kRejectTextSizeMax));
            });
        }
    }

    AbuseColumns columns_;
    Collector& collector_;
};

Result<Done> check_count(const Document& document, const AbuseColumns& columns,
                         std::optional<std::uint64_t> said, std::uint64_t records) {
    if (!said && columns.of(AbuseColumn::C2Status)) {
        return refuse(document.file, "does not end in \"# END\" and the number of its entries",
                      "fetch it again: it was cut off");
    }
    if (said && *said != records) {
        return refuse(document.file,
                      fmt::format("has {} records where its last line says {}", records, *said),
                      "fetch it again: it was cut off or changed");
    }
    return Done{};
}

}  // namespace

Result<Done> read_abusech_csv(const Document& document, Collector& collector) {
    const AbuseRemarks remarks = read_remarks(document.bytes);
    std::optional<AbuseColumns> columns = remarks.columns;
    CsvReader reader{document.bytes};
    CsvRecord record;
    std::uint64_t records = 0;
    for (bool is_first = true; !collector.is_full(); is_first = false) {
        const CsvReader::Step step = reader.next(record);
        if (step == CsvReader::Step::OpenQuote) {
            return refuse(fmt::format("{}:{}", document.file, record.line),
                          "has a quote that is never closed", "fetch it again: it was cut off");
        }
        if (step == CsvReader::Step::End) {
            break;
        }
        if (is_first && !columns) {
            columns = columns_of(record.fields);
            if (columns) {
                continue;
            }
        }
        if (!columns) {
            break;
        }
        ++records;
        AbuseReader{*columns, collector}.read(record);
        if (records % kProgressLines == 0) {
            document.progress(reader.consumed());
        }
    }
    if (!columns) {
        return refuse(document.file,
                      "names no column dst_ip, DstIP, url or ioc_value, as the exports of abuse.ch "
                      "do",
                      "name its --format; lists with other columns are csv:COLUMN");
    }
    return collector.is_full() ? Result<Done>{Done{}}
                               : check_count(document, *columns, remarks.records, records);
}

}  // namespace ostrakon::feed
