// csv:COLUMN: a table of others, one of whose columns has the subject; csv:COLUMN,REASON-COLUMN has
// the reason in another. Columns are named as the first record does, case ignored, or by number
// from 1; then the first record is an entry too, or names the columns. Separators are commas,
// semicolons, tabs or bars, whichever the first record has most of.
#include "csv_reader.hpp"
#include "format.hpp"
#include "lines.hpp"
#include "list_subject.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <charconv>
#include <optional>

namespace ostrakon::feed {
namespace {

constexpr std::size_t kColumnsMax = 64;
constexpr std::size_t kColumnReasonSizeMax = 500;

bool is_equal_in_any_case(std::string_view a, std::string_view b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) {
        return dns::lower(static_cast<std::uint8_t>(x)) == dns::lower(static_cast<std::uint8_t>(y));
    });
}

char separator_of(std::string_view bytes) {
    Lines lines{bytes};
    Line line;
    while (lines.next(line) && (trimmed(line.text).empty() || line.text.front() == '#')) {
    }
    constexpr std::string_view kSeparators = ",;\t|";
    char best = kSeparators.front();
    for (const char separator : kSeparators) {
        if (std::count(line.text.begin(), line.text.end(), separator) >
            std::count(line.text.begin(), line.text.end(), best)) {
            best = separator;
        }
    }
    return best;
}

// A column as the variant names it.
struct WantedColumn {
    std::string_view name;
    std::optional<std::size_t> at;  // once it is known
};

std::optional<WantedColumn> wanted_column(std::string_view name) {
    std::size_t number = 0;
    const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), number);
    if (error != std::errc{} || end != name.data() + name.size()) {
        return name.empty() ? std::nullopt : std::optional{WantedColumn{name, std::nullopt}};
    }
    return number >= 1 && number <= kColumnsMax ? std::optional{WantedColumn{name, number - 1}}
                                                : std::nullopt;
}

void find_in_header(WantedColumn& column, const CsvRecord& header) {
    const auto found = std::find_if(
        header.fields.begin(), header.fields.end(),
        [&column](const auto& field) { return is_equal_in_any_case(field, column.name); });
    if (!column.at && found != header.fields.end()) {
        column.at = static_cast<std::size_t>(found - header.fields.begin());
    }
}

// "IP" could be a top-level domain, and is the name of a column.
bool is_subject(std::string_view text) {
    const auto subject = policy::parse_subject(text);
    const auto* const name = subject ? std::get_if<policy::NameSubject>(&*subject) : nullptr;
    return subject && (name == nullptr || name->name.label_count() > 1);
}

void read_row(const CsvRecord& record, std::size_t subject_at,
              const std::optional<WantedColumn>& reason, Collector& collector) {
    if (!record.mistake.empty()) {
        collector.reject(record.line, record.text, record.mistake);
        return;
    }
    if (record.fields.size() <= subject_at) {
        collector.reject(record.line, record.text,
                         fmt::format("has {} columns only", record.fields.size()));
        return;
    }
    policy::Statement said;
    if (reason && reason->at && *reason->at < record.fields.size() &&
        !set_reason(said, record.fields[*reason->at].substr(0, kColumnReasonSizeMax))) {
        said.reason.clear();
    }
    add_subject(collector, record.line, record.fields[subject_at], collector.statement(said));
}

}  // namespace

Result<Done> read_csv_column(const Document& document, Collector& collector) {
    const std::size_t comma = document.variant.find(',');
    auto subject = wanted_column(document.variant.substr(0, comma));
    auto reason = comma == std::string_view::npos
                      ? std::nullopt
                      : wanted_column(document.variant.substr(comma + 1));
    if (!subject || (comma != std::string_view::npos && !reason)) {
        return refuse(fmt::format("format \"csv:{}\"", document.variant), "names no column",
                      "write csv:ip, csv:2 or csv:ip,reason");
    }
    CsvReader reader{document.bytes, separator_of(document.bytes)};
    CsvRecord record;
    for (std::uint32_t count = 0; !collector.is_full(); ++count) {
        const CsvReader::Step step = reader.next(record);
        if (step == CsvReader::Step::OpenQuote) {
            return refuse(fmt::format("{}:{}", document.file, record.line),
                          "has a quote that is never closed", "get it again: it was cut off");
        }
        if (step == CsvReader::Step::End) {
            break;
        }
        if (count == 0) {
            const bool is_named = !subject->at || (reason && !reason->at);
            find_in_header(*subject, record);
            if (reason) {
                find_in_header(*reason, record);
            }
            if (!subject->at || (reason && !reason->at)) {
                return refuse(
                    fmt::format("{}:{}", document.file, record.line),
                    fmt::format("has no column \"{}\"", subject->at ? reason->name : subject->name),
                    "name one of those in its first line, or a number from 1");
            }
            const bool is_header = is_named || *subject->at >= record.fields.size() ||
                                   !is_subject(record.fields[*subject->at]);
            if (is_header) {
                continue;
            }
        }
        read_row(record, *subject->at, reason, collector);
        if (count % kProgressLines == 0) {
            document.progress(reader.consumed());
        }
    }
    return Done{};
}

}  // namespace ostrakon::feed
