// Cuts a text into its lines, whichever way they end, and takes blanks off.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace ostrakon::feed {

/// One line without its end. `number` counts from 1.
struct Line {
    std::string_view text;
    std::uint32_t number = 0;
};

/// Gives the lines of a text one after the other; \n, \r\n and \r end a line, the last may have no
/// end. Borrows the text.
class Lines {
public:
    explicit Lines(std::string_view text) : text_(text), newline_(text.find('\n')) {}

    bool next(Line& line) {
        if (at_ >= text_.size()) {
            return false;
        }
        const std::size_t carriage_return = text_.substr(at_, newline_ - at_).find('\r');
        const std::size_t end =
            carriage_return == std::string_view::npos ? newline_ : at_ + carriage_return;
        line.text = text_.substr(at_, end - at_);
        line.number = ++number_;
        at_ = end;
        skip_line_end();
        return true;
    }

    /// Bytes that have been given out, line ends counted.
    std::size_t consumed() const { return at_; }

private:
    void skip_line_end() {
        if (at_ >= text_.size()) {
            at_ = text_.size();
            return;
        }
        if (text_[at_] == '\r') {
            ++at_;
        }
        if (at_ == newline_) {
            ++at_;
            newline_ = text_.find('\n', at_);
        }
    }

    std::string_view text_;
    std::size_t at_ = 0;
    std::size_t
        newline_;  // the next \n at or behind at_: looked for once, also where only \r ends lines
    std::uint32_t number_ = 0;
};

/// Without blanks (space, tab, vertical tab, form feed) at both ends.
inline std::string_view trimmed(std::string_view text) {
    constexpr std::string_view kBlanks = " \t\v\f";
    const std::size_t first = text.find_first_not_of(kBlanks);
    if (first == std::string_view::npos) {
        return {};
    }
    return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

/// The first word of a text without blanks at its front, which is taken off together with the
/// blanks behind it; empty where nothing is left.
inline std::string_view next_word(std::string_view& text) {
    constexpr std::string_view kBlanks = " \t\v\f";
    const std::string_view word = text.substr(0, text.find_first_of(kBlanks));
    text = trimmed(text.substr(word.size()));
    return word;
}

}  // namespace ostrakon::feed
