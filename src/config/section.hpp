// One table of a file, read key by key: every key that is asked for is known, what is left over is
// a mistake.
//
// A key that is absent leaves its target as it is; one that is wrong does too, and is noted among
// the problems.
#pragma once

#include "document.hpp"
#include "spelling.hpp"

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ostrakon::config {

struct Bounds {
    std::int64_t least = 0;
    std::int64_t most = std::numeric_limits<std::int64_t>::max();
};

class Section {
public:
    /// `title` is how messages call it, as "[server]"; empty for the top of a file. `table` is null
    /// where the file has none. All but the title is borrowed for the section's life.
    Section(const Value* table, std::string title, const std::string& file, Problems& problems);

    /// The value of a key, if it is there and of one of these kinds.
    const Value* find(std::string_view key, std::initializer_list<Kind> kinds);
    /// The table below this one; an empty section where there is none.
    Section table(std::string_view key);
    /// The tables of an array of tables, each as a section.
    std::vector<Section> tables(std::string_view key, std::size_t count_max);

    /// Reads a text. `parse` makes a T of a string_view, or says what was expected.
    template <class T, class Parse>
    void value(std::string_view key, T& target, Parse parse) {
        if (const Value* found = find(key, {Kind::Text})) {
            take(key, *found, target, parse);
        }
    }

    /// Reads a text that has been found under `key`; false: it is wrong, which is noted.
    template <class T, class Parse>
    bool take(std::string_view key, const Value& found, T& target, Parse& parse) {
        auto parsed = parse(std::string_view{found.text});
        if (!parsed) {
            mistake(key, found, parsed.error());
            return false;
        }
        target = std::move(*parsed);
        return true;
    }

    /// Reads a list of texts, with duplicates left as they are.
    template <class T, class Parse>
    void list(std::string_view key, std::vector<T>& target, Bounds count, Parse parse) {
        if (const Value* found = find(key, {Kind::List})) {
            items(key, *found, target, count, parse);
        }
    }

    /// The items of a list of texts that has been found under `key`.
    template <class T, class Parse>
    void items(std::string_view key, const Value& list, std::vector<T>& target, Bounds count,
               Parse parse) {
        if (!has_count(key, list, count)) {
            return;
        }
        std::vector<T> read;
        for (const Value& item : list.items) {
            T one{};
            if (is_text(key, item) && take(key, item, one, parse)) {
                read.push_back(std::move(one));
            }
        }
        target = std::move(read);
    }

    /// Reads the text that one of own_words() has.
    template <class T, class Parse>
    void own_value(const Entry& entry, T& target, Parse parse) {
        if (is_text(entry.key, entry.value)) {
            take(entry.key, entry.value, target, parse);
        }
    }

    template <class T>
    void integer(std::string_view key, T& target, Bounds bounds) {
        if (const Value* found = find(key, {Kind::Integer});
            found && is_within(key, *found, bounds)) {
            target = static_cast<T>(found->integer);
        }
    }

    void boolean(std::string_view key, bool& target);

    /// Whether a list has so many items; if not, that is noted.
    bool has_count(std::string_view key, const Value& list, Bounds count);
    /// Whether a value is a text; if not, that is noted.
    bool is_text(std::string_view key, const Value& value);
    /// Whether a value is a list; if not, that is noted.
    bool is_list(std::string_view key, const Value& value);

    /// Notes that a key is needed and not there.
    void require(std::string_view key, std::string_view example);
    /// Notes that `value` was read where something else was expected.
    void mistake(std::string_view key, const Value& value, std::string_view expected);
    void mistake_at(Position at, std::string_view text);
    void warning(Position at, std::string_view text);

    /// Notes every key that nobody has asked for.
    void finish();

    bool exists() const { return table_ != nullptr; }
    bool has(std::string_view key) const;
    /// Where the section begins.
    Position at() const { return table_ == nullptr ? Position{} : table_->at; }
    /// Where the value of a key stands; where the section begins, if it has no such key.
    Position at_key(std::string_view key) const;
    /// The entries, for tables whose keys are the user's own words; finish() is not for these.
    const std::vector<Entry>& own_words();
    /// How messages call a key of this section.
    std::string path(std::string_view key) const;

private:
    bool is_within(std::string_view key, const Value& found, Bounds bounds);

    const Value* table_;
    std::string title_;
    const std::string* file_;
    Problems* problems_;
    std::vector<std::string> known_;
};

}  // namespace ostrakon::config
