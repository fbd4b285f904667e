// The words of URLs and forms.
#include "ostrakon/http/target.hpp"

#include <gtest/gtest.h>

namespace ostrakon::http {
namespace {

TEST(PercentDecoding, TakesWhatIsWellFormedAlone) {
    EXPECT_EQ(decode_percent("user%40example.com"), "user@example.com");
    EXPECT_EQ(decode_percent("%c3%A9+%25"), "\xC3\xA9+%");
    EXPECT_EQ(decode_percent(""), "");
    for (const char* wrong : {"%", "%4", "a%zz", "%4g", "%00", "a%00b"}) {
        EXPECT_EQ(decode_percent(wrong), std::nullopt) << wrong;
    }
    EXPECT_EQ(decode_percent(std::string_view("a\0b", 3)), std::nullopt);
}

TEST(PercentEncoding, ComesBackAsItWas) {
    std::string every;
    for (int byte = 1; byte < 256; ++byte) {
        every += static_cast<char>(byte);
    }
    EXPECT_EQ(decode_percent(encode_percent(every)), every);
    EXPECT_EQ(encode_percent("2001:db8::/32 a~b"), "2001%3Adb8%3A%3A%2F32%20a~b");
}

TEST(Form, HasTheFieldsThatWereSent) {
    const auto form = Form::read("subject=192.0.2.7&text=a+b%0D%0A%26&empty=&alone&&subject=other");
    ASSERT_TRUE(form);
    EXPECT_EQ(form->get("subject"), "192.0.2.7");
    EXPECT_EQ(form->get("text"), "a b\r\n&");
    EXPECT_TRUE(form->has("empty"));
    EXPECT_TRUE(form->has("alone"));
    EXPECT_FALSE(form->has("missing"));
    EXPECT_EQ(form->get("missing"), "");
}

TEST(Form, RefusesWrongEncodingAndTooManyFields) {
    EXPECT_FALSE(Form::read("a=%4"));
    EXPECT_FALSE(Form::read("%00=b"));
    std::string many;
    for (std::size_t i = 0; i < kFormFieldsMax; ++i) {
        many += "a=b&";
    }
    EXPECT_TRUE(Form::read(many));
    EXPECT_FALSE(Form::read(many + "a=b"));
}

}  // namespace
}  // namespace ostrakon::http
