#include "compare_text.hpp"

#include "ostrakon/base/printable.hpp"
#include "ostrakon/json/document.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <algorithm>
#include <array>
#include <utility>

namespace ostrakon::tool {

using namespace json;

namespace {

using compare::Difference;

constexpr std::size_t kTextOfAnswerSizeMax = 120;

// The kinds that are different answers, with their keys in JSON.
constexpr auto kKinds =
    std::to_array<std::pair<Difference, const char*>>({{Difference::ListedHere, "listed_here"},
                                                       {Difference::ListedThere, "listed_there"},
                                                       {Difference::Codes, "codes"},
                                                       {Difference::Texts, "text"},
                                                       {Difference::Failure, "failure"},
                                                       {Difference::NoData, "nodata"}});

const char* key_of(Difference difference) {
    const auto* const found = std::find_if(
        kKinds.begin(), kKinds.end(), [&](const auto& kind) { return kind.first == difference; });
    return found == kKinds.end() ? "" : found->second;
}

std::vector<std::string> codes_of(const compare::Answer& answer) {
    std::vector<std::string> codes;
    for (const net::Ipv4 code : answer.codes) {
        codes.push_back(net::to_string(code));
    }
    return codes;
}

std::string answer_text(const compare::Answer& answer) {
    if (!answer.codes.empty()) {
        return fmt::format("{}", fmt::join(codes_of(answer), " "));
    }
    if (!answer.texts.empty()) {
        std::string text;
        for (const std::string& one : answer.texts) {
            text += fmt::format("{}\"{}\"", text.empty() ? "" : " ",
                                printable(one, kTextOfAnswerSizeMax));
        }
        return text;
    }
    const std::string rcode = compare::rcode_name(answer);
    if (rcode.empty()) {
        return "no answer";
    }
    return rcode != "NOERROR" ? rcode : answer.has_records ? "records" : "NODATA";
}

Json answer_object(const compare::Answer& answer) {
    return {{"rcode", text_or_null(compare::rcode_name(answer))},
            {"codes", codes_of(answer)},
            {"text", answer.texts}};
}

std::string difference_table(const std::vector<compare::Differing>& differing, std::size_t rows_max,
                             const Style& style) {
    Table table{{"name", "type", "asked", "ours", "theirs"}};
    const std::size_t shown = std::min(differing.size(), rows_max);
    for (std::size_t i = 0; i < shown; ++i) {
        const compare::Differing& row = differing[i];
        table.add({dns::to_string(row.question.name), dns::type_name(row.question.type),
                   grouped(row.count), answer_text(row.ours), answer_text(row.theirs)});
    }
    std::string text = table.print(output_width(), style);
    if (shown < differing.size()) {
        text += fmt::format("… and {} more; --limit N shows more, --json all\n",
                            grouped(differing.size() - shown));
    }
    return text + "\n";
}

std::string unanswered_text(const compare::Comparison& comparison) {
    std::string names;
    for (const compare::Question& question : comparison.examples_unanswered()) {
        names += fmt::format("{}{} {}", names.empty() ? "" : ", ", dns::to_string(question.name),
                             dns::type_name(question.type));
    }
    const bool are_all = comparison.unanswered() == comparison.examples_unanswered().size();
    return fmt::format("  {:<20} {}: {}{}\n", "unanswered", grouped(comparison.unanswered()), names,
                       are_all ? "" : ", …");
}

}  // namespace

std::string comparison_text(const ComparisonReport& report, std::size_t rows_max,
                            const Style& style) {
    const compare::Comparison& comparison = report.comparison;
    std::string text;
    if (comparison.different() > 0) {
        text = difference_table(comparison.differing(), rows_max, style);
    }
    text += fmt::format("{} of {}, asked of {}: {} equal, {} different\n",
                        counted(comparison.questions(), "question", "questions"),
                        counted(report.lines, "line", "lines"), report.server,
                        grouped(comparison.equal()), grouped(comparison.different()));
    for (const auto& [difference, key] : kKinds) {
        if (const std::uint64_t count = comparison.count(difference);
            count > 0 && difference != Difference::NoData) {
            text += fmt::format("  {:<20} {}\n", compare::to_string(difference), grouped(count));
        }
    }
    if (const std::uint64_t count = comparison.count(Difference::NoData); count > 0) {
        text += fmt::format(
            "  {:<20} {}: one says that there is no such name, the other that it "
            "has no such record\n",
            compare::to_string(Difference::NoData), grouped(count));
    }
    return comparison.unanswered() > 0 ? text + unanswered_text(comparison) : text;
}

std::string comparison_json(const ComparisonReport& report) {
    const compare::Comparison& comparison = report.comparison;
    Json kinds = Json::object();
    for (const auto& [difference, key] : kKinds) {
        kinds[key] = comparison.count(difference);
    }
    Json differences = Json::array();
    for (const compare::Differing& row : comparison.differing()) {
        differences.push_back({{"name", dns::to_string(row.question.name)},
                               {"type", dns::type_name(row.question.type)},
                               {"count", row.count},
                               {"kind", key_of(row.difference)},
                               {"ours", answer_object(row.ours)},
                               {"theirs", answer_object(row.theirs)}});
    }
    return document({{"server", report.server},
                     {"lines", report.lines},
                     {"without_query", report.without_query},
                     {"left_out", report.left_out},
                     {"questions", comparison.questions()},
                     {"equal", comparison.equal()},
                     {"different", comparison.different()},
                     {"unanswered", comparison.unanswered()},
                     {"kinds", std::move(kinds)},
                     {"differences", std::move(differences)}});
}

}  // namespace ostrakon::tool
