#include "ostrakon/zone/text_template.hpp"

#include "ostrakon/base/printable.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace ostrakon::zone {
namespace {

constexpr std::size_t kStringSizeMax = 255;  // RFC 1035 §3.3

struct Spelling {
    std::string_view name;
    Placeholder placeholder;
};
constexpr std::array<Spelling, 11> kSpellings{{{"subject", Placeholder::Subject},
                                               {"query", Placeholder::Query},
                                               {"class", Placeholder::Class},
                                               {"source", Placeholder::Source},
                                               {"zone", Placeholder::Zone},
                                               {"reason", Placeholder::Reason},
                                               {"since", Placeholder::Since},
                                               {"until", Placeholder::Until},
                                               {"id", Placeholder::Id},
                                               {"url", Placeholder::Url},
                                               {"removal", Placeholder::Removal}}};

std::string_view value_of(Placeholder placeholder, const TextValues& values) noexcept {
    switch (placeholder) {
        case Placeholder::Subject:
            return values.subject;
        case Placeholder::Query:
            return values.query;
        case Placeholder::Class:
            return values.listing_class;
        case Placeholder::Source:
            return values.source;
        case Placeholder::Zone:
            return values.zone;
        case Placeholder::Reason:
            return values.reason;
        case Placeholder::Since:
            return values.since;
        case Placeholder::Until:
            return values.until;
        case Placeholder::Id:
            return values.id;
        case Placeholder::Url:
            return values.url;
        case Placeholder::Removal:
            return values.removal;
    }
    return {};
}

constexpr bool is_continuation(char c) noexcept {
    return (static_cast<unsigned char>(c) & 0xC0) == 0x80;
}

// How many bytes the UTF-8 character that begins with this byte has; 1 for what begins none.
constexpr std::size_t character_size(char lead) noexcept {
    const auto byte = static_cast<unsigned char>(lead);
    return byte >= 0xF0 && byte <= 0xF4  ? 4
           : byte >= 0xE0 && byte < 0xF0 ? 3
           : byte >= 0xC2 && byte < 0xE0 ? 2
                                         : 1;
}

// How much of `before` can stand when `next` is the first byte behind it that cannot: all of it, or
// all but the beginning of a character that goes on in `next`. Bytes that are no UTF-8 count as
// characters of their own.
std::size_t whole_characters_size(std::string_view before, char next) noexcept {
    constexpr std::size_t kCharacterSizeMax = 4;
    if (!is_continuation(next)) {
        return before.size();
    }
    for (std::size_t back = 1; back < kCharacterSizeMax && back <= before.size(); ++back) {
        const char lead = before[before.size() - back];
        if (!is_continuation(lead)) {
            return character_size(lead) > back ? before.size() - back : before.size();
        }
    }
    return before.size();
}

// Writes into a buffer of fixed size, control characters as blanks.
class Sink {
public:
    explicit Sink(std::span<char> out) noexcept : out_(out) {}

    void append(std::string_view text) noexcept {
        if (is_full_) {
            return;
        }
        for (const char c : text) {
            if (size_ == out_.size()) {
                is_full_ = true;
                size_ = whole_characters_size({out_.data(), size_}, c);
                return;
            }
            out_[size_++] = static_cast<unsigned char>(c) < 0x20 || c == 0x7F ? ' ' : c;
        }
    }

    std::size_t size() const noexcept { return size_; }

private:
    std::span<char> out_;
    std::size_t size_ = 0;
    bool is_full_ = false;
};

}  // namespace

// Reads a template from the left. A "[" is taken for the begin of an optional part until its "]"
// shows whether it was one.
class TextTemplate::Reader {
public:
    explicit Reader(std::string_view text) : text_(text) {}

    Result<std::vector<Piece>> read() {
        if (text_.size() > kTemplateSizeMax) {
            return Unexpected{Error{ErrorCode::Usage, "text",
                                    fmt::format("has {} bytes", text_.size()),
                                    fmt::format("at most {} are taken", kTemplateSizeMax)}};
        }
        while (at_ < text_.size()) {
            if (auto mistake = take_next()) {
                return Unexpected{std::move(*mistake)};
            }
        }
        for (const OpenPart& part : open_parts_) {
            if (part.holds_placeholder) {
                return Unexpected{mistake_at(part.at, "this [ is never closed",
                                             "write ] where the optional part ends")};
            }
            pieces_[part.piece] = literal("[");
        }
        return std::move(pieces_);
    }

private:
    struct OpenPart {
        std::size_t at;
        std::size_t piece;
        bool holds_placeholder = false;
    };

    static Piece literal(std::string_view text) {
        return {Piece::Kind::Literal, {}, std::string{text}};
    }

    std::optional<Error> take_next() {
        switch (text_[at_]) {
            case '{':
                return text_.substr(at_).starts_with("{{") ? take_doubled() : take_placeholder();
            case '}':
                if (!text_.substr(at_).starts_with("}}")) {
                    return mistake_at(at_, "this } closes nothing", "write }} for a brace");
                }
                return take_doubled();
            case '[':
                open_parts_.push_back({at_++, pieces_.size()});
                pieces_.push_back({Piece::Kind::OptionalBegin, {}, {}});
                return std::nullopt;
            case ']':
                ++at_;
                close_part();
                return std::nullopt;
            default:
                const std::size_t end = std::min(text_.find_first_of("{}[]", at_), text_.size());
                pieces_.push_back(literal(text_.substr(at_, end - at_)));
                at_ = end;
                return std::nullopt;
        }
    }

