#include "rbldnsd_outline.hpp"

#include "ostrakon/base/printable.hpp"
#include "ostrakon/dns/name.hpp"
#include "ostrakon/zone/listing_class.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <map>

namespace ostrakon::feed {
namespace {

constexpr std::size_t kWordShownSizeMax = 80;

struct TypeName {
    std::string_view name;
    DataSetType type;
};
constexpr std::array<TypeName, 9> kTypes{{{"ip4set", DataSetType::Ip4Set},
                                          {"ip4tset", DataSetType::Ip4Tset},
                                          {"ip4trie", DataSetType::Ip4Trie},
                                          {"ip6tset", DataSetType::Ip6Tset},
                                          {"ip6trie", DataSetType::Ip6Trie},
                                          {"dnset", DataSetType::Dnset},
                                          {"combined", DataSetType::Combined},
                                          {"generic", DataSetType::Generic},
                                          {"acl", DataSetType::Acl}}};

std::string_view take_word(std::string_view& text) {
    const std::size_t end = std::min(text.find_first_of(" \t"), text.size());
    const std::string_view word = text.substr(0, end);
    text.remove_prefix(end);
    skip_blanks(text);
    return word;
}

// Without a comment, which begins at the front or behind a blank.
std::string_view without_comment(std::string_view text) {
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (is_rbldnsd_comment(text[i]) && (i == 0 || is_rbldnsd_blank(text[i - 1]))) {
            return text.substr(0, i);
        }
    }
    return text;
}

// A sub-zone's name as zones spell it in `sources`: "@" for the base. Nothing where no zone could
// name it.
std::optional<std::string> sub_zone_of(std::string_view word) {
    if (word == "@") {
        return std::string{word};
    }
    std::string name;
    for (const char c : word) {
        if (c != '.' || (!name.empty() && name.back() != '.')) {  // empty labels collapse
            name.push_back(static_cast<char>(dns::lower(static_cast<std::uint8_t>(c))));
        }
    }
    if (name.ends_with('.')) {
        name.pop_back();
    }
    return zone::is_valid_identifier(name) ? std::optional{name} : std::nullopt;
}

class OutlineReader {
public:
    OutlineReader(const Document& document, DataSetType type, Collector& collector)
        : document_(document), type_(type), collector_(collector) {}

    Result<Outline> read() {
        if (type_ != DataSetType::Combined) {
            begin({.type = type_, .first_line = 1}, 0);
        }
        RbldnsdLines lines{document_.bytes, 1};
        Line line;
        while (lines.next(line)) {
            end_ = std::min(lines.consumed(), document_.bytes.size());
            const Special special = special_of(line.text);
            auto taken =
                special.kind == SpecialKind::None ? take_entry(line) : take_special(line, special);
            if (!taken) {
                return Unexpected{std::move(taken.error())};
            }
        }
        finish_last(document_.bytes.size());
        note_ttls();
        if (outline_.expires && *outline_.expires <= document_.now) {
            collector_.note("expired", [&] {
                return fmt::format("the list has expired at {}: so have its entries",
                                   to_string(*outline_.expires));
            });
        }
        return std::move(outline_);
    }

private:
    DataSetOutline* current() {
        return outline_.data_sets.empty() ? nullptr : &outline_.data_sets.back();
    }

    Unexpected<Error> refuse_at(const Line& line, std::string why, std::string remedy) const {
        return refuse(fmt::format("{}:{}", document_.file, line.number), std::move(why),
                      std::move(remedy));
    }

    void begin(DataSetOutline&& data_set, std::size_t at) {
        finish_last(at);
        data_set.substitutions = base_;
        data_set.max_range = max_range_;
        outline_.data_sets.push_back(std::move(data_set));
        begin_ = at;
        entries_ = 0;
    }

