// The text of a TXT record before a listing has filled it in.
//
// Parsing happens when a zone is read and reports mistakes; expansion happens once a TXT query,
// allocates nothing and cannot fail. The rules: {name} is replaced, {{ and }} are braces, a part in
// […] that holds a placeholder is left out when that placeholder is empty, control characters
// become blanks, what is filled in is not expanded again. Brackets without a placeholder are text.
// Optional parts may lie in one another; each looks at its own placeholders only.
#pragma once

#include "ostrakon/base/result.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ostrakon::zone {

enum class Placeholder : std::uint8_t {
    Subject,
    Query,
    Class,
    Source,
    Zone,
    Reason,
    Since,
    Until,
    Id,
    Url,
    Removal
};

/// What the placeholders stand for in one answer. Borrowed for the time of the call; empty means
/// absent.
struct TextValues {
    std::string_view subject{}, query{}, listing_class{}, source{}, zone{}, reason{}, since{},
        until{}, id{}, url{}, removal{};
};

/// Bytes of the longest expanded text: four character-strings of 255 (RFC 1035 §3.3).
inline constexpr std::size_t kTextSizeMax = std::size_t{4} * 255;

/// Bytes of the longest template that parse() takes.
inline constexpr std::size_t kTemplateSizeMax = 4096;

class TextTemplate {
public:
    /// The template that gives no TXT.
    TextTemplate() = default;

    /// Reads a template; the error says at which character which mistake is.
    static Result<TextTemplate> parse(std::string_view text);

    /// Whether the template names this placeholder.
    bool uses(Placeholder placeholder) const noexcept;

    /// Writes the expansion into `out` and returns its length in bytes, at most kTextSizeMax; what
    /// is longer is cut between UTF-8 characters. Zero means: no TXT. Allocates nothing.
    std::size_t expand(const TextValues& values, std::span<char> out) const noexcept;

private:
    struct Piece {
        enum class Kind : std::uint8_t {
            Literal,
            Value,
            OptionalBegin,
            OptionalEnd
        } kind = Kind::Literal;
        Placeholder placeholder{};
        std::string literal;
    };
    class Reader;

    // The index of the end of the optional part that begins at `begin`, if it is left out; else
    // `begin`.
    std::size_t end_if_left_out(std::size_t begin, const TextValues& values) const noexcept;

    std::vector<Piece> pieces_;  // every OptionalBegin has its OptionalEnd
};

/// Cuts `text` into the character-strings of one TXT record: each at most 255 bytes, cut between
/// UTF-8 characters, at most four. Returns how many there are; `lengths` takes their sizes. Text of
/// more than four strings loses its end.
std::size_t split_character_strings(std::string_view text,
                                    std::span<std::size_t, 4> lengths) noexcept;

}  // namespace ostrakon::zone
