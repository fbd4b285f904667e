// csv: the first line names the columns, of subject, class, code, reason, until and evidence, in
// any order.
#include "csv_reader.hpp"
#include "format.hpp"
#include "ostrakon/base/printable.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <optional>

namespace ostrakon::feed {
namespace {

enum class Column : std::uint8_t { Subject, Class, Code, Reason, Until, Evidence };
constexpr std::array<std::string_view, 6> kColumnNames{"subject", "class", "code",
                                                       "reason",  "until", "evidence"};
constexpr auto kColumnsRemedy =
    "the first line names the columns, as in subject,class,code,reason,until,evidence";

using Setter = Result<Done> (*)(policy::Statement&, std::string_view);
constexpr std::array<Setter, 6> kSetters{nullptr,    set_class, set_code,
                                         set_reason, set_until, set_evidence};

std::string lowered(std::string_view text) {
    std::string result{text};
    std::transform(result.begin(), result.end(), result.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; });
    return result;
}

Unexpected<Error> header_mistake(const Document& document, const CsvRecord& header,
                                 std::string why) {
    const bool has_other_separator =
        header.fields.size() == 1 &&
        header.fields.front().find_first_of(";\t|") != std::string::npos;
    return refuse(fmt::format("{}:{}", document.file, header.line), std::move(why),
                  has_other_separator ? "columns are separated by commas" : kColumnsRemedy);
}

// Which column each field of a record is.
Result<std::vector<Column>> read_header(const Document& document, const CsvRecord& header) {
    std::vector<Column> columns;
    for (const std::string& field : header.fields) {
        const auto* const name =
            std::find(kColumnNames.begin(), kColumnNames.end(), lowered(field));
        if (name == kColumnNames.end()) {
            return header_mistake(
                document, header,
                fmt::format("column \"{}\" is not known", printable(field, kRejectTextSizeMax)));
        }
        const auto column = static_cast<Column>(name - kColumnNames.begin());
        if (std::find(columns.begin(), columns.end(), column) != columns.end()) {
            return header_mistake(document, header,
                                  fmt::format("column \"{}\" is named twice", *name));
        }
        columns.push_back(column);
    }
    if (std::find(columns.begin(), columns.end(), Column::Subject) == columns.end()) {
        return header_mistake(document, header, "no column is named subject");
    }
    return columns;
}

// Adds the entry of a record. A mistake in the subject is told before one in the other fields.
void read_record(const CsvRecord& record, const std::vector<Column>& columns,
                 Collector& collector) {
    if (!record.mistake.empty()) {
        collector.reject(record.line, record.text, record.mistake);
        return;
    }
    if (record.fields.size() != columns.size()) {
        collector.reject(
            record.line, record.text,
            fmt::format(
                "has {} fields where the first line names {} (a comma in a field needs quotes "
                "around it)",
                record.fields.size(), columns.size()));
        return;
    }
    const auto at = std::find(columns.begin(), columns.end(), Column::Subject) - columns.begin();
    auto subject = collector.subject(record.line, record.fields[static_cast<std::size_t>(at)]);
    if (!subject) {
        return;
    }
    policy::Statement statement;
    for (std::size_t i = 0; i < columns.size(); ++i) {
        const Setter set = kSetters[static_cast<std::size_t>(columns[i])];
        if (set == nullptr) {
            continue;
        }
        if (const auto done = set(statement, record.fields[i]); !done) {
            collector.reject(record.line, record.text, message(done.error()));
            return;
        }
    }
    collector.add(record.line, std::move(*subject), collector.statement(statement));
}

}  // namespace

Result<Done> read_csv(const Document& document, Collector& collector) {
    if (!document.variant.empty()) {
        return read_csv_column(document, collector);
    }
    CsvReader reader{document.bytes};
    CsvRecord record;
    std::optional<std::vector<Column>> columns;
    for (std::uint32_t count = 1; !collector.is_full(); ++count) {
        switch (reader.next(record)) {
            case CsvReader::Step::End:
                return columns ? Result<Done>{Done{}}
                               : refuse(document.file, "is empty", kColumnsRemedy);
            case CsvReader::Step::OpenQuote:
                return refuse(
                    fmt::format("{}:{}", document.file, record.line),
                    "has a quote that is never closed, so that all behind it is one field",
                    "close it; a quote within a field is written \"\"");
            case CsvReader::Step::Record:
                break;
        }
        if (columns) {
            read_record(record, *columns, collector);
        } else if (auto header = read_header(document, record); header) {
            columns = std::move(*header);
        } else {
            return Unexpected{std::move(header.error())};
        }
        if (count % kProgressLines == 0) {
            document.progress(reader.consumed());
        }
    }
    return Done{};
}

}  // namespace ostrakon::feed
