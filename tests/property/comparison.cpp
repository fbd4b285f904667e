#include "comparison.hpp"

#include "ostrakon/policy/inspect.hpp"

#include <fmt/format.h>
#include <algorithm>

namespace ostrakon::property {
namespace {

// A query as the judge takes it; owns the key of a name.
class Asked {
public:
    explicit Asked(const Query& query) {
        if (const auto* v4 = std::get_if<net::Ipv4>(&query)) {
            subject_ = *v4;
        } else if (const auto* v6 = std::get_if<net::Ipv6>(&query)) {
            subject_ = *v6;
        } else {
            key_ = dns::reversed_key(std::get<dns::Name>(query));
            subject_ = verdict::NameKey{key_};
        }
    }
    Asked(const Asked&) = delete;
    Asked& operator=(const Asked&) = delete;
    const verdict::Subject& subject() const { return subject_; }

private:
    std::string key_;
    verdict::Subject subject_;
};

std::string in_words(const Answer& answer) {
    std::string text = answer.listed() ? "listed" : "not listed";
    for (const net::Ipv4 code : answer.codes) {
        text += " " + net::to_string(code);
    }
    if (answer.listed()) {
        text += fmt::format(" ttl {}", answer.ttl_s);
    }
    for (const std::string& line : answer.texts) {
        text += "\n      \"" + line + "\"";
    }
    return text;
}

Answer judged(World& world, std::size_t zone, const Query& query) {
    const Asked asked{query};
    const std::string spelled = to_string(query);
    verdict::Verdict verdict;
    world.judge().judge(zone, asked.subject(), world.now(), verdict);
    Answer answer;
    answer.codes = {verdict.codes.begin(), verdict.codes.begin() + verdict.code_count};
    answer.ttl_s = verdict.ttl_s;
    for (const std::string_view text :
         world.judge().texts(zone, asked.subject(), spelled, world.now())) {
        answer.texts.emplace(text);
    }
    if (verdict.listed != answer.listed()) {
        answer.texts.insert("(listed without a code, or a code without being listed)");
    }
    return answer;
}

// Where there are more texts than an answer can carry, those that are there must be among them.
bool are_same_texts(const std::set<std::string>& model, const std::set<std::string>& judged) {
    if (model.size() <= verdict::kTextsMax) {
        return model == judged;
    }
    return judged.size() == verdict::kTextsMax &&
           std::includes(model.begin(), model.end(), judged.begin(), judged.end());
}

bool are_same(const Answer& model, const Answer& judged) {
    return model.codes == judged.codes && (!model.listed() || model.ttl_s == judged.ttl_s) &&
           are_same_texts(model.texts, judged.texts);
}

}  // namespace

Difference compare_index(World& world) {
    const auto report = policy::check(world.environment(), {});
    if (!report) {
        return "check failed: " + message(report.error());
    }
    if (report->differences == 0) {
        return std::nullopt;
    }
    std::string text = fmt::format("check finds {} differences", report->differences);
    for (const std::string& sample : report->samples) {
        text += "\n      " + sample;
    }
    return text;
}

Difference compare_answers(World& world) {
    if (!world.judge().renew()) {
        return "the judge cannot read the database";
    }
    const auto queries =
        critical_queries(world.model().untidied(), world.settings().protect, world.random());
    for (const Query& query : queries) {
        for (std::size_t zone = 0; zone < world.zones().size(); ++zone) {
            const Answer expected =
                world.model().answer(world.settings(), world.zones()[zone], query, world.now());
            const Answer answer = judged(world, zone, query);
            if (!are_same(expected, answer)) {
                return fmt::format("{} in {} at {}\n    by the rules: {}\n    by the judge: {}",
                                   to_string(query), world.zones()[zone].name, world.now().seconds,
                                   in_words(expected), in_words(answer));
            }
        }
    }
    return std::nullopt;
}

}  // namespace ostrakon::property
