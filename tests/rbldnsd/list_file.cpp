#include "rbldnsd/list_file.hpp"

#include "rbldnsd/entries.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <set>

namespace ostrakon::rbldnsd {
namespace {

using property::Random;

constexpr std::size_t kQuestionsMax = 110;  // of one zone

std::string some_text(Random& random) {
    static const std::vector<std::string> kPieces{"listed",   "see ",     "http://x.example/?ip=",
                                                  "$",        "$$",       "$1",
                                                  "$2",       "$9",       "$=",
                                                  "\"q\"",    "\\",       " ; ",
                                                  "\\032",    " # ",      ":",
                                                  "\xC3\xBC", "\xFF\xFE", " ",
                                                  "=",        "!",        "[a] {b} ",
                                                  "-",        "$1 for $", "a$b$"};
    std::string text = random.chance(10) ? "=" : "";
    for (std::uint64_t i = 1 + random.below(4); i > 0; --i) {
        text += random.pick(kPieces);
    }
    return text;
}

std::string some_value(Random& random) {
    static const std::vector<std::string> kCodes{
        "2", "5", "10", "255", "127.3", "127.0.9", "127.0.0.4", "127.1.2.3", "002", "127.0.5.6"};
    static const std::vector<std::string> kMistakes{
        ":0",  ":300:",        "::t", ": 12:", ":5 text", ":x:y",
        ":5x", ":1.2.3.4.5:t", ":",   ":0.0",  ":5;c",    ":5."};
    if (random.chance(8)) {
        return random.pick(kMistakes);
    }
    const std::string& code = random.pick(kCodes);
    switch (random.below(6)) {
        case 0:
            return ":" + code;
        case 1:
            return ":" + code + ":";
        case 2:
            return ":" + code + ": " + some_text(random);
        case 3:
            return ":" + code + " :" + some_text(random);
        case 4:
            return ":" + code + ":" + some_text(random);
        default:
            return some_text(random);
    }
}

std::string some_special(Random& random) {
    static const std::vector<std::string> kSpecials{
        "$TTL 300",
        "$ttl 1h",
        "$MAXRANGE4 65536",
        "$MAXRANGE4 /8",
        "$MAXRANGE4 /24",
        "$MAXRANGE4 100",
        "$MAXRANGE4 0",
        "$MAXRANGE4 /33",
        "$TIMESTAMP 2020:01:02:03:04:05",
        "$TIMESTAMP 20200102 2037-01-01",
        "$TIMESTAMP 2020-1-2 +850w",
        "$TIMESTAMP 0 -",
        "$TIMESTAMP 2020-02-30 2021-01-01",
        "$SOA 0 ns1.example.org hostmaster.example.org 0 1h 1h 1h 1h",
        "$NS 0 ns1.example.org -ns2.example.org",
        "$Id$",
        "$unknown thing",
        "$DATASETS x y",
        "$3",
    };
    std::string line;
    if (random.chance(60)) {
        line = fmt::format("${} {}",
                           random.chance(25) ? std::string{"="} : std::to_string(random.below(4)),
                           some_text(random));
    } else {
        line = random.pick(kSpecials);
    }
    static const std::vector<std::string> kMarks{"", "", "", "#", ";", ":"};
    return random.pick(kMarks) + line;
}

// Lines of one data set and what to ask about them.
class DataSetWriter {
public:
    DataSetWriter(Random& random, std::string type) : random_(random), type_(std::move(type)) {}

    void write(std::uint64_t lines) {
        for (std::uint64_t i = 0; i < lines; ++i) {
            static const std::vector<std::string> kIndents{"", "", "", "", " ", "\t"};
            text_ += random_.pick(kIndents) + line() + (random_.chance(5) ? "  \n" : "\n");
        }
    }
    const std::string& text() const { return text_; }
    const std::set<std::string>& questions() const { return questions_; }

private:
    std::string line() {
        const std::uint64_t kind = random_.below(100);
        if (kind < 8) {
            return some_special(random_);
        }
        if (kind < 16) {
            const std::string value = some_value(random_);
            return value.front() == ':' ? value : ":4:" + value;
        }
        if (kind < 20) {
            return random_.chance(50) ? "" : random_.chance(50) ? "# comment" : ";x";
        }
        return entry();
    }

    std::string entry() {
        const Spelled spelled = again_.empty() || random_.chance(75) ? spell_subject(random_, type_)
                                                                     : random_.pick(again_);
        again_.push_back(spelled);
        questions_.insert(spelled.questions.begin(), spelled.questions.end());
        std::string line = spelled.text;
        if (random_.chance(18)) {
            line = (random_.chance(30) ? "! " : "!") + line;
        }
        return line + rest();
    }

