// Nothing that is put into a page becomes markup.
#include "ostrakon/web/markup.hpp"

#include "utf8.hpp"

#include <gtest/gtest.h>

namespace ostrakon::web {
namespace {

TEST(Markup, EscapesWhatIsPlain) {
    EXPECT_EQ(text("<script>alert('1')</script> & \"x\"").html(),
              "&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt; &amp; &quot;x&quot;");
    EXPECT_EQ(element("p", {{"title", "\"><b>"}}, text("a<b")).html(),
              "<p title=\"&quot;&gt;&lt;b&gt;\">a&lt;b</p>");
    EXPECT_EQ(void_element("input", {{"value", "' onfocus='x"}}).html(),
              "<input value=\"&#39; onfocus=&#39;x\">");
}

TEST(Markup, ReplacesWhatNoPageCanCarry) {
    EXPECT_EQ(only_utf8("a\r\nb\tc"), "a\nb\tc");
    EXPECT_EQ(only_utf8("\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80"),
              "\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80");
    const std::string replacement = "\xEF\xBF\xBD";
    EXPECT_EQ(only_utf8(std::string_view("\0", 1)), replacement);
    EXPECT_EQ(only_utf8("\x1B[31m"), replacement + "[31m");
    EXPECT_EQ(only_utf8("\xC3"), replacement);
    EXPECT_EQ(only_utf8("\xC0\xAF"), replacement + replacement);          // overlong "/"
    EXPECT_EQ(only_utf8("\xED\xA0\x80").size(), 3 * replacement.size());  // a surrogate
    EXPECT_EQ(only_utf8("\xE2\x80\xAE"), replacement);                    // turns writing round
    EXPECT_EQ(only_utf8("\xF4\x90\x80\x80").size(), 4 * replacement.size());
}

}  // namespace
}  // namespace ostrakon::web
