// What rbldnsd's files say about themselves: special lines, data sets in a combined file, types.
#include "read.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <array>

namespace ostrakon::feed {
namespace {

using ::testing::HasSubstr;

TEST(RbldnsdFile, EndsItsLinesInAnyWayAndHasComments) {
    EXPECT_EQ(entries_of(read("# c\r\n; c\n\n \t192.0.2.7\t\r\n192.0.2.8 x\ry\r\n192.0.2.9",
                              "rbldnsd:ip4set")),
              "4 192.0.2.7\n5 192.0.2.8 reason=x y\n6 192.0.2.9\n");
}

TEST(RbldnsdFile, TellsWhatItDoesNotTakeOver) {
    const auto list = read(
        "$SOA 0 ns.example.org h.example.org 0 1h 1h 1h 1h\n#$NS 0 ns.example.org\n;$TTL 300\n"
        ":$ttl 400\n$Id$\n$DATASET ip4set @\n192.0.2.7\n",
        "rbldnsd:ip4set");
    EXPECT_EQ(entries_of(list), "7 192.0.2.7\n");
    EXPECT_EQ(rejects_of(list), "");
    const std::string notes = notes_of(list);
    for (const auto note :
         {"line 1: $SOA is not taken over", "line 2: $NS is not taken over",
          "line 3: $TTL is not taken over: the zone's own file says it (and 1 more such)",
          "line 5: $Id$ is not understood and does not count (and 1 more such)",
          "more than one $TTL"}) {
        EXPECT_THAT(notes, HasSubstr(note));
    }
}

TEST(RbldnsdFile, LimitsTheWidthOfItsEntriesFromThereOn) {
    const auto list = read(
        "192/8 a\n$MAXRANGE4 /16\n192/8 b\n192.0 c\n$MAXRANGE4 65537\n$MAXRANGE4 256\n!192.0\n"
        "192.0.2 d\n$MAXRANGE4 /33\n",
        "rbldnsd:ip4trie");
    EXPECT_EQ(entries_of(list),
              "1 192.0.0.0/8 reason=a\n4 192.0.0.0/16 reason=c\n8 192.0.2.0/24 reason=d\n");
    EXPECT_THAT(rejects_of(list), HasSubstr("3 [192/8 b] has 16777216 addresses, more than the "
                                            "65536 of the list's $MAXRANGE4"));
    EXPECT_THAT(rejects_of(list), HasSubstr("7 [!192.0]"));
    EXPECT_THAT(notes_of(list), HasSubstr("line 5: $MAXRANGE4 can only be lowered"));
    EXPECT_THAT(notes_of(list), HasSubstr("line 9: $MAXRANGE4 /33 is not understood"));
    EXPECT_EQ(entries_of(read("$MAXRANGE4 /24\n$DATASET generic @\n$MAXRANGE4 /32\n"
                              "$DATASET ip4trie @\n192.0.2\n192.0.2.7\n",
                              "rbldnsd:combined")),
              "6 192.0.2.7 in=@\n")
        << "it goes on through data sets";
}

TEST(RbldnsdFile, EndsItsEntriesWhenItExpires) {
    struct Case {
        std::string_view stamp;
        std::string_view until;  // empty: never
    };
    constexpr auto kCases = std::to_array<Case>({
        {"2025-01-02", ""},
        {"2025:01:02:03:04:05 2026-02-03-04-05-06", "2026-02-03T04:05:06Z"},
        {"20250102 20260203", "2026-02-03T00:00:00Z"},
        {"2025-1-2 2040-2-3", "2040-02-03T00:00:00Z"},  // behind 2038
        {"2025-12-31 +1w", "2026-01-07T00:00:00Z"},
        {"2025-12-31 +4294967295w", "9999-12-31T23:59:59Z"},
        {"2025-12-31 +36H", "2026-01-01T12:00:00Z"},
        {"- 2026-02-03", "2026-02-03T00:00:00Z"},
        {"2025-01-02 0", ""},
        {"0 +1w", ""},
        {"2025-02-30 2026-02-03", ""},
        {"2025-01-02 2026-02-03 x", ""},
        {"2025-01-02 +", ""},
    });
    for (const auto& [stamp, until] : kCases) {
        EXPECT_EQ(
            entries_of(read(fmt::format("192.0.2.7\n$TIMESTAMP {}\n", stamp), "rbldnsd:ip4set")),
            until.empty() ? "1 192.0.2.7\n" : fmt::format("1 192.0.2.7 until={}\n", until))
            << stamp;
    }
    const auto earliest =
        read("$TIMESTAMP 0 2027-01-01\n$TIMESTAMP 0 2026-05-01\n192.0.2.7\n!192.0.2.8",
             "rbldnsd:ip4trie");
    EXPECT_EQ(entries_of(earliest),
              "3 192.0.2.7 until=2026-05-01T00:00:00Z\n"
              "4 !192.0.2.8 until=2026-05-01T00:00:00Z\n");
    EXPECT_THAT(notes_of(read("$TIMESTAMP 0 2025-05-01\n192.0.2.7\n", "rbldnsd:ip4set")),
                HasSubstr("has expired at 2025-05-01T00:00:00Z"));
}

TEST(RbldnsdFile, IsRefusedWhereItIsOfTheFuture) {
    EXPECT_THAT(refusal_of(read("192.0.2.7\n$TIMESTAMP 2026-01-01-00-00-01\n", "rbldnsd:ip4set")),
                HasSubstr("list.txt:2: says that the list was made at 2026-01-01T00:00:01Z"));
}

TEST(CombinedFile, HasADataSetForEachDatasetLine) {
    const auto list = read(
        "$1 base\n"
        "$DATASET ip4set:label dul @ # web\n"
        ":5:$1 $2\n"
        "$1 mine\n"
        "$2 two\n"
        "192.0.2.7\n"
        "$DATASET dnset A..B. ; x\n"
        "example.com $1 $2\n"
        "#$dataset ip4trie @ dul\n"
        "192.0.2.7 trie\n"
        "$DATASET ip6tset @ dul\n"
        "2001:db8:0:1\n"
        "$DATASET ip4tset dul @\n"
        "192.0.2.7\n");
    ASSERT_TRUE(list) << refusal_of(list);
    EXPECT_EQ(list->format, "rbldnsd");
    EXPECT_EQ(entries_of(list),
              "6 192.0.2.7 code=127.0.0.5 reason=base two in=dul,@\n"
              "8 =example.com reason=base $2 in=a.b\n"
              "10 192.0.2.7 reason=trie in=@,dul\n"
              "12 2001:db8:0:1::/64 in=@,dul#2\n"
              "14 192.0.2.7 in=dul,@#2\n");
    EXPECT_EQ(notes_of(list), "");
}

TEST(CombinedFile, LeavesOutWhatItCannotTake) {
    const auto list = read(
        "$DATASET generic @\n@ A 192.0.2.1\n@ MX 10 mail\n"
        "$DATASET ip4set\n192.0.2.7\n"
        "$DATASET ip4set b\xFCro\n192.0.2.8\n"
        "$DATASET ip4set x\n192.0.2.9\n",
        "rbldnsd:combined");
    EXPECT_EQ(entries_of(list), "9 192.0.2.9 in=x\n");
    EXPECT_EQ(rejects_of(list), "");
    const std::string notes = notes_of(list);
    for (const auto note :
         {"line 1: a generic data set holds records", "its generic data set is left out, 2 lines",
          "line 4: names no sub-zone", "line 6: \"b\\xFCro\" is no name of a sub-zone"}) {
        EXPECT_THAT(notes, HasSubstr(note));
    }
}

TEST(CombinedFile, IsRefusedWhereRbldnsdWouldNotLoadIt) {
    struct Case {
        std::string_view text;
        std::string_view why;
    };
    constexpr auto kCases = std::to_array<Case>({
        {"192.0.2.7\n$DATASET ip4set @\n", "list.txt:1: has an entry before the first $DATASET"},
        {"$DATASET acl @\n", "list.txt:1: begins a data set of type \"acl\""},
        {"$DATASET combined @\n", "of type \"combined\""},
        {"$DATASET IP4SET @\n", "of type \"IP4SET\""},
    });
    for (const auto& [text, why] : kCases) {
        EXPECT_THAT(refusal_of(read(text, "rbldnsd:combined")), HasSubstr(why));
    }
    std::string many;
    for (std::size_t i = 0; i <= kDataSetsMax; ++i) {
        many += fmt::format("$DATASET ip4set z{}\n192.0.2.7\n", i);
    }
    EXPECT_THAT(refusal_of(read(many, "rbldnsd:combined")), HasSubstr("more than 64"));
}

TEST(RbldnsdType, IsNamedWhereTheFileDoesNotSayIt) {
    for (const auto text : {":127.0.0.2:listed\n192.0.2.7\n", "$TIMESTAMP 2025-01-01\n192.0.2.7\n",
                            "#$SOA 0 a b 0 1 1 1 1\n192.0.2.7\n"}) {
        EXPECT_THAT(refusal_of(read(text)),
                    HasSubstr("list.txt: is one data set of rbldnsd, and does not say of which "
                              "type (name it with --format: rbldnsd:ip4set,"));
    }
}

TEST(RbldnsdType, IsRefusedWhereItListsNothing) {
    EXPECT_THAT(refusal_of(read("", "rbldnsd:generic")), HasSubstr("no listings"));
    EXPECT_THAT(refusal_of(read("", "rbldnsd:acl")), HasSubstr("[access] query"));
    EXPECT_THAT(refusal_of(read("", "rbldnsd:ip4")), HasSubstr("is no type of data sets"));
}

}  // namespace
}  // namespace ostrakon::feed
