#include "section.hpp"

#include "ostrakon/base/printable.hpp"
#include "ostrakon/base/suggestion.hpp"

#include <fmt/format.h>
#include <algorithm>

namespace ostrakon::config {
namespace {

constexpr std::size_t kShownMax = 80;

std::string_view in_words(Kind kind) {
    switch (kind) {
        case Kind::Text:
            return "a text in quotes";
        case Kind::Integer:
            return "a whole number";
        case Kind::Number:
            return "a number";
        case Kind::Boolean:
            return "true or false";
        case Kind::Date:
            return "a date";
        case Kind::List:
            return "a list in [ ]";
        case Kind::Table:
            return "a table";
    }
    return "";
}

std::string shown(const Value& value) {
    switch (value.kind) {
        case Kind::Text:
            return fmt::format("\"{}\"", printable(value.text, kShownMax));
        case Kind::List:
        case Kind::Table:
            return std::string{in_words(value.kind)};
        case Kind::Integer:
        case Kind::Number:
        case Kind::Boolean:
        case Kind::Date:
            break;
    }
    return value.text;
}

std::string any_of(std::initializer_list<Kind> kinds) {
    std::string text;
    for (const Kind kind : kinds) {
        text += fmt::format("{}{}", text.empty() ? "" : " or ", in_words(kind));
    }
    return text;
}

const Entry* entry_of(const Value* table, std::string_view key) {
    if (table == nullptr) {
        return nullptr;
    }
    const auto found = std::lower_bound(
        table->entries.begin(), table->entries.end(), key,
        [](const Entry& entry, std::string_view wanted) { return entry.key < wanted; });
    return found == table->entries.end() || found->key != key ? nullptr : &*found;
}

}  // namespace

Section::Section(const Value* table, std::string title, const std::string& file, Problems& problems)
    : table_(table), title_(std::move(title)), file_(&file), problems_(&problems) {}

std::string Section::path(std::string_view key) const {
    return title_.empty() ? std::string{key} : fmt::format("{} {}", title_, key);
}

const Value* Section::find(std::string_view key, std::initializer_list<Kind> kinds) {
    if (std::find(known_.begin(), known_.end(), key) == known_.end()) {
        known_.emplace_back(key);
    }
    const Entry* entry = entry_of(table_, key);
    if (entry == nullptr) {
        return nullptr;
    }
    if (std::find(kinds.begin(), kinds.end(), entry->value.kind) == kinds.end()) {
        mistake(key, entry->value, any_of(kinds));
        return nullptr;
    }
    return &entry->value;
}

Section Section::table(std::string_view key) {
    return {find(key, {Kind::Table}), fmt::format("[{}]", key), *file_, *problems_};
}

std::vector<Section> Section::tables(std::string_view key, std::size_t count_max) {
    std::vector<Section> sections;
    const Value* list = find(key, {Kind::List});
    if (list == nullptr || !has_count(key, *list, {0, static_cast<std::int64_t>(count_max)})) {
        return sections;
    }
    for (const Value& item : list->items) {
        if (item.kind == Kind::Table) {
            sections.emplace_back(&item, fmt::format("[[{}]]", key), *file_, *problems_);
        } else {
            mistake(key, item, fmt::format("[[{}]] tables", key));
        }
    }
    return sections;
}

void Section::boolean(std::string_view key, bool& target) {
    if (const Value* found = find(key, {Kind::Boolean})) {
        target = found->boolean;
    }
}

bool Section::has_count(std::string_view key, const Value& list, Bounds count) {
    const auto size = static_cast<std::int64_t>(list.items.size());
    if (size >= count.least && size <= count.most) {
        return true;
    }
    const std::string expected = size < count.least ? fmt::format("at least {}", count.least)
                                                    : fmt::format("at most {}", count.most);
    mistake_at(list.at,
               fmt::format("{}: read a list of {}, expected {}", path(key), size, expected));
    return false;
}

bool Section::is_text(std::string_view key, const Value& value) {
    if (value.kind != Kind::Text) {
        mistake(key, value, in_words(Kind::Text));
    }
    return value.kind == Kind::Text;
}

bool Section::is_list(std::string_view key, const Value& value) {
    if (value.kind != Kind::List) {
        mistake(key, value, in_words(Kind::List));
    }
    return value.kind == Kind::List;
}

bool Section::is_within(std::string_view key, const Value& found, Bounds bounds) {
    if (found.integer >= bounds.least && found.integer <= bounds.most) {
        return true;
    }
    mistake(key, found, fmt::format("a whole number from {} to {}", bounds.least, bounds.most));
    return false;
}

void Section::require(std::string_view key, std::string_view example) {
    if (entry_of(table_, key) == nullptr) {
        mistake_at(table_ == nullptr ? Position{1, 1} : table_->at,
                   fmt::format("{} is missing, expected it as in {}", path(key), example));
    }
}

void Section::mistake(std::string_view key, const Value& value, std::string_view expected) {
    mistake_at(value.at,
               fmt::format("{}: read {}, expected {}", path(key), shown(value), expected));
}

void Section::mistake_at(Position at, std::string_view text) {
    problems_->mistake(*file_, at, text);
}

void Section::warning(Position at, std::string_view text) {
    problems_->warning(*file_, at, text);
}

const std::vector<Entry>& Section::own_words() {
    static const std::vector<Entry> none{};
    return table_ == nullptr ? none : table_->entries;
}

bool Section::has(std::string_view key) const {
    return entry_of(table_, key) != nullptr;
}

Position Section::at_key(std::string_view key) const {
    const Entry* entry = entry_of(table_, key);
    return entry == nullptr ? at() : entry->value.at;
}

void Section::finish() {
    if (table_ == nullptr) {
        return;
    }
    std::sort(known_.begin(), known_.end());
    const std::string where = title_.empty() ? "" : fmt::format(" in {}", title_);
    for (const Entry& entry : table_->entries) {
        if (std::binary_search(known_.begin(), known_.end(), entry.key)) {
            continue;
        }
        if (problems_->are_enough()) {
            mistake_at(entry.at, {});  // only counted
            continue;
        }
        const auto near = suggestion(entry.key, known_);
        mistake_at(entry.at,
                   fmt::format("unknown key \"{}\"{}, {}", printable(entry.key, kShownMax), where,
                               near ? fmt::format("did you mean \"{}\"?", *near)
                                    : fmt::format("expected one of {}", fmt::join(known_, ", "))));
    }
}

}  // namespace ostrakon::config
