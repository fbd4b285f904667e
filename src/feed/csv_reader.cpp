#include "csv_reader.hpp"
#include "lines.hpp"

#include <fmt/format.h>

namespace ostrakon::feed {
namespace {

constexpr std::size_t kFieldsMax = 64;

}  // namespace

void CsvReader::skip_line_end() {
    if (at_ >= text_.size()) {
        return;
    }
    const bool is_pair = text_[at_] == '\r' && at_ + 1 < text_.size() && text_[at_ + 1] == '\n';
    at_ += is_pair ? 2 : 1;
    ++line_;
}

void CsvReader::skip_blanks() {
    while (at_ < text_.size() && text_[at_] != separator_ &&
           (text_[at_] == ' ' || text_[at_] == '\t')) {
        ++at_;
    }
}

// Reads from behind the opening quote to behind the closing one; false if there is none.
bool CsvReader::read_quoted(std::string& field) {
    while (true) {
        const std::size_t quote = text_.find('"', at_);
        const std::string_view piece = text_.substr(at_, quote - at_);
        for (std::size_t i = 0; i < piece.size(); ++i) {
            const bool is_first_of_pair =
                piece[i] == '\r' && i + 1 < piece.size() && piece[i + 1] == '\n';
            line_ += (piece[i] == '\n' || piece[i] == '\r') && !is_first_of_pair ? 1 : 0;
        }
        field += piece;
        if (quote == std::string_view::npos) {
            at_ = text_.size();
            return false;
        }
        at_ = quote + 1;
        if (at_ >= text_.size() || text_[at_] != '"') {
            return true;
        }
        field.push_back('"');
        ++at_;
    }
}

void CsvReader::read_field(CsvRecord& record, bool& is_closed) {
    std::string field;
    skip_blanks();
    if (at_ < text_.size() && text_[at_] == '"') {
        ++at_;
        is_closed = read_quoted(field);
        skip_blanks();
        const std::size_t behind = at_;
        while (!is_at_line_end() && text_[at_] != separator_) {
            ++at_;
        }
        if (at_ != behind) {
            record.mistake =
                "has text behind a closing quote (a quote within a field is written \"\")";
        }
    } else {
        const std::size_t start = at_;
        while (!is_at_line_end() && text_[at_] != separator_) {
            ++at_;
        }
        field = trimmed(text_.substr(start, at_ - start));
    }
    if (record.fields.size() < kFieldsMax) {
        record.fields.push_back(std::move(field));
    } else {
        record.mistake = fmt::format("has more than {} fields", kFieldsMax);
    }
}

CsvReader::Step CsvReader::next(CsvRecord& record) {
    while (at_ < text_.size()) {
        record.line = line_;
        record.fields.clear();
        record.mistake.clear();
        const std::size_t start = at_;
        if (text_[at_] == '#') {
            while (!is_at_line_end()) {
                ++at_;
            }
            skip_line_end();
            continue;
        }
        bool is_closed = true;
        read_field(record, is_closed);
        while (!is_at_line_end()) {
            ++at_;  // the separator
            read_field(record, is_closed);
        }
        record.text = text_.substr(start, at_ - start);
        skip_line_end();
        if (!is_closed) {
            return Step::OpenQuote;
        }
        if (record.fields.size() > 1 || !record.fields.front().empty() || !record.mistake.empty()) {
            return Step::Record;
        }
    }
    return Step::End;
}

}  // namespace ostrakon::feed
