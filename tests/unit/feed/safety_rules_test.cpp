// The rules by which lists of others are judged, as far as a format can judge them: each test is
// named after its number in that set. 7: what is no list at all. 14: names. 15: addresses.
#include "read.hpp"

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

}  // namespace
}  // namespace ostrakon::feed
