// The rules by which lists of others are judged, as far as a format can judge them: each test is
// named after its number in that set. 7: what is no list at all. 14: names. 15: addresses. 16: what
// is there twice.
#include "ostrakon/feed/map.hpp"
#include "read.hpp"
#include "support/gzip.hpp"
#include "support/packed.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <array>

namespace ostrakon::feed {
namespace {

using ::testing::HasSubstr;
using namespace std::string_view_literals;

TEST(SafetyRules, Rule07RefusesWhatAServerSaysInPlaceOfAList) {
    constexpr auto kBodies = std::to_array<std::string_view>({
        "error code: 520",
        "Could not connect: \n",
        "Umm... You can only fetch the data every 30 minutes - sorry.\nIf you keep trying\n",
        "Too Many Requests",
        "\n  Access denied\n",
        "Forbidden\n",
        "<!doctype html>\n192.0.2.7\n",
        "  <html>",
        "{\"status\":500,\"message\":\"Internal Server Error\"}",
    });
    for (const auto body : kBodies) {
        for (const auto format : {"plain"sv, "iplist"sv, "domains"sv, "hosts"sv, "urllist"sv,
                                  "ipset-save"sv, "dshield"sv}) {
            EXPECT_FALSE(read(body, format)) << body << " as " << format;
        }
    }
    // A comment may quote a server, and a name may look like it.
    EXPECT_TRUE(read("# error code: 520 was mended\n192.0.2.7\n", "iplist"));
    EXPECT_TRUE(read("forbidden.example.com\n", "domains"));
}

TEST(SafetyRules, Rule07RefusesAFeedWithZeroBytesInMoreThanOneOfAThousandLines) {
    const auto list_of = [](int lines) {
        std::string text("\0\0\0\n", 4);
        for (int i = 1; i < lines; ++i) {
            text += fmt::format("192.0.{}.{}\n", i / 250, i % 250);
        }
        return text;
    };
    EXPECT_THAT(refusal_of(read(list_of(999), "iplist")),
                HasSubstr("holds zero bytes in 1 of 999 lines"));
    const auto list = read(list_of(1000), "iplist");
    ASSERT_TRUE(list) << refusal_of(list);
    EXPECT_EQ(list->contents.list.size(), 999U);
    EXPECT_THAT(rejects_of(list), HasSubstr("1 [\\x00\\x00\\x00] holds zero bytes"));
    EXPECT_TRUE(read(list_of(10), "plain", false)) << "own bans are taken line by line";
}

TEST(SafetyRules, Rule07RefusesUtf16) {
    EXPECT_THAT(refusal_of(read("\xFF\xFE"
                                "1\0009\0"sv,
                                "iplist")),
                HasSubstr("is UTF-16 text"));
    EXPECT_THAT(refusal_of(read("a\0.\0e\0x\0a\0m\0p\0l\0e\0"sv, "domains")),
                HasSubstr("is UTF-16 text"));
}

// Every format that a feed can have, maps too; with a variant where it needs one.
std::vector<std::string> formats_of_feeds() {
    std::vector<std::string> formats;
    for (const FormatName& format : format_names()) {
        const std::string name{format.name.substr(0, format.name.find(':'))};
        const bool is_variant = name.size() < format.name.size();
        if (can_be_pulled(name)) {
            formats.push_back(!is_variant         ? name
                              : name == "csv"     ? "csv:1"
                              : name == "ndjson"  ? "ndjson:ip"
                              : name == "rbldnsd" ? "rbldnsd:ip4set"
                                                  : name);
        }
    }
    return formats;
}

// Why it is refused as a list or map of this format; empty if it is not.
std::string refusal_as(std::string_view bytes, std::string_view format) {
    const ReadRequest request{
        .file = "list.txt", .bytes = bytes, .format = format, .now = kNow, .progress = {}};
    const auto map = read_map(request);
    if (!map) {
        return message(map.error());
    }
    return *map ? "" : refusal_of(read_list(request));
}

TEST(SafetyRules, Rule07RefusesWebPagesAndErrorsInJsonInEveryFormat) {
    const auto formats = formats_of_feeds();
    EXPECT_GT(formats.size(), 25U);
    for (const std::string& format : formats) {
        for (const auto body :
             {"<html>"sv, " \n<!doctype html>\n192.0.2.7\n"sv, "<?xml version=\"1.0\"?>"sv,
              "{\"status\":500,\"message\":\"Internal Server Error\"}"sv,
              "{\"error\":{\"code\":403}}\n"sv, "{\"query_status\":\"unknown_auth_key\"}"sv,
              "{\"status\":50"sv}) {
            EXPECT_NE(refusal_as(body, format), "") << body << " as " << format;
        }
        EXPECT_NE(refusal_as("\xFF\xFE"
                             "1\0009\0002\000.\000"sv,
                             format),
                  "")
            << "UTF-16 as " << format;
    }
    EXPECT_THAT(refusal_as("{\"status\":500}\n{\"error\":1}\n", "ndjson:ip"),
                HasSubstr("has no object with the key ip"));
    EXPECT_EQ(refusal_as("{\"status\":500}\n{\"ip\":\"192.0.2.7\"}\n", "ndjson:ip"), "")
        << "one that has the key is enough";
    EXPECT_EQ(refusal_as("[]", "ndjson:ip"), "");
}

TEST(SafetyRules, Rule07RefusesAListWhoseEndIsMissing) {
    struct Whole {
        std::string_view format;
        std::string_view bytes;
    };
    constexpr auto kWhole = std::to_array<Whole>({
        {"spamhaus-drop", "; Spamhaus DROP List\n192.0.2.0/24 ; SBL1\n; EOF\n"},
        {"spamhaus-json",
         "{\"cidr\":\"192.0.2.0/24\",\"sblid\":\"SBL1\",\"rir\":\"apnic\"}\n"
         "{\"type\":\"metadata\",\"timestamp\":1790000000,\"size\":53,\"records\":1}\n"},
        {"json", "[{\"subject\":\"192.0.2.7\"},{\"subject\":\"192.0.2.8\"}]\n"},
        {"crowdsec-json",
         "[{\"decisions\":[{\"scope\":\"Ip\",\"type\":\"ban\",\"value\":\"192.0.2.7\"}]}]\n"},
        {"abuseipdb-json", "{\"data\":[{\"ipAddress\":\"192.0.2.7\"}]}\n"},
        {"nft-json", "{\"nftables\":[{\"set\":{\"name\":\"x\",\"elem\":[\"192.0.2.7\"]}}]}\n"},
        {"rir",
         "2|apnic|20260924|1|19830101|20260924|+1000\n"
         "apnic|AU|ipv4|192.0.2.0|256|20110811|assigned\n"},
    });
    for (const auto& [format, bytes] : kWhole) {
        EXPECT_EQ(refusal_as(bytes, format), "") << format;
        // Whatever stands behind the last line's content is no loss.
        for (std::size_t size = 1; size + 1 < bytes.size(); ++size) {
            const std::string_view cut = bytes.substr(0, size);
            const auto list = read(cut, format);
            const bool is_empty = list && list->contents.list.size() == 0;
            EXPECT_TRUE(is_empty || !refusal_as(cut, format).empty()) << cut << " as " << format;
        }
    }
}

TEST(SafetyRules, Rule07RefusesCountsThatAreNotMet) {
    EXPECT_THAT(refusal_as("{\"cidr\":\"192.0.2.0/24\",\"sblid\":\"SBL1\",\"rir\":\"apnic\"}\n"
                           "{\"type\":\"metadata\",\"timestamp\":1,\"size\":53,\"records\":2}\n",
                           "spamhaus-json"),
                HasSubstr("record"));
    EXPECT_THAT(refusal_as("{\"cidr\":\"192.0.2.0/24\",\"sblid\":\"SBL1\",\"rir\":\"apnic\"}\n"
                           "{\"type\":\"metadata\",\"timestamp\":1,\"size\":55,\"records\":1}\n",
                           "spamhaus-json"),
                HasSubstr("bytes"));
    EXPECT_THAT(refusal_as("2|apnic|20260924|2|19830101|20260924|+1000\n"
                           "apnic|AU|ipv4|192.0.2.0|256|20110811|assigned\n",
                           "rir"),
                HasSubstr("has 1 records, its first line says 2"));
    // The MD5 beside a file: ConfinedReading.ComparesTheMd5OfThePackedOrTheUnpackedBytes.
    EXPECT_EQ(matches_md5("list", std::string(32, '0')), false);
}

TEST(SafetyRules, Rule07RefusesWhatCannotBeUnpackedToItsEnd) {
    constexpr auto kList = "192.0.2.7\n192.0.2.8\n"sv;
    for (const std::string& whole : {test::gzip(kList), test::packed("xz", kList),
                                     test::packed("zstd", kList), test::packed("bzip2", kList)}) {
        EXPECT_EQ(entries_of(read(whole, "iplist")), "1 192.0.2.7\n2 192.0.2.8\n");
        for (std::size_t size = 6; size < whole.size(); ++size) {
            EXPECT_NE(refusal_as(whole.substr(0, size), "iplist"), "") << size;
        }
    }
}

TEST(SafetyRules, Rule16CountsWhatIsThereTwiceAndWarnsOfNothing) {
    // DROP has one prefix under two numbers.
    const auto drop = read(
        "; Spamhaus DROP List\n192.0.2.0/24 ; SBL1\n192.0.2.0/24 ; SBL2\n192.0.2.0/25 ; SBL3\n"
        "; EOF\n",
        "spamhaus-drop");
    EXPECT_THAT(entries_of(drop), HasSubstr("SBL1"));
    EXPECT_THAT(entries_of(drop), HasSubstr("SBL2"));
    EXPECT_EQ(drop->contents.list.size(), 3U);
    for (const auto& [format, text] :
         {std::pair{"iplist"sv, "192.0.2.7\n192.0.2.0/24\n192.0.2.7\n192.0.2.0/25\n"sv},
          {"domains"sv, "example.com\nwww.example.com\nexample.com\nExample.COM.\n"sv},
          {"plain"sv, "192.0.2.7\n192.0.2.0/24\nexample.com\nexample.com\n"sv},
          {"hosts"sv,
           "0.0.0.0 a.example\n0.0.0.0 a.example\n0.0.0.0 b.a.example\n0.0.0.0 a.example\n"sv},
          {"rbldnsd:dnset"sv, "a.example\n.a.example\nb.a.example\na.example\n"sv}}) {
        const auto list = read(text, format);
        EXPECT_EQ(list->contents.list.line_count(), 4U) << format;
        EXPECT_EQ(list->contents.rejected, 0U) << format;
        EXPECT_EQ(notes_of(list), "") << format;
    }
    // In a trie the first value counts, and only another one is worth a word.
    EXPECT_EQ(notes_of(read("192.0.2.0/24\n192.0.2.0/25\n192.0.2.0/24\n", "rbldnsd:ip4trie")), "");
    EXPECT_THAT(notes_of(read("192.0.2.0/24 :2:a\n192.0.2.0/24 :3:b\n", "rbldnsd:ip4trie")),
                HasSubstr("stands already in line 1"));
}

TEST(SafetyRules, Rule14ReadsNamesOfListsStrictly) {
    const auto list = read(
        "WWW.Example.COM.\n*.example.net\n.example.org\nb\xC3\xBC"
        "cher.example\n_dmarc.example.com\n",
        "domains");
    EXPECT_EQ(entries_of(list),
              "1 www.example.com\n2 *.example.net\n3 example.org\n4 xn--bcher-kva.example\n"
              "5 _dmarc.example.com\n");
    EXPECT_EQ(rejects_of(list), "");
    const std::string long_label(64, 'a');
    const auto bad = std::to_array<std::string>({
        long_label + ".example",  //
        "a..example",             //
        "example.123",            //
        "com",                    //
        "*.com",                  //
        "co.uk",                  //
        "*.github.io",            //
        "192.0.2.7",              //
        "2001:db8::7",            //
        "localhost",              //
        "localhost.localdomain",  //
        "AS64500",                //
        "exa mple.com",           //
    });
    for (const std::string& name : bad) {
        const auto one = read(name + "\n", "domains");
        EXPECT_EQ(entries_of(one), "") << name;
        EXPECT_EQ(one->contents.rejected, 1U) << name;
    }
    EXPECT_EQ(entries_of(read("0.0.0.0 github.io\n", "hosts")), "1 =github.io\n")
        << "that name alone harms nobody below it";
}

TEST(SafetyRules, Rule15ReadsAddressesOfListsStrictly) {
    EXPECT_EQ(entries_of(read("::ffff:192.0.2.7\n192.0.2.0-192.0.2.3\n", "iplist")),
              "1 192.0.2.7\n2 192.0.2.0/30\n");
    constexpr auto kBad = std::to_array<std::string_view>({
        "193.",
        "192.0.2",
        "192.0.2.040",
        "192.0.2.1/24",
        "2001:db8::1/32",
        "192.0.2.256",
        "192.0.2.0/33",
        "0x7f000001",
        "3221225991",
        "fe80::1%eth0",
        "192.0.2.9-192.0.2.1",
        "192.0.2.7,192.0.2.8",
    });
    for (const auto text : kBad) {
        for (const auto& [format, before] :
             {std::pair{"iplist"sv, ""sv}, std::pair{"ipset-save"sv, "add x "sv}}) {
            if (format == "ipset-save" && text.find(',') != text.npos) {
                continue;  // where what stands behind a comma is a port
            }
            const auto one = read(std::string{before} + std::string{text} + "\n", format);
            EXPECT_EQ(entries_of(one), "") << text;
            EXPECT_EQ(one->contents.rejected, 1U) << text;
        }
    }
}

TEST(SafetyRules, Rule02ReadsWhenAListEnds) {
    const auto expires = [](const std::string& header) {
        return read("; Spamhaus DROP List\n" + header + "\n192.0.2.0/24 ; SBL1\n; EOF\n",
                    "spamhaus-drop")
            ->contents.expires;
    };
    EXPECT_EQ(expires("; Expires: Sat, 22 Aug 2026 17:14:02 GMT"), UnixTime{1'787'418'842});
    EXPECT_EQ(expires("; Last-Modified: Sat, 22 Aug 2026 17:14:02 GMT"), std::nullopt);
    EXPECT_EQ(expires("; Expires: soon"), std::nullopt);
    EXPECT_EQ(expires("; Expires: Thu, 01 Jan 1601 00:00:00 GMT"), std::nullopt);
}

}  // namespace
}  // namespace ostrakon::feed
