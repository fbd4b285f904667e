// A mistyped word is told what it may have meant, and a strange one nothing.
#include "ostrakon/base/suggestion.hpp"

#include <gtest/gtest.h>

#include <array>

namespace ostrakon {
namespace {

TEST(Suggestion, IsTheNearestWord) {
    struct Case {
        std::string_view word;
        std::string_view meant;
    };
    constexpr auto kCases = std::to_array<Case>({
        {"bna", "ban"},
        {"bann", "ban"},
        {"bn", "ban"},
        {"unbam", "unban"},
        {"imprt", "import"},
        {"hsitory", "history"},
        {"hstoyr", "history"},
        {"xyzzy", ""},
        {"", ""},
        {"a", ""},
    });
    const std::vector<std::string> known{"ban", "unban", "import", "history"};
    for (const auto& [word, meant] : kCases) {
        EXPECT_EQ(suggestion(word, known).value_or(""), meant) << word;
    }
    EXPECT_EQ(suggestion(std::string(100'000, 'b'), known), std::nullopt);
    EXPECT_EQ(suggestion("ban", {}), std::nullopt);
}

}  // namespace
}  // namespace ostrakon
