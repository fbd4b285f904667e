// Text that would play tricks on a terminal is shown as what it is.
#include "ostrakon/base/printable.hpp"

#include <gtest/gtest.h>
#include <array>

namespace ostrakon {
namespace {

using namespace std::string_view_literals;

TEST(Printable, SpellsOutWhatCannotBeSeen) {
    struct Case {
        std::string_view text;
        std::string_view shown;
    };
    constexpr auto kCases = std::to_array<Case>({
        {"", ""},
        {"192.0.2.1 bücher.example", "192.0.2.1 bücher.example"},
        {"a\tb\r\n", "a\\tb\\r\\n"},
        {"\0\0\x1B[31m\x7F"sv, "\\x00\\x00\\x1B[31m\\x7F"},
        {"\xFF\xFE", "\\xFF\\xFE"},
        {"\xC3", "\\xC3"},
        {"\xC0\xAF", "\\xC0\\xAF"},
        {"\xED\xA0\x80", "\\xED\\xA0\\x80"},
        {"\xF4\x90\x80\x80", "\\xF4\\x90\\x80\\x80"},
        {"\xEF\xBB\xBF"
         "a",
         "\\uFEFFa"},
        {"moc\xE2\x80\xAE", "moc\\u202E"},
        {"\xC2\x9B"
         "31m",
         "\\u009B31m"},
        {"\xF0\x9F\x93\xA7", "\xF0\x9F\x93\xA7"},
    });
    for (const auto& [text, shown] : kCases) {
        EXPECT_EQ(printable(text, 200), shown);
    }
}

TEST(Printable, CutsBetweenCharactersAndSaysSo) {
    EXPECT_EQ(printable("abcdef", 6), "abcdef");
    EXPECT_EQ(printable("abcdefg", 6), "abc…");
    EXPECT_EQ(printable("aüüüü", 7), "aü…");
    EXPECT_EQ(printable("ab\0cdef"sv, 8), "ab…");
    EXPECT_EQ(printable("abcd", 3), "…");
    EXPECT_LE(printable(std::string(100000, '\0'), 120).size(), 120U);
}

}  // namespace
}  // namespace ostrakon
