// What is left of a URL in messages.
#include "ostrakon/fetch/fetch.hpp"

#include <gtest/gtest.h>

namespace ostrakon::fetch {
namespace {

TEST(UrlInMessages, HasNoUserPasswordOrKey) {
    struct Case {
        const char* url;
        const char* shown;
    };
    for (const auto& [url, shown] : {
             Case{"https://example.org/drop.txt", "https://example.org/drop.txt"},
             Case{"https://user:word@example.org/a", "https://example.org/a"},
             Case{"https://user:w@rd@example.org/a@b", "https://example.org/a@b"},
             Case{"https://example.org/a?auth-key=word&b=1",
                  "https://example.org/a?auth-key=***&b=1"},
             Case{"https://example.org/a?License_Key=word",
                  "https://example.org/a?License_Key=***"},
             Case{"https://example.org/a?X-Amz-Signature=word;b",
                  "https://example.org/a?X-Amz-Signature=***;b"},
             Case{"https://example.org/a?%61uth=word", "https://example.org/a?%61uth=***"},
             Case{"https://example.org/a?auth-key={key}", "https://example.org/a?auth-key={key}"},
             Case{"https://example.org/a#token", "https://example.org/a"},
             Case{"rsync://user@example.org/m/f", "rsync://example.org/m/f"},
             Case{"user@example.org::m/f", "example.org::m/f"},
             Case{"https://example.org/\x1b[2J", "https://example.org/\\x1B[2J"},
             Case{"", ""},
         }) {
        EXPECT_EQ(without_secrets(url), shown);
    }
}

TEST(UrlInMessages, IsCutShort) {
    EXPECT_LE(without_secrets("https://example.org/" + std::string(5000, 'a')).size(), 256U);
}

}  // namespace
}  // namespace ostrakon::fetch