    void finish_last(std::size_t end) {
        DataSetOutline* last = current();
        if (last == nullptr) {
            return;
        }
        last->text = document_.bytes.substr(begin_, end - begin_);
        if (!last->is_read && entries_ > 0) {
            collector_.note("left out", [&] {
                return fmt::format("line {}: its {} data set is left out, {} in all",
                                   last->first_line - 1, name_of(last->type),
                                   entries_ == 1 ? "1 line" : fmt::format("{} lines", entries_));
            });
        }
    }

    Result<Done> take_entry(const Line& line) {
        if (line.text.empty() || is_rbldnsd_comment(line.text.front())) {
            return Done{};
        }
        DataSetOutline* data_set = current();
        if (data_set == nullptr) {
            return refuse_at(line,
                             "has an entry before the first $DATASET line, which rbldnsd does not "
                             "load",
                             "name its type, as in --format rbldnsd:ip4set, if it is no combined "
                             "file");
        }
        ++entries_;
        const bool is_tset =
            data_set->type == DataSetType::Ip4Tset || data_set->type == DataSetType::Ip6Tset;
        if (is_tset && line.text.front() == ':' && !data_set->first_default) {
            if (const auto value = read_value(line.text, {})) {
                data_set->first_default = *value;
            }
        }
        return Done{};
    }

    Result<Done> take_special(const Line& line, const Special& special) {
        switch (special.kind) {
            case SpecialKind::Soa:
            case SpecialKind::Nameservers:
                note_header(line, special.kind == SpecialKind::Soa ? "$SOA" : "$NS");
                return Done{};
            case SpecialKind::Ttl:
                ++ttls_[outline_.data_sets.size()];
                note_header(line, "$TTL");
                return Done{};
            case SpecialKind::MaxRange4:
                take_max_range(line, special);
                return Done{};
            case SpecialKind::Timestamp:
                return take_timestamp(line, special);
            case SpecialKind::DataSet:
                if (type_ == DataSetType::Combined) {
                    return take_data_set(line, special);
                }
                note_unknown(line);
                return Done{};
            case SpecialKind::Variable: {
                Substitutions& set = current() == nullptr ? base_ : current()->substitutions;
                if (set[special.variable].empty()) {  // the first assignment wins
                    set[special.variable] = special.argument;
                }
                return Done{};
            }
            case SpecialKind::Unknown:
            case SpecialKind::None:
                note_unknown(line);
                return Done{};
        }
        return Done{};
    }

    void note_header(const Line& line, std::string_view name) {
        collector_.note(name, [&] {
            return fmt::format("line {}: {} is not taken over: the zone's own file says it",
                               line.number, name);
        });
    }

    void take_max_range(const Line& line, const Special& special) {
        switch (max_range_.take(special.argument)) {
            case MaxRange::Taken::Yes:
                return;
            case MaxRange::Taken::NotUnderstood:
                note_unknown(line);
                return;
            case MaxRange::Taken::NotLowered:
                collector_.note("maxrange", [&] {
                    return fmt::format("line {}: $MAXRANGE4 can only be lowered, it stays {}",
                                       line.number, *max_range_.addresses());
                });
                return;
        }
    }

    void note_unknown(const Line& line) {
        collector_.note("unknown", [&] {
            return fmt::format("line {}: {} is not understood and does not count", line.number,
                               printable(line.text, kWordShownSizeMax));
        });
    }

    Result<Done> take_timestamp(const Line& line, const Special& special) {
        const auto stamp = read_timestamp(special.argument);
        if (!stamp) {
            note_unknown(line);
            return Done{};
        }
        if (stamp->made && *stamp->made > document_.now) {
            return refuse_at(line,
                             fmt::format("says that the list was made at {}, which is yet to come",
                                         to_string(*stamp->made)),
                             "look at the clocks of this machine and of the list's publisher");
        }
        if (stamp->expires && (!outline_.expires || *stamp->expires < *outline_.expires)) {
            outline_.expires = stamp->expires;
        }
        return Done{};
    }

