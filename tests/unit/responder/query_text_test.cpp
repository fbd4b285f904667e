// What {query} becomes for each kind of question.
#include "ostrakon/responder/query_text.hpp"

#include "support/wire_labels.hpp"

#include <gtest/gtest.h>

namespace ostrakon::responder {
namespace {

std::string text(const verdict::Subject& subject, std::string_view labels = "") {
    const std::string wire = test::wire_labels(labels);
    return std::string{QueryText{subject, dns::Labels{wire}}.view()};
}

TEST(QueryText, WritesAddressesAsPeopleDo) {
    EXPECT_EQ(text(net::Ipv4{0xC0000207}), "192.0.2.7");
    EXPECT_EQ(text(net::Ipv4{0}), "0.0.0.0");
    EXPECT_EQ(text(net::Ipv4{0xFFFFFFFF}), "255.255.255.255");
    EXPECT_EQ(text(*net::parse_ipv6("2001:db8::25")), "2001:db8::25");
    EXPECT_EQ(text(*net::parse_ipv6("2001:db8:1:2:3:4:5:6")), "2001:db8:1:2:3:4:5:6");
    EXPECT_EQ(text(*net::parse_ipv6("::ffff:192.0.2.7")), "::ffff:192.0.2.7");
}

TEST(QueryText, WritesNamesInLowerCaseWithoutAmbiguity) {
    EXPECT_EQ(text(verdict::NameKey{}, "Mail.Example.COM"), "mail.example.com");
    EXPECT_EQ(text(verdict::NameKey{}, "a\\046b.ex\\092ample.c\\000m\\255"),
              "a\\046b.ex\\092ample.c\\000m\\255");
    EXPECT_EQ(text(verdict::NameKey{}, "with\\032blank"), "with\\032blank");
}

TEST(QueryText, HoldsTheLongestName) {
    std::string name;
    std::string expected;
    for (int label = 0; label < 4; ++label) {
        name += label == 0 ? "" : ".";
        expected += label == 0 ? "" : ".";
        for (int i = 0; i < (label == 3 ? 61 : 63); ++i) {
            name += "\\000";
            expected += "\\000";
        }
    }
    EXPECT_EQ(text(verdict::NameKey{}, name), expected);
}

}  // namespace
}  // namespace ostrakon::responder
