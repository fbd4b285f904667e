// What rbldnsd's data sets say about their entries: values, defaults and templates.
#include "read.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <array>

namespace ostrakon::feed {
namespace {

using ::testing::HasSubstr;

// What one entry of an ip4set says, behind these lines; empty if it was rejected.
std::string said(std::string_view before, std::string_view value) {
    const auto list = read(fmt::format("{}192.0.2.7{}\n", before, value), "rbldnsd:ip4set");
    const std::string entries = entries_of(list);
    const std::size_t subject = entries.find("192.0.2.7");
    if (subject == std::string::npos) {
        return "rejected";
    }
    std::string text = entries.substr(subject + 9);
    text.pop_back();
    return text;
}

TEST(Value, HasShortcutsAndDefaults) {
    struct Case {
        std::string_view value;
        std::string_view alone;
        std::string_view behind_default;  // behind ":4:usual"
    };
    constexpr auto kCases = std::to_array<Case>({
        {"", "", " code=127.0.0.4 reason=usual"},
        {" # comment", "", " code=127.0.0.4 reason=usual"},
        {";c", "", " code=127.0.0.4 reason=usual"},
        {" :5", " code=127.0.0.5", " code=127.0.0.5 reason=usual"},
        {":5", " code=127.0.0.5", " code=127.0.0.5 reason=usual"},
        {" :5:", " code=127.0.0.5", " code=127.0.0.5"},
        {" :5:text", " code=127.0.0.5 reason=text", " code=127.0.0.5 reason=text"},
        {" :5 : text ; x", " code=127.0.0.5 reason=text ; x", " code=127.0.0.5 reason=text ; x"},
        {" text # x", " reason=text # x", " code=127.0.0.4 reason=text # x"},
        {" :127.5", " code=127.0.0.5", " code=127.0.0.5 reason=usual"},
        {" :127.1.5", " code=127.1.0.5", " code=127.1.0.5 reason=usual"},
        {" :127.1.2.5:x", " code=127.1.2.5 reason=x", " code=127.1.2.5 reason=x"},
        {" :0", "rejected", "rejected"},
        {" :300:", "rejected", "rejected"},
        {" ::t", "rejected", "rejected"},
        {" : 12:", "rejected", "rejected"},
        {" :5 text", "rejected", "rejected"},
        {" :1.2.3.4:x", "rejected", "rejected"},
        {" :1:x", "rejected", "rejected"},  // 127.0.0.1
    });
    for (const auto& [value, alone, behind_default] : kCases) {
        EXPECT_EQ(said("", value), alone) << value;
        EXPECT_EQ(said(":4:usual\n", value), behind_default) << value;
    }
    EXPECT_EQ(said(":4:usual\n:5\n", ""), " code=127.0.0.5") << "a default has no text of another";
    EXPECT_EQ(said(":4:usual\n:0:x\n", ""), " code=127.0.0.4 reason=usual");
    EXPECT_EQ(said(":10.0.0.1:usual\n", ""), "rejected") << "a default that can be no answer";
    EXPECT_EQ(said(":10.0.0.1:usual\n", " :5"), " code=127.0.0.5 reason=usual");
}

TEST(Value, OfTrivialSetsIsTheFirstDefaultWhereverItStands) {
    EXPECT_EQ(entries_of(read("192.0.2.7 :9:x\n:0:bad\n:5:late\n192.0.2.8\n:6:never\n",
                              "rbldnsd:ip4tset")),
              "1 192.0.2.7 code=127.0.0.5 reason=late\n4 192.0.2.8 code=127.0.0.5 reason=late\n");
}

TEST(Value, IsTheBuiltInOneWhereNothingIsSaid) {
    EXPECT_EQ(read("192.0.2.7\n", "rbldnsd:ip4set")->contents.list.default_code,
              net::Ipv4{0x7F000002});
    EXPECT_EQ(read("192.0.2.7\n", "plain")->contents.list.default_code, std::nullopt);
}

TEST(Template, FillsInVariablesAndTheSubject) {
    struct Case {
        std::string_view text;
        std::string_view filled;
        std::string_view based;  // with the template "[$=|$|$1]"
    };
    constexpr auto kCases = std::to_array<Case>({
        {"text", "text", "[text|<>|one]"},
        {"at $", "at <>", "[at $|<>|one]"},
        {"$x", "<>x", "[$x|<>|one]"},
        {"a$$b", "a$b", "[a$$b|<>|one]"},
        {"$1$2", "one$2", "[$1$2|<>|one]"},
        {"x$=y", "xx$=yy", "[x$=y|<>|one]"},
        {"=$1$", "one<>", "one<>"},
        {"=x$=", "xx$=", "xx$="},
        {"=", "", ""},
    });
    for (const auto& [text, filled, based] : kCases) {
        const auto reason = [&](std::string_view before) {
            const std::string value = said(before, fmt::format(" :5:{}", text));
            const std::size_t at = value.find("reason=");
            return at == std::string::npos ? "" : value.substr(at + 7);
        };
        EXPECT_EQ(reason("$1 one\n$1 two\n"), filled) << text;
        EXPECT_EQ(reason("$1 one\n$= [$=|$|$1]\n"), based) << text;
    }
    EXPECT_EQ(said("$= [$=|$|$1]\n$1 one\n", " :5:"), " code=127.0.0.5 reason=[<>|<>|one]");
}

TEST(Template, HoldsForAllOfItsDataSet) {
    EXPECT_EQ(entries_of(read("192.0.2.7 $1\n$1 late\n#$2 x\n192.0.2.8 $2\n", "rbldnsd:ip4set")),
              "1 192.0.2.7 reason=late\n4 192.0.2.8 reason=x\n");
}

TEST(Template, CannotGrowWithoutBound) {
    const std::string much(4000, 'x');
    const auto list =
        read(fmt::format("$1 {}\n$= $1$1$1$1$=$=$=\n192.0.2.7 {}\n", much, much), "rbldnsd:ip4set");
    ASSERT_TRUE(list);
    EXPECT_EQ(list->contents.list.statements.back().reason.size(), kReasonSizeMax);
}

TEST(Text, HasNoControlCharacterButTheMark) {
    EXPECT_EQ(said("",
                   " a\x01"
                   "b\x7F$"),
              " reason=a b <>");
    const auto list = read(
        "subject,reason\n192.0.2.7,a\x01"
        "b\n",
        "csv");
    EXPECT_EQ(entries_of(list), "2 192.0.2.7 reason=a b\n");
}

}  // namespace
}  // namespace ostrakon::feed