    // What stands behind the subject; in a dnset nothing does without a blank.
    std::string rest() {
        static const std::vector<std::string> kBlanks{" ", " ", "\t", "  "};
        const bool needs_blank = type_ == "dnset" || type_ == "ip6tset" || type_ == "ip6trie";
        switch (random_.below(6)) {
            case 0:
            case 1:
                return "";
            case 2:
                return (needs_blank || random_.chance(70) ? random_.pick(kBlanks) : "") +
                       (random_.chance(50) ? "# comment" : "; comment :5:x");
            default: {
                const std::string value = some_value(random_);
                const bool may_touch = value.front() == ':' && !needs_blank;
                return (may_touch && random_.chance(50) ? "" : random_.pick(kBlanks)) + value;
            }
        }
    }

    Random& random_;
    std::string type_;
    std::string text_;
    std::set<std::string> questions_;
    std::vector<Spelled> again_;
};

// Some of the names, and mapped IPv6 for some of IPv4. Addresses that a server never or always
// lists are left out.
ZoneQuestions questions_for(Random& random, const std::string& sub_zone,
                            const std::set<std::string>& names, bool has_ipv4) {
    ZoneQuestions zone{sub_zone, {}};
    const auto is_ipv4 = [](const std::string& name) {
        return std::count(name.begin(), name.end(), '.') == 3 &&
               name.find_first_not_of("0123456789.") == std::string::npos;
    };
    std::vector<std::string> all;
    for (const std::string& name : names) {
        constexpr std::string_view k6to4 =
            "0.2.0.0.2";  // 2002::, as reached from the end of 2001::/16
        if (name != "1.0.0.127" && name != "2.0.0.127" && !name.ends_with(k6to4)) {
            all.push_back(name);
        }
    }
    random.keep_some(all, kQuestionsMax);
    for (const std::string& name : all) {
        zone.names.push_back(name);
        if (has_ipv4 && is_ipv4(name) && random.chance(10)) {
            zone.names.push_back(mapped_question(name));
        }
    }
    return zone;
}

ListFile write_combined(Random& random) {
    static const std::vector<std::string> kSubZones{"dul", "web", "a.b"};
    static const std::vector<std::string> kSetTypes{"ip4set",  "ip4set",  "ip4tset", "ip4trie",
                                                    "ip6tset", "ip6trie", "dnset",   "generic"};
    struct Zone {
        std::set<std::string> names;
        bool has_ipv4 = false;
    };
    std::vector<std::pair<std::string, Zone>> zones{
        {"@", {}}, {"dul", {}}, {"web", {}}, {"a.b", {}}};
    ListFile file{"combined", "", {}};
    for (std::uint64_t i = random.below(4); i > 0; --i) {
        file.text += some_special(random) + "\n";
    }
    for (std::uint64_t i = 1 + random.below(6); i > 0; --i) {
        const std::string& type = random.pick(kSetTypes);
        file.text += fmt::format("{}$DATASET {}{}", random.chance(20) ? "#" : "", type,
                                 random.chance(30) ? ":a-label-that-is-longer-than-20" : "");
        std::vector<std::size_t> chosen;
        for (std::size_t zone = 0; zone < zones.size(); ++zone) {
            if (random.chance(40)) {
                file.text += " " + (zone == 1 && random.chance(30) ? "DUL." : zones[zone].first);
                chosen.push_back(zone);
            }
        }
        file.text += random.chance(20) ? " # comment web\n" : "\n";
        if (type == "generic") {
            file.text += "generic-name A 127.0.0.8\ngeneric-name TXT \"x\"\n";
            continue;
        }
        DataSetWriter writer{random, type};
        writer.write(2 + random.below(15));
        file.text += writer.text();
        for (const std::size_t zone : chosen) {
            zones[zone].second.names.insert(writer.questions().begin(), writer.questions().end());
            zones[zone].second.has_ipv4 = zones[zone].second.has_ipv4 || type.starts_with("ip4");
        }
    }
    for (const auto& [name, zone] : zones) {
        file.zones.push_back(
            questions_for(random, name == "@" ? "" : name, zone.names, zone.has_ipv4));
    }
    return file;
}

}  // namespace

ListFile write_file(Random& random, const std::string& type) {
    ListFile file;
    if (type == "combined") {
        file = write_combined(random);
    } else {
        DataSetWriter writer{random, type};
        writer.write(random.chance(20) ? 1 + random.below(5) : 5 + random.below(40));
        file = {type,
                writer.text(),
                {questions_for(random, "", writer.questions(), type.starts_with("ip4"))}};
    }
    if (random.chance(15)) {
        file.text.pop_back();  // a last line without its end
    }
    return file;
}

}  // namespace ostrakon::rbldnsd