    std::optional<Error> take_doubled() {
        pieces_.push_back(literal(text_.substr(at_, 1)));
        at_ += 2;
        return std::nullopt;
    }

    std::optional<Error> take_placeholder() {
        const std::size_t end = text_.find_first_of("{}", at_ + 1);
        if (end == std::string_view::npos || text_[end] != '}') {
            return mistake_at(at_, "this { is never closed", "write {{ for a brace");
        }
        const std::string_view name = text_.substr(at_ + 1, end - at_ - 1);
        const auto* const known =
            std::find_if(kSpellings.begin(), kSpellings.end(),
                         [name](const Spelling& spelling) { return spelling.name == name; });
        if (known == kSpellings.end()) {
            return mistake_at(
                at_, fmt::format("no placeholder is called {{{}}}", printable(name, kNameShownMax)),
                all_placeholders());
        }
        pieces_.push_back({Piece::Kind::Value, known->placeholder, {}});
        if (!open_parts_.empty()) {
            open_parts_.back().holds_placeholder = true;
        }
        at_ = end + 1;
        return std::nullopt;
    }

    void close_part() {
        if (open_parts_.empty()) {
            pieces_.push_back(literal("]"));
            return;
        }
        const OpenPart part = open_parts_.back();
        open_parts_.pop_back();
        if (part.holds_placeholder) {
            pieces_.push_back({Piece::Kind::OptionalEnd, {}, {}});
        } else {
            pieces_[part.piece] = literal("[");
            pieces_.push_back(literal("]"));
        }
    }

    static std::string all_placeholders() {
        std::string names;
        for (const Spelling& spelling : kSpellings) {
            names += fmt::format("{}{{{}}}", names.empty() ? "there are " : " ", spelling.name);
        }
        return names;
    }

    Error mistake_at(std::size_t at, std::string_view why, std::string_view remedy) const {
        const std::string_view before = text_.substr(0, at);
        const auto character = std::count_if(before.begin(), before.end(),
                                             [](char c) { return !is_continuation(c); }) +
                               1;
        return {ErrorCode::Usage, fmt::format("text, character {}", character), std::string{why},
                std::string{remedy}};
    }

    static constexpr std::size_t kNameShownMax = 40;

    std::string_view text_;
    std::size_t at_ = 0;
    std::vector<Piece> pieces_;
    std::vector<OpenPart> open_parts_;
};

Result<TextTemplate> TextTemplate::parse(std::string_view text) {
    return Reader{text}.read().map([](std::vector<Piece>&& pieces) {
        TextTemplate parsed;
        parsed.pieces_ = std::move(pieces);
        return parsed;
    });
}

bool TextTemplate::uses(Placeholder placeholder) const noexcept {
    return std::any_of(pieces_.begin(), pieces_.end(), [placeholder](const Piece& piece) {
        return piece.kind == Piece::Kind::Value && piece.placeholder == placeholder;
    });
}

std::size_t TextTemplate::end_if_left_out(std::size_t begin,
                                          const TextValues& values) const noexcept {
    bool is_left_out = false;
    std::size_t inner_parts = 0;
    for (std::size_t i = begin + 1; i < pieces_.size(); ++i) {
        const Piece& piece = pieces_[i];
        if (piece.kind == Piece::Kind::OptionalBegin) {
            ++inner_parts;
        } else if (piece.kind == Piece::Kind::OptionalEnd) {
            if (inner_parts == 0) {
                return is_left_out ? i : begin;
            }
            --inner_parts;
        } else if (piece.kind == Piece::Kind::Value && inner_parts == 0) {
            is_left_out = is_left_out || value_of(piece.placeholder, values).empty();
        }
    }
    return begin;
}

std::size_t TextTemplate::expand(const TextValues& values, std::span<char> out) const noexcept {
    Sink sink{out.first(std::min(out.size(), kTextSizeMax))};
    for (std::size_t i = 0; i < pieces_.size(); ++i) {
        const Piece& piece = pieces_[i];
        switch (piece.kind) {
            case Piece::Kind::Literal:
                sink.append(piece.literal);
                break;
            case Piece::Kind::Value:
                sink.append(value_of(piece.placeholder, values));
                break;
            case Piece::Kind::OptionalBegin:
                i = end_if_left_out(i, values);
                break;
            case Piece::Kind::OptionalEnd:
                break;
        }
    }
    return sink.size();
}

std::size_t split_character_strings(std::string_view text,
                                    std::span<std::size_t, 4> lengths) noexcept {
    std::size_t count = 0;
    while (!text.empty() && count < lengths.size()) {
        const std::size_t length =
            text.size() <= kStringSizeMax
                ? text.size()
                : whole_characters_size(text.substr(0, kStringSizeMax), text[kStringSizeMax]);
        lengths[count++] = length;
        text.remove_prefix(length);
    }
    return count;
}

}  // namespace ostrakon::zone
