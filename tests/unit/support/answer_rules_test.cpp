// The rules for answers must tell a right answer from each kind of wrong one.
#include "support/answer_rules.hpp"

#include "support/query_builder.hpp"

#include <gtest/gtest.h>

namespace ostrakon::test {
namespace {

// NXDOMAIN, with the question and nothing else.
Bytes answer_to(const QuerySpec& spec) {
    Bytes answer = build_query(spec);
    answer[2] = 0x84;
    answer[3] = 3;
    return answer;
}

TEST(AnswerRules, TakeARightAnswer) {
    const QuerySpec plain{.name = "a.example"};
    EXPECT_EQ(broken_rule(build_query(plain), answer_to(plain), {}), "");
    const QuerySpec with_opt{.name = "a.example", .opt = OptSpec{}};
    EXPECT_EQ(broken_rule(build_query(with_opt), answer_to(with_opt), {}), "");
}

TEST(AnswerRules, KnowWhatGetsNoAnswer) {
    const QuerySpec spec{.name = "a.example"};
    EXPECT_EQ(broken_rule(answer_to(spec), {}, {}), "");
    EXPECT_NE(broken_rule(answer_to(spec), answer_to(spec), {}), "");
    EXPECT_EQ(broken_rule(Bytes(11), {}, {}), "");
    EXPECT_NE(broken_rule(build_query(spec), {}, {}), "") << "a query gets one";
}

TEST(AnswerRules, SeeAnotherIdQuestionOrOpt) {
    const QuerySpec spec{.name = "a.example"};
    EXPECT_EQ(broken_rule(build_query(spec), answer_to({.name = "a.example", .id = 7}), {}),
              "another id");
    EXPECT_EQ(broken_rule(build_query(spec), answer_to({.name = "A.example"}), {}),
              "another question");
    EXPECT_EQ(broken_rule(build_query(spec), build_query(spec), {}), "not an answer");
    EXPECT_EQ(
        broken_rule(build_query(spec), answer_to({.name = "a.example", .opt = OptSpec{}}), {}),
        "an OPT too many or too few");
}

TEST(AnswerRules, HoldAnAnswerToTheSizeThatTheClientTakes) {
    struct Case {
        std::optional<OptSpec> opt;
        AnswerTerms terms;
        std::size_t size_max;
    };
    for (const auto& [opt, terms, size_max] :
         std::vector<Case>{{std::nullopt, {}, 512},
                           {OptSpec{.payload_bytes = 100}, {}, 512},
                           {OptSpec{.payload_bytes = 1000}, {}, 1000},
                           {OptSpec{.payload_bytes = 4096}, {}, 1232},
                           {std::nullopt, {.over_tcp = true}, 65535}}) {
        const QuerySpec spec{.name = "a.example", .opt = opt};
        Bytes answer = answer_to(spec);
        answer.resize(size_max);
        EXPECT_NE(broken_rule(build_query(spec), answer, terms), "larger than allowed");
        answer.resize(size_max + 1);
        EXPECT_EQ(broken_rule(build_query(spec), answer, terms), "larger than allowed");
    }
}

}  // namespace
}  // namespace ostrakon::test
