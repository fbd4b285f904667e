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

bool are_same_texts(const std::set<std::string>& expected, const std::set<std::string>& found) {
    if (expected.size() <= verdict::kTextsMax) {
        return expected == found;
    }
    return found.size() == verdict::kTextsMax &&
           std::includes(expected.begin(), expected.end(), found.begin(), found.end());
}

}  // namespace

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
    const verdict::Verdict verdict = world.judge().judge(zone, asked.subject(), world.now());
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

bool are_same(const Answer& expected, const Answer& found) {
    return expected.codes == found.codes && (!expected.listed() || expected.ttl_s == found.ttl_s) &&
           are_same_texts(expected.texts, found.texts);
}

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

Difference compare_answers(World& world, const std::vector<Query>& places,
                           std::vector<Query>& answered) {
    if (!world.judge().renew()) {
        return "the judge cannot read the database";
    }
    for (const Query& query : places) {
        bool is_answered = false;
        for (std::size_t zone = 0; zone < world.zones().size(); ++zone) {
            const Answer expected =
                world.model().answer(world.settings(), world.zones()[zone], query, world.now());
            const Answer found = judged(world, zone, query);
            if (!are_same(expected, found)) {
                return fmt::format("{} in {} at {}\n    by the rules: {}\n    by the judge: {}",
                                   to_string(query), world.zones()[zone].name, world.now().seconds,
                                   in_words(expected), in_words(found));
            }
            is_answered = is_answered || expected.listed();
        }
        if (is_answered) {
            answered.push_back(query);
        }
    }
    return std::nullopt;
}

Difference compare_around_expire(World& world, const std::vector<Query>& places) {
    const auto ask = [&] {
        std::vector<Answer> answers;
        for (const Query& query : places) {
            for (std::size_t zone = 0; zone < world.zones().size(); ++zone) {
                answers.push_back(judged(world, zone, query));
            }
        }
        return answers;
    };
    if (!world.judge().renew()) {
        return "the judge cannot read the database";
    }
    const std::vector<Answer> before = ask();
    const auto maps_in_use = world.model().maps_in_use();
    if (auto failed = world.expire()) {
        return failed;
    }
    if (maps_in_use != world.model().maps_in_use()) {
        return std::nullopt;  // it has taken other maps over
    }
    if (!world.judge().renew()) {
        return "the judge cannot read the database";
    }
    const std::vector<Answer> after = ask();
    for (std::size_t i = 0; i < before.size(); ++i) {
        if (!are_same(before[i], after[i])) {
            return fmt::format("{} in {} at {}\n    before expire: {}\n    after expire: {}",
                               to_string(places[i / world.zones().size()]),
                               world.zones()[i % world.zones().size()].name, world.now().seconds,
                               in_words(before[i]), in_words(after[i]));
        }
    }
    return std::nullopt;
}

}  // namespace ostrakon::property
