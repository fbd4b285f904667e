// Writes man pages in mdoc(7), escaped and broken into lines as `mandoc -T lint` wants them.
//
// It knows no command and no file: what a page says is its callers' business.
#pragma once

#include <string>
#include <string_view>

namespace ostrakon::tool {

class Mdoc {
public:
    /// `date` as "November 22, 2026"; `summary` is one line.
    Mdoc(std::string_view name, int section, std::string_view date, std::string_view summary);

    void section(std::string_view title);
    void subsection(std::string_view title);
    /// One macro line, whose text is escaped already.
    void macro(std::string_view line);
    /// Sentences, as a part of the paragraph that is open.
    void text(std::string_view sentences);
    /// Sentences, as a paragraph of their own behind others.
    void paragraph(std::string_view sentences);
    /// A list of words and what they mean.
    void begin_list();
    void item(std::string_view macro, std::string_view word, std::string_view meaning);
    void end_list();
    /// Lines as they are.
    void literal(std::string_view lines);
    /// "ostrakon(1), ostrakond(8)", written with blanks: "ostrakon 1 ostrakond 8".
    void see_also(std::string_view pages);

    std::string take() { return std::move(text_); }

private:
    std::string text_;
};

/// A word of a macro line: nothing in it is a macro, a blank or an end of line.
std::string mdoc_word(std::string_view word);

}  // namespace ostrakon::tool
