// postfix: access(5) and cidr_table(5), the tables in which Postfix keeps who is rejected: PATTERN
// ACTION a line. REJECT, DISCARD, DROP and codes of 500 and more make a ban, whose reason is the
// text behind; OK, PERMIT and bare numbers make an allow. A table with a slash, a bracket, "if" or
// "!" in a pattern is a cidr table; postfix:cidr and postfix:access say which it is.
//
// In a cidr table the first match wins, in the other the most specific; here the most specific
// does. An entry that an earlier, wider one hides is therefore left out. What else an earlier line
// does (DUNNO, WARN, 450) keeps a later ban from what it is about, and so is an exception of it.
#include "line_format.hpp"
#include "list_subject.hpp"
#include "ostrakon/base/printable.hpp"
#include "postfix_line.hpp"

#include <algorithm>
#include <optional>

namespace ostrakon::feed {
namespace {

struct TableEntry {
    std::uint32_t line;
    policy::Subject subject;
    PostfixVerdict verdict;
    std::string reason;
};

bool is_cidr_table(const Document& document) {
    if (!document.variant.empty()) {
        return document.variant == "cidr";
    }
    PostfixLines lines{document.bytes};
    for (PostfixLine line; lines.next(line);) {
        std::string_view rest = line.text;
        const std::string_view pattern = next_word(rest);
        if (pattern == "if" || pattern == "endif" ||
            (pattern.find_first_of("/[!") != std::string_view::npos && pattern.front() != '/')) {
            return true;
        }
    }
    return false;
}

class TableReader {
public:
    TableReader(bool is_cidr, Collector& collector) : is_cidr_(is_cidr), collector_(collector) {}

    void read(const PostfixLine& line) {
        if (!line.mistake.empty()) {
            collector_.reject(line.number, line.text, line.mistake);
            return;
        }
        std::string_view rest = line.text;
        const std::string_view pattern = next_word(rest);
        if (is_cidr_ && (pattern == "if" || pattern == "endif")) {
            read_condition(line, pattern, rest);
            return;
        }
        if (pattern.front() == '!' || pattern.front() == '/') {
            collector_.reject(line.number, line.text,
                              pattern.front() == '!'
                                  ? "is about everything but what it names"
                                  : "is a pattern, which says something only in its table");
            return;
        }
        auto subject = is_cidr_ ? cidr_subject(line, pattern) : access_subject(line, pattern);
        if (!subject || !is_within_conditions(line, *subject)) {
            return;
        }
        const PostfixAction action = read_postfix_action(rest);
        if (action.verdict == PostfixVerdict::Other) {
            collector_.note("action", [&] {
                return fmt::format("line {}: {} neither rejects nor accepts, and bans nobody",
                                   line.number, printable(rest, kRejectTextSizeMax));
            });
        }
        entries_.push_back(
            {line.number, std::move(*subject), action.verdict, std::string{action.text}});
    }

    // Hands over the entries that count, once all are known.
    void finish() {
        // Wide ones first, so that what covers an entry stands before it; earlier lines first.
        std::vector<const TableEntry*> order;
        for (const TableEntry& entry : entries_) {
            order.push_back(&entry);
        }
        std::stable_sort(order.begin(), order.end(),
                         [](const auto* a, const auto* b) { return key_of(*a) < key_of(*b); });
        std::vector<const TableEntry*> around;  // each lies in the one before it
        std::vector<const TableEntry*> counting;
        for (const TableEntry* entry : order) {
            while (!around.empty() && !policy::lies_in(entry->subject, around.back()->subject)) {
                around.pop_back();
            }
            const bool is_hidden =
                is_cidr_ && std::any_of(around.begin(), around.end(), [entry](const auto* wider) {
                    return wider->line < entry->line;
                });
            const bool is_about_a_ban = std::any_of(
                around.begin(), around.end(),
                [](const auto* wider) { return wider->verdict == PostfixVerdict::Ban; });
            around.push_back(entry);
            if (is_hidden) {
                collector_.note("hidden", [entry] {
                    return fmt::format("line {} has no effect: an earlier one covers it",
                                       entry->line);
                });
            } else if (entry->verdict != PostfixVerdict::Other || is_about_a_ban) {
                counting.push_back(entry);
            }
        }
        std::sort(counting.begin(), counting.end(),
                  [](const auto* a, const auto* b) { return a->line < b->line; });
        for (const TableEntry* entry : counting) {
            add(*entry);
        }
    }

private:
    static constexpr std::size_t kConditionsMax = 16;

