// Names that a regular expression matches, drawn by a seed. Knows the syntax that lists of naming
// patterns have: letters, classes, groups, alternatives, repetitions and anchors.
#pragma once

#include <algorithm>
#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace ostrakon::test {

class NameMaker {
public:
    explicit NameMaker(std::uint32_t seed) : random_(seed) {}

    std::string name_for(std::string_view regex) {
        rest_ = regex;
        return alternatives();
    }

private:
    static constexpr unsigned kRepeatMax = 4;  // of what may be repeated for ever

    unsigned below(std::size_t bound) {
        return static_cast<unsigned>(random_() % std::max<std::size_t>(bound, 1));
    }
    bool take(char c) {
        const bool is_next = rest_.starts_with(c);
        rest_.remove_prefix(is_next ? 1 : 0);
        return is_next;
    }
    char next() {
        const char c = rest_.empty() ? ')' : rest_.front();
        rest_.remove_prefix(rest_.empty() ? 0 : 1);
        return c;
    }

    std::string alternatives() {
        std::vector<std::string> made{sequence()};
        while (take('|')) {
            made.push_back(sequence());
        }
        return made[below(made.size())];
    }

    std::string sequence() {
        std::string made;
        while (!rest_.empty() && rest_.front() != '|' && rest_.front() != ')') {
            const std::string_view atom_begin = rest_;
            std::string one = atom();
            unsigned count = repetitions();
            const std::string_view behind = rest_;
            for (made += count > 0 ? one : ""; count > 1; --count) {
                rest_ = atom_begin;  // drawn anew each time
                made += atom();
            }
            rest_ = behind;
        }
        return made;
    }

    std::string atom() {
        const char c = next();
        switch (c) {
            case '^':
            case '$':
                return "";
            case '.':
                return "x";
            case '(': {
                std::string group = alternatives();
                take(')');
                return group;
            }
            case '[':
                return std::string{one_of_class()};
            case '\\': {
                const char escaped = next();
                return escaped == 'd' ? std::to_string(below(10)) : std::string{escaped};
            }
            default:
                return std::string{c};
        }
    }

    char one_of_class() {
        std::string members;
        for (char c = next(); c != ']' && !rest_.empty(); c = next()) {
            if (c == '\\') {
                c = next();
            }
            if (rest_.starts_with('-') && rest_.size() > 1 && rest_[1] != ']') {
                next();
                for (const char last = next(); c < last; ++c) {
                    members.push_back(c);
                }
            }
            members.push_back(c);
        }
        return members.empty() ? 'x' : members[below(members.size())];
    }

    unsigned repetitions() {
        if (take('?')) {
            return below(2);
        }
        if (take('*')) {
            return below(kRepeatMax);
        }
        if (take('+')) {
            return 1 + below(kRepeatMax);
        }
        if (!take('{')) {
            return 1;
        }
        const unsigned least = number();
        const unsigned most =
            take(',') ? (rest_.starts_with('}') ? least + kRepeatMax : number()) : least;
        take('}');
        return least + below(most - least + 1);
    }

    unsigned number() {
        unsigned value = 0;
        while (!rest_.empty() && rest_.front() >= '0' && rest_.front() <= '9') {
            value = 10 * value + static_cast<unsigned>(next() - '0');
        }
        return value;
    }

    std::mt19937 random_;
    std::string_view rest_;
};

}  // namespace ostrakon::test
