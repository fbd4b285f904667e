// json lists: what `list --json` writes can be read again, and what is damaged is not.
#include "read.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <array>

namespace ostrakon::feed {
namespace {

using ::testing::HasSubstr;

TEST(JsonList, TakesListingsAndLeavesUnknownKeys) {
    const auto list = read(R"([
  {"id": 7, "subject": "192.0.2.7", "class": "ip", "code": null, "source": "own", "reason": "spam \u00fc",
   "since": "2026-11-22T03:00:00Z", "until": null, "strikes": 2, "by": "anna", "more": {"subject": ["x", {}]}},
  {"subject": "example.com", "class": "allow", "code": "127.0.0.9", "until": "2027-01-31T00:00:00Z",
   "evidence": "a header"}
])");
    EXPECT_EQ(
        entries_of(list),
        "2 192.0.2.7 class=ip reason=spam ü\n"
        "4 example.com class=allow code=127.0.0.9 until=2027-01-31T00:00:00Z evidence=a header\n");
    EXPECT_EQ(rejects_of(list), "");
    EXPECT_EQ(entries_of(read("[]")), "");
}

TEST(JsonList, RejectsAnElementWithItsLineTextAndReason) {
    struct Case {
        std::string_view element;
        std::string_view text;
        std::string_view why;
    };
    constexpr auto kCases = std::to_array<Case>({
        {R"({"subject": "192.0.2.7/24"})", "192.0.2.7/24", "the network is 192.0.2.0/24"},
        {R"({"reason": "spam"})", "", "has no \"subject\""},
        {R"({"subject": null})", "", "has no \"subject\""},
        {R"({"subject": 7})", "", "has a subject that is no text"},
        {R"({"subject": {"subject": "192.0.2.9"}})", "", "has a subject that is no text"},
        {R"({"subject": "192.0.2.7", "reason": ["a"]})", "192.0.2.7",
         "has a reason that is no text"},
        {R"({"subject": "192.0.2.7", "code": "127.0.0.1"})", "192.0.2.7",
         "code \"127.0.0.1\": can be no answer"},
        {R"({"subject": "192.0.2.7", "until": "soon"})", "192.0.2.7", "until \"soon\": is no date"},
        {R"("192.0.2.7")", "192.0.2.7", "is no listing"},
        {R"(7)", "", "is no listing"},
        {R"([])", "", "is no listing"},
    });
    for (const auto& [element, text, why] : kCases) {
        const auto list = read("[{\"subject\": \"192.0.2.1\"},\n" + std::string{element} +
                                   ",\n{\"subject\": \"192.0.2.3\"}]",
                               "json");
        EXPECT_EQ(entries_of(list), "1 192.0.2.1\n3 192.0.2.3\n") << element;
        EXPECT_THAT(rejects_of(list), HasSubstr(fmt::format("2 [{}] ", text))) << element;
        EXPECT_THAT(rejects_of(list), HasSubstr(why)) << element;
    }
}

TEST(JsonList, IsRefusedAsAWholeWhereItIsDamaged) {
    struct Case {
        std::string_view bytes;
        std::string_view why;
    };
    constexpr auto kCases = std::to_array<Case>({
        {"[{\"subject\": \"192.0.2.1\"},\n {\"subject\": \"192.0",
         "list.txt:2:20: ends in the middle of its JSON"},
        {"[{\"subject\": \"192.0.2.1\"}\n", "ends in the middle of its JSON"},
        {"[{\"subject\": \"192.0.2.1\"}\n oops]", "list.txt:2:2: is no JSON from here on"},
        {"[] []", "is no JSON from here on"},
        {"{\"subject\": \"192.0.2.1\"}", "is no array of listings"},
        {"\"192.0.2.1\"", "is no array of listings"},
        {"7", "is no array of listings"},
        {"", "ends in the middle of its JSON"},
        {"[{\"subject\": \"192.0.2.1\xFF\"}]", "is no JSON from here on"},
    });
    for (const auto& [bytes, why] : kCases) {
        EXPECT_THAT(refusal_of(read(bytes, "json")), HasSubstr(why)) << bytes;
    }
    EXPECT_THAT(refusal_of(read(std::string(100'000, '['), "json")),
                HasSubstr("nested more than 32 deep"));
}

}  // namespace
}  // namespace ostrakon::feed
