// One line of a query log, of each program that writes one, and of nobody.
#include "ostrakon/compare/log_line.hpp"

#include <gtest/gtest.h>
#include <array>

namespace ostrakon::compare {
namespace {

// "NAME TYPE", or what else the line is.
std::string read(std::string_view text) {
    const LogLine line = read_log_line(text);
    switch (line.kind) {
        case LineKind::Question:
            return dns::to_string(line.question.name) + " " + dns::type_name(line.question.type);
        case LineKind::Empty:
            return "empty";
        case LineKind::NotCompared:
            return "not compared";
        case LineKind::NoQuery:
            break;
    }
    return "no query";
}

TEST(LogLine, IsReadAsEachProgramWritesIt) {
    struct Case {
        std::string_view line, expected;
    };
    constexpr auto kCases = std::to_array<Case>({
        // rbldnsd -l
        {"1795364624 127.0.0.1 7.2.0.192.bl.example.org A IN: NOERROR/1/58",
         "7.2.0.192.bl.example.org A"},
        {"1795364624 2001:db8::1 7.2.0.192.BL.example.org TXT IN: NXDOMAIN/0/42",
         "7.2.0.192.bl.example.org TXT"},
        {"1795364624 127.0.0.1 a\\032b.c\\.d\\001\\200.bl.example.org A IN: NXDOMAIN/0/42",
         "a\\032b.c\\046d\\001\\200.bl.example.org A"},
        {"1795364625 127.0.0.1 7.2.0.192.bl.example.org type99 IN: NOERROR/0/42",
         "7.2.0.192.bl.example.org SPF"},
        {"1795364625 127.0.0.1 . A IN: REFUSED/0/17", ". A"},
        {"1795364625 127.0.0.1 version.bind TXT CH: NOERROR/1/77", "not compared"},
        {"1795364625 127.0.0.1 bl.example.org ANY IN: NOERROR/0/77", "not compared"},
        // BIND 9.18, into a file and through syslog, and as older ones say it
        {"22-Nov-2026 16:23:44.123 queries: info: client @0x7f2a50 192.0.2.1#5353 "
         "(7.2.0.192.bl.example.org): query: 7.2.0.192.bl.example.org IN A +E(0)K (192.0.2.53)",
         "7.2.0.192.bl.example.org A"},
        {"Nov 22 16:23:44 ns1 named[123]: client @0x7f2a50 2001:db8::1#5353 (x.bl.example.org): "
         "view all: query: x.bl.example.org IN TXT -E(0)DC (2001:db8::53)",
         "x.bl.example.org TXT"},
        {"client 192.0.2.1#5353 (x.example): query: x.example IN TYPE65280 + (192.0.2.53)",
         "x.example TYPE65280"},
        {"client 192.0.2.1#5353 (version.bind): query: version.bind CH TXT + (192.0.2.53)",
         "not compared"},
        {"client @0x1 192.0.2.1#5353 (x.example): query (cache) 'x.example/A/IN' denied",
         "no query"},
        // [log] queries
        {"2026-11-22T18:00:00Z 192.0.2.1 7.2.0.192.bl.example.org A NOERROR 127.0.0.2 127.0.0.4",
         "7.2.0.192.bl.example.org A"},
        {"2026-11-22T18:00:00.123Z - 7.2.0.192.bl.example.org AAAA NXDOMAIN",
         "7.2.0.192.bl.example.org AAAA"},
        // a name a line
        {"7.2.0.192.bl.example.org", "7.2.0.192.bl.example.org A"},
        {"  Example.COM.dbl.example.org.\ttxt\r", "example.com.dbl.example.org TXT"},
        {"x.example AXFR", "not compared"},
        // nothing
        {"", "empty"},
        {" \t\r", "empty"},
        {"# a comment of several words", "empty"},
        {"; another", "empty"},
    });
    for (const auto& [line, expected] : kCases) {
        EXPECT_EQ(read(line), expected) << line;
    }
}

TEST(LogLine, IsNoQueryWhereItCannotBeOne) {
    using namespace std::string_view_literals;
    for (const std::string_view line :
         {"rbldnsd: zones reloaded, time 0.0e/0.0u sec"sv, "a..example"sv, ".example"sv,
          "x.example NOTYPE"sv, "x.example TYPE65536"sv, "x.example TYPE"sv, "x\\25"sv, "x\\256"sv,
          "x\\"sv, "\0\0\0"sv, "\xC3\xA9.example"sv, "x\x1B[2J.example"sv, "client: query: "sv,
          "client: query: x.example"sv, "1795364624 127.0.0.1 x.example A IN"sv,
          "1795364624 127.0.0.1 x.example A IN NOERROR/1/58"sv, "2026-11-22T18:00:00Z 192.0.2.1"sv,
          "three words here"sv}) {
        EXPECT_EQ(read(line), "no query") << line;
    }
    const std::string label(63, 'a');
    EXPECT_EQ(read(label + ".example"), label + ".example A");
    EXPECT_EQ(read("a" + label + ".example"), "no query");
    const std::string name = label + "." + label + "." + label + "." + label.substr(2);
    EXPECT_EQ(read(name), name + " A") << "255 bytes";
    EXPECT_EQ(read("a" + name.substr(1) + "b"), "no query") << "256 bytes";
}

}  // namespace
}  // namespace ostrakon::compare