    // Wider before narrower where one lies in the other.
    static std::pair<std::string, int> key_of(const TableEntry& entry) {
        if (const auto* v4 = std::get_if<net::Ipv4Range>(&entry.subject)) {
            return {fmt::format("4{:08x}", v4->first.bits),
                    net::prefix_length(*v4).value_or(net::Ipv4::kWidth)};
        }
        if (const auto* v6 = std::get_if<net::Ipv6Range>(&entry.subject)) {
            std::string key = "6";
            for (const std::uint8_t byte : net::to_bytes(v6->first)) {
                key += fmt::format("{:02x}", byte);
            }
            return {std::move(key), net::prefix_length(*v6).value_or(net::Ipv6::kWidth)};
        }
        if (const auto* name = std::get_if<policy::NameSubject>(&entry.subject)) {
            return {"n" + dns::reversed_key(name->name),
                    name->scope == policy::NameScope::Tree ? 0 : 1};
        }
        return {"x" + policy::to_string(entry.subject), 0};
    }

    std::optional<policy::Subject> cidr_subject(const PostfixLine& line, std::string_view pattern) {
        std::string text{pattern};
        std::erase_if(text, [](char c) { return c == '[' || c == ']'; });
        if (text.find('-') != std::string::npos) {
            collector_.reject(line.number, line.text, "is a range, which no cidr table has");
            return std::nullopt;
        }
        auto subject = collector_.subject(line.number, text);
        if (subject && !std::holds_alternative<net::Ipv4Range>(*subject) &&
            !std::holds_alternative<net::Ipv6Range>(*subject)) {
            collector_.reject(line.number, line.text, "is no address in a cidr table");
            return std::nullopt;
        }
        return subject;
    }

    std::optional<policy::Subject> access_subject(const PostfixLine& line,
                                                  std::string_view pattern) {
        if (const auto network = postfix_network(pattern)) {
            return collector_.subject(line.number, *network);
        }
        if (pattern.ends_with('@') || pattern == "<>") {
            collector_.reject(line.number, line.text, "names no domain");
            return std::nullopt;
        }
        const bool is_below = pattern.front() == '.';
        return collector_.subject(line.number,
                                  is_below ? "*" + std::string{pattern} : std::string{pattern});
    }

    void read_condition(const PostfixLine& line, std::string_view word, std::string_view rest) {
        if (word == "endif") {
            if (conditions_.empty()) {
                collector_.reject(line.number, line.text, "ends no if");
            } else {
                conditions_.pop_back();
            }
            return;
        }
        if (conditions_.size() >= kConditionsMax) {
            collector_.reject(line.number, line.text, "is nested too deep");
        }
        const bool is_plain = !rest.empty() && rest.front() != '!';
        conditions_.push_back(is_plain ? cidr_subject(line, rest) : std::nullopt);
    }

    bool is_within_conditions(const PostfixLine& line, const policy::Subject& subject) {
        for (const auto& condition : conditions_) {
            if (!condition || !policy::lies_in(subject, *condition)) {
                collector_.reject(line.number, line.text,
                                  "stands under an if that takes something away from it");
                return false;
            }
        }
        return true;
    }

    void add(const TableEntry& entry) {
        policy::Statement said;
        if (entry.verdict == PostfixVerdict::Allow) {
            said.listing_class = "allow";
        }
        said.is_exception = entry.verdict == PostfixVerdict::Other;
        if (entry.verdict == PostfixVerdict::Ban && !set_reason(said, entry.reason)) {
            said.reason.clear();
        }
        collector_.add(entry.line, entry.subject, collector_.statement(said));
    }

    bool is_cidr_;
    Collector& collector_;
    std::vector<TableEntry> entries_;
    std::vector<std::optional<policy::Subject>> conditions_;
};

}  // namespace

Result<Done> read_postfix_table(const Document& document, Collector& collector) {
    if (!document.variant.empty() && document.variant != "cidr" && document.variant != "access") {
        return refuse(fmt::format("format \"postfix:{}\"", document.variant), "is not known",
                      "write postfix:cidr or postfix:access");
    }
    TableReader reader{is_cidr_table(document), collector};
    if (auto lines = for_each_table_line(document, collector,
                                         [&reader](const PostfixLine& line) { reader.read(line); });
        !lines) {
        return lines;
    }
    reader.finish();
    return Done{};
}

}  // namespace ostrakon::feed
