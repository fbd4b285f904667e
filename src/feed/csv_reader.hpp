// Cuts comma-separated text into records and fields (RFC 4180), line ends of every kind included.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace ostrakon::feed {

/// One record. Blank lines and lines that begin with # give none.
struct CsvRecord {
    std::uint32_t line = 0;           ///< Where it begins, from 1.
    std::string_view text;            ///< As it stands in the file, without its end.
    std::vector<std::string> fields;  ///< Unquoted; blanks around an unquoted field are taken off.
    std::string mistake;              ///< Why it is no record; empty if it is one.
};

/// Gives the records of a text one after the other. Borrows the text.
class CsvReader {
public:
    enum class Step : std::uint8_t {
        Record,
        End,
        OpenQuote,  ///< A quote that begins in this record is never closed: nothing behind it can
                    ///< be trusted.
    };

    explicit CsvReader(std::string_view text, char separator = ',')
        : text_(text), separator_(separator) {}
    Step next(CsvRecord& record);
    std::size_t consumed() const { return at_; }

private:
    bool is_at_line_end() const {
        return at_ >= text_.size() || text_[at_] == '\n' || text_[at_] == '\r';
    }
    void skip_line_end();
    void skip_blanks();
    bool read_quoted(std::string& field);
    void read_field(CsvRecord& record, bool& is_closed);

    std::string_view text_;
    char separator_;
    std::size_t at_ = 0;
    std::uint32_t line_ = 1;
};

}  // namespace ostrakon::feed
