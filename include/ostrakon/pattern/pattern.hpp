// Patterns over whole host names: globs, in which * is any characters, and regular expressions of
// RE2. What is behind "rdns:" in a subject.
//
// A name is matched as dns::to_string writes it: lower-case, without the last dot. What a pattern
// lists, and which of several counts, is policy's to say.
#pragma once

#include "ostrakon/base/result.hpp"

#include <compare>
#include <cstddef>
#include <string>
#include <string_view>

namespace ostrakon::pattern {

/// Bytes of a pattern.
inline constexpr std::size_t kPatternSizeMax = 400;
/// Stars of a glob, which bound the steps of matching it.
inline constexpr std::size_t kStarsMax = 16;
/// Instructions that RE2 may make of one regular expression, and bytes that it may take for them.
inline constexpr int kProgramSizeMax = 2000;
inline constexpr int kRegexMemoryMax = 1 << 20;

/// A valid pattern in its canonical spelling: a glob with its letters lower-cased, or /regex/ as it
/// was written.
struct Pattern {
    std::string text;

    bool is_regex() const noexcept { return text.starts_with('/'); }
    friend auto operator<=>(const Pattern&, const Pattern&) = default;
};

/// Reads a pattern as people write it. The error has no attempt; for a regular expression it names
/// the character at which the mistake is, counted from 1 within the slashes.
Result<Pattern> parse(std::string_view text);

/// The labels at the end of a glob that have no star; empty if there are none, and for regular
/// expressions.
std::string_view literal_end(std::string_view pattern) noexcept;

/// How many labels at its end a pattern leaves no choice in; those of a regular expression are
/// counted where they are plain to see, as in /\.example\.net$/.
std::size_t literal_label_count(std::string_view pattern) noexcept;

/// Whether a glob, in its canonical spelling, matches the whole name. Allocates nothing; bounded by
/// kPatternSizeMax and the name's length.
bool glob_matches(std::string_view glob, std::string_view name) noexcept;

/// Whether any pattern, in its canonical spelling, matches the name. Compiles what is a regular
/// expression: for where people wait, not for answers.
bool matches(std::string_view pattern, std::string_view name);

}  // namespace ostrakon::pattern
