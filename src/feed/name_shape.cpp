#include "name_shape.hpp"

#include "ostrakon/dns/name.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>

namespace ostrakon::feed {
namespace {

using Characters = NameShape::Characters;

struct Atom {
    Characters can_be;
    bool is_needed = true;  // it matches one character at least
    bool is_single = true;  // and no more than one
};

void add_character(Characters& characters, char c) {
    characters.set(dns::lower(static_cast<std::uint8_t>(c)));
}

void add_stretch(Characters& characters, char first, char last) {
    for (int c = static_cast<std::uint8_t>(first); c <= static_cast<std::uint8_t>(last); ++c) {
        add_character(characters, static_cast<char>(c));
    }
}

const Characters& of_host_names() {
    static const Characters characters = [] {
        Characters all;
        add_stretch(all, 'a', 'z');
        add_stretch(all, '0', '9');
        for (const char c : {'-', '_', '.'}) {
            add_character(all, c);
        }
        return all;
    }();
    return characters;
}

// What stands behind a backslash, other than a sign that is itself; nothing: it may be anything.
std::optional<Characters> escaped(char c) {
    Characters characters;
    const bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (c == 'd' || c == 'w') {
        add_stretch(characters, '0', '9');
    }
    if (c == 'w') {
        add_stretch(characters, 'a', 'z');
        add_character(characters, '_');
    }
    if (!is_letter && !(c >= '0' && c <= '9')) {
        add_character(characters, c);
    }
    return characters.any() ? std::optional{characters} : std::nullopt;
}

// Whether all that an expression matches, from end to end, is made of digits and dots: an address,
// which is no host name.
bool is_all_digits_and_dots(std::string_view regex) {
    if (!regex.starts_with('^') || !regex.ends_with('$')) {
        return false;
    }
    std::string_view rest = regex.substr(1, regex.size() - 2);
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    for (std::size_t depth = 0, at = 0; at < rest.size(); ++at) {
        const char c = rest[at];
        if (c == '\\' && at + 1 < rest.size() && (rest[at + 1] == '.' || rest[at + 1] == 'd')) {
            ++at;
        } else if (c == '[' && rest.substr(at, 5) == "[0-9]") {
            at += 4;
        } else if (c == '(' || c == ')') {
            if (c == ')' && depth == 0) {
                return false;
            }
            depth = c == '(' ? depth + 1 : depth - 1;
        } else if (!is_digit(c) && (std::string_view{"{},+*?"}.find(c) == rest.npos) &&
                   (c != '|' || depth == 0)) {
            return false;
        }
    }
    return true;
}

// Whether there are groups that are more than that: in these other rules may hold.
bool has_special_group(std::string_view regex) {
    for (std::size_t at = regex.find("(?"); at != std::string_view::npos;
         at = regex.find("(?", at + 1)) {
        if (regex.substr(at, 3) != "(?:") {
            return true;
        }
    }
    return false;
}

// Goes through the top level of an expression, atom by atom.
class ShapeReader {
public:
    explicit ShapeReader(std::string_view regex) : rest_(regex) {}

    NameShape read() {
        if (has_special_group(rest_)) {
            return {};
        }
        if (is_all_digits_and_dots(rest_)) {
            return {.matches_none = true, .tail = {}};
        }
        if (!read_atoms()) {
            return {};
        }
        NameShape shape;
        shape.matches_none = std::any_of(atoms_.begin(), atoms_.end(), [](const Atom& atom) {
            return atom.is_needed && (atom.can_be & of_host_names()).none();
        });
        for (auto atom = atoms_.rbegin(); is_anchored_ && atom != atoms_.rend(); ++atom) {
            if (!atom->is_needed) {
                break;
            }
            shape.tail.push_back(atom->can_be);
            if (!atom->is_single) {
                break;
            }
        }
        return shape;
    }

private:
    char take() {
        const char c = rest_.front();
        rest_.remove_prefix(1);
        return c;
    }

