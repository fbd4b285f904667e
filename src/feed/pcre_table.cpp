// pcre-table: pcre_table(5) and regexp_table(5) of Postfix about the names of clients,
// "/PATTERN/FLAGS ACTION" a line. What rejects makes a ban of the names that the pattern matches,
// rdns:/PATTERN/, whose reason is the text behind; OK and PERMIT make an allow. For own listings.
//
// The first match wins there, and all of them count here. So a ban is taken only where no earlier
// line takes a name from it: one that does not reject (DUNNO, WARN, 450) leaves what it matches to
// nobody, and a pattern that may have a name in common with it is rejected. So is what stands under
// an if, whose condition cannot be kept. Patterns are RE2's: no look-around, no back references.
#include "line_format.hpp"
#include "list_subject.hpp"
#include "name_shape.hpp"
#include "ostrakon/base/printable.hpp"
#include "postfix_line.hpp"

#include <algorithm>
#include <optional>
#include <vector>

namespace ostrakon::feed {
namespace {

// Shapes that are compared with those of later lines; of a longer table every later line is.
constexpr std::size_t kShapesMax = 1000;

// Patterns of lines, so far as they are known not to match what others do.
class Shapes {
public:
    void add(std::uint32_t line, NameShape shape) {
        if (all_.size() < kShapesMax) {
            all_.push_back({line, std::move(shape)});
        } else {
            all_.back() = {line, {}};  // which may match anything
        }
    }
    /// The line of one that may match a name which the other matches too; nothing if none may.
    std::optional<std::uint32_t> meets(const NameShape& other) const {
        const auto found = std::find_if(all_.begin(), all_.end(), [&other](const Of& one) {
            return !are_disjoint(one.shape, other);
        });
        return found == all_.end() ? std::nullopt : std::optional{found->line};
    }

private:
    struct Of {
        std::uint32_t line;
        NameShape shape;
    };
    std::vector<Of> all_;
};

struct PcreLine {
    bool is_negated = false;
    std::string_view pattern;
    std::string_view flags;
    std::string_view action;
};

// "/PATTERN/FLAGS ACTION", with any sign in place of the slash and perhaps ! in front.
std::optional<PcreLine> split_pcre_line(std::string_view text) {
    PcreLine line;
    line.is_negated = text.starts_with('!');
    text = trimmed(text.substr(line.is_negated ? 1 : 0));
    const auto is_word = [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    };
    if (text.empty() || is_word(text.front())) {
        return std::nullopt;
    }
    std::size_t end = 1;
    while (end < text.size() && text[end] != text.front()) {
        end += text[end] == '\\' ? 2 : 1;
    }
    if (end >= text.size()) {
        return std::nullopt;
    }
    line.pattern = text.substr(1, end - 1);
    line.action = text.substr(end + 1);
    line.flags = line.action.substr(0, line.action.find_first_of(" \t"));
    line.action = trimmed(line.action.substr(line.flags.size()));
    return line;
}

// Why a pattern with these flags is another one without them; empty where it is not. Case does not
// count in these tables, but where an i says so; names are asked in lower case. What m, s, E and U
// change cannot be seen in a name.
std::string_view mistake_of_flags(const PcreLine& line) {
    if (line.flags.find_first_not_of("imsEU") != std::string_view::npos) {
        return "has flags other than i, m, s, E and U, without which its pattern says something "
               "else";
    }
    const bool has_capital = std::any_of(line.pattern.begin(), line.pattern.end(),
                                         [](char c) { return c >= 'A' && c <= 'Z'; });
    if (std::count(line.flags.begin(), line.flags.end(), 'i') % 2 == 1 && has_capital) {
        return "wants capital letters (the flag i of Postfix makes case count), in which no name "
               "is "
               "asked";
    }
    return {};
}

class PcreReader {
public:
    explicit PcreReader(Collector& collector) : collector_(collector) {}

    void read(const PostfixLine& line) {
        if (!line.mistake.empty()) {
            reject(line, line.mistake);
            return;
        }
        std::string_view rest = line.text;
        const std::string_view word = next_word(rest);
        if (word == "if") {
            ++depth_;
        } else if (word == "endif") {
            if (depth_ == 0) {
                reject(line, "ends no if");
            }
            depth_ -= depth_ > 0 ? 1 : 0;
        } else if (const auto parts = split_pcre_line(line.text); !parts) {
            reject(line, "is no pattern (they are written /PATTERN/ ACTION)");
        } else {
            read_pattern(line, *parts);
        }
    }
    bool is_open() const { return depth_ > 0; }

private:
    void reject(const PostfixLine& line, std::string_view why) {
        collector_.reject(line.number, line.text, why);
    }

    void read_pattern(const PostfixLine& line, const PcreLine& parts) {
        const PostfixAction action = read_postfix_action(parts.action);
        // What a condition leaves of a pattern is part of it; what one negates may be anything.
        const NameShape shape = parts.is_negated ? NameShape{} : shape_of(parts.pattern);
        if (action.verdict == PostfixVerdict::Other) {
            collector_.note("action", [&] {
                return fmt::format(
                    "line {}: {} neither rejects nor accepts; lines behind it that may match the "
                    "same names are rejected",
                    line.number, printable(parts.action, kRejectTextSizeMax));
            });
            undecided_.add(line.number, shape);
            return;
        }
        const bool is_ban = action.verdict == PostfixVerdict::Ban;
        const bool is_taken = take(line, parts, action, shape);
        if (is_ban) {
            bans_.add(line.number, shape);
        } else if (!is_taken) {
            undecided_.add(line.number, shape);
        }
    }

    // Whether it became a listing; if not, it is rejected.
    bool take(const PostfixLine& line, const PcreLine& parts, const PostfixAction& action,
              const NameShape& shape) {
        const bool is_ban = action.verdict == PostfixVerdict::Ban;
        if (depth_ > 0 || parts.is_negated) {
            reject(line, parts.is_negated ? "is about everything but what it names"
                                          : "stands under an if, whose condition cannot be kept");
            return false;
        }
        if (const std::string_view mistake = mistake_of_flags(parts); !mistake.empty()) {
            reject(line, std::string{mistake});
            return false;
        }
        if (const auto earlier = undecided_.meets(shape)) {
            reject(line,
                   fmt::format("may match names that line {} has already left alone", *earlier));
            return false;
        }
        if (const auto earlier = bans_.meets(shape); earlier && !is_ban) {
            reject(line,
                   fmt::format("may match names that line {} has already rejected", *earlier));
            return false;
        }
        auto subject = collector_.subject(line.number, fmt::format("rdns:/{}/", parts.pattern));
        if (!subject) {
            return false;
        }
        policy::Statement said;
        if (!is_ban) {
            said.listing_class = "allow";
        } else if (!set_reason(said, action.text)) {
            said.reason.clear();
        }
        collector_.add(line.number, std::move(*subject), collector_.statement(said));
        return true;
    }

    Collector& collector_;
    std::uint32_t depth_ = 0;  // of ifs
    Shapes undecided_;         // of lines that do not reject, and are no allow either
    Shapes bans_;
};

}  // namespace

Result<Done> read_pcre_table(const Document& document, Collector& collector) {
    PcreReader reader{collector};
    if (auto lines = for_each_table_line(document, collector,
                                         [&reader](const PostfixLine& line) { reader.read(line); });
        !lines) {
        return lines;
    }
    if (reader.is_open()) {
        return refuse(document.file, "ends within an if: it was cut off", "get it again");
    }
    return Done{};
}

}  // namespace ostrakon::feed