    Result<Done> take_data_set(const Line& line, const Special& special) {
        std::string_view words = without_comment(special.argument);
        const std::string_view word = take_word(words);
        const std::string_view name = word.substr(0, word.find(':'));
        const auto type = data_set_type(name);
        if (!type || *type == DataSetType::Combined || *type == DataSetType::Acl) {
            return refuse_at(line,
                             fmt::format("begins a data set of type \"{}\", which cannot stand in "
                                         "a combined file",
                                         printable(name, kWordShownSizeMax)),
                             "it is ip4set, ip4tset, ip4trie, ip6tset, ip6trie or dnset");
        }
        std::string sub_zones;
        while (!words.empty()) {
            const std::string_view spelled = take_word(words);
            const auto sub_zone = sub_zone_of(spelled);
            if (!sub_zone) {
                collector_.note("sub-zone", [&] {
                    return fmt::format(
                        "line {}: \"{}\" is no name of a sub-zone that a zone "
                        "could select",
                        line.number, printable(spelled, kWordShownSizeMax));
                });
                continue;
            }
            sub_zones += (sub_zones.empty() ? "" : ",") + *sub_zone;
        }
        const bool is_generic = *type == DataSetType::Generic;
        if (sub_zones.empty()) {
            collector_.note("no sub-zone", [&] {
                return fmt::format(
                    "line {}: names no sub-zone, so that no zone "
                    "has what stands below it",
                    line.number);
            });
        } else if (is_generic) {
            collector_.note("generic", [&] {
                return fmt::format(
                    "line {}: a generic data set holds records of its zone, no "
                    "listings: write addresses into [a] of the zone's file",
                    line.number);
            });
        }
        const bool is_read = !sub_zones.empty() && !is_generic;
        begin({.type = *type,
               .label = is_read ? unique(sub_zones) : "",
               .is_read = is_read,
               .first_line = line.number + 1},
              end_);
        if (is_read && outline_.data_sets.size() > kDataSetsMax) {
            return refuse_at(line, fmt::format("begins a data set more than {}", kDataSetsMax),
                             "split the file");
        }
        return Done{};
    }

    // Data sets of the same sub-zones are told apart by a number.
    std::string unique(const std::string& sub_zones) {
        const unsigned count = ++labels_[sub_zones];
        return count == 1 ? sub_zones : fmt::format("{}#{}", sub_zones, count);
    }

    void note_ttls() {
        const bool is_repeated = std::any_of(
            ttls_.begin(), ttls_.end(), [](const auto& counted) { return counted.second > 1; });
        if (is_repeated) {
            collector_.note("ttls", [&] {
                return std::string{
                    "there is more than one $TTL in a data set: rbldnsd took the last one "
                    "for all of it"};
            });
        }
    }

    const Document& document_;
    DataSetType type_;
    Collector& collector_;
    Outline outline_;
    MaxRange max_range_;
    Substitutions base_;                    // what every data set of a combined file begins with
    std::size_t begin_ = 0;                 // of the current data set
    std::size_t end_ = 0;                   // of the line that is being read, with its end
    std::uint64_t entries_ = 0;             // of the current data set, defaults counted
    std::map<std::size_t, unsigned> ttls_;  // by data set
    std::map<std::string, unsigned> labels_;
};

}  // namespace

std::optional<DataSetType> data_set_type(std::string_view name) {
    const auto* const found = std::find_if(
        kTypes.begin(), kTypes.end(), [name](const TypeName& type) { return type.name == name; });
    return found == kTypes.end() ? std::nullopt : std::optional{found->type};
}

std::string_view name_of(DataSetType type) {
    return kTypes[static_cast<std::size_t>(type)].name;
}

Result<Outline> outline_of(const Document& document, DataSetType type, Collector& collector) {
    return OutlineReader{document, type, collector}.read();
}

}  // namespace ostrakon::feed