    // False where something is met that is not known, or may be left out as a whole.
    bool read_atoms() {
        if (rest_.starts_with('^')) {
            take();
        }
        while (!rest_.empty()) {
            if (rest_ == "$") {
                is_anchored_ = true;
                return true;
            }
            auto atom = read_atom();
            if (!atom || !read_repetition(*atom)) {
                return false;
            }
            atoms_.push_back(*atom);
        }
        return true;
    }

    std::optional<Atom> read_atom() {
        const char c = take();
        Atom atom;
        switch (c) {
            case '.':
                atom.can_be.set();
                return atom;
            case '[':
                return read_class();
            case '(':
                return read_group();
            case '\\':
                if (rest_.empty()) {
                    return std::nullopt;
                }
                if (const auto known = escaped(take())) {
                    atom.can_be = *known;
                    return atom;
                }
                return std::nullopt;
            case '|':
            case ')':
            case '^':
            case '$':
            case '*':
            case '+':
            case '?':
            case '{':
                return std::nullopt;
            default:
                add_character(atom.can_be, c);
                return atom;
        }
    }

    std::optional<Atom> read_class() {
        Atom atom;
        const bool is_negated = rest_.starts_with('^');
        if (is_negated) {
            take();
        }
        for (bool is_first = true; !rest_.empty(); is_first = false) {
            const char c = take();
            if (c == ']' && !is_first) {
                atom.can_be = is_negated ? ~atom.can_be : atom.can_be;
                return atom;
            }
            if (c == '[') {  // perhaps [:alpha:]
                return std::nullopt;
            }
            if (c == '\\') {
                const auto known = rest_.empty() ? std::nullopt : escaped(take());
                if (!known || rest_.starts_with('-')) {
                    return std::nullopt;
                }
                atom.can_be |= *known;
            } else if (rest_.size() > 1 && rest_[0] == '-' && rest_[1] != ']') {
                take();
                if (rest_.front() == '\\' || rest_.front() == '[') {
                    return std::nullopt;
                }
                add_stretch(atom.can_be, c, take());
            } else {
                add_character(atom.can_be, c);
            }
        }
        return std::nullopt;
    }

    // Anything, or nothing.
    std::optional<Atom> read_group() {
        Atom anything{{}, false, false};
        anything.can_be.set();
        for (std::size_t depth = 1; !rest_.empty();) {
            const char c = take();
            if (c == '\\' && !rest_.empty()) {
                take();
            } else if (c == '[' && !read_class()) {
                return std::nullopt;
            } else if (c == '(') {
                ++depth;
            } else if (c == ')' && --depth == 0) {
                return anything;
            }
        }
        return std::nullopt;
    }

    bool read_repetition(Atom& atom) {
        if (rest_.empty() || std::string_view{"*+?{"}.find(rest_.front()) == rest_.npos) {
            return true;
        }
        const char sign = take();
        atom.is_single = false;
        if (sign == '{') {
            const std::size_t end = rest_.find('}');
            const bool is_count =
                end != std::string_view::npos && end > 0 &&
                rest_.substr(0, end).find_first_not_of("0123456789,") == std::string_view::npos;
            if (!is_count) {
                return false;
            }
            // Of "{0…" and "{,…" all may be left out.
            atom.is_needed = atom.is_needed && rest_.front() != '0' && rest_.front() != ',';
            rest_.remove_prefix(end + 1);
        } else {
            atom.is_needed = atom.is_needed && sign == '+';
        }
        if (rest_.starts_with('?') || rest_.starts_with('+')) {
            take();
        }
        return true;
    }

    std::string_view rest_;
    std::vector<Atom> atoms_;
    bool is_anchored_ = false;
};

}  // namespace

NameShape shape_of(std::string_view regex) {
    return ShapeReader{regex}.read();
}

bool are_disjoint(const NameShape& a, const NameShape& b) {
    if (a.matches_none || b.matches_none) {
        return true;
    }
    for (std::size_t i = 0; i < std::min(a.tail.size(), b.tail.size()); ++i) {
        if ((a.tail[i] & b.tail[i]).none()) {
            return true;
        }
    }
    return false;
}

}  // namespace ostrakon::feed
