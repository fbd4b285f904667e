// What the tests of this module share: a directory, and requests whose body goes there.
#pragma once

#include "ostrakon/fetch/fetch.hpp"
#include "support/temporary_directory.hpp"

#include <gmock/gmock.h>

namespace ostrakon::fetch {

class FetchTest : public testing::Test {
protected:
    Request request(std::string url) const {
        Request made;
        made.url = std::move(url);
        made.user_agent = "ostrakon/0.1.0 (+postmaster@example.org)";
        made.body = directory_.path() / "out" / "body";
        std::filesystem::create_directories(made.body.parent_path());
        return made;
    }
    std::string body() const { return test::read_file(directory_.path() / "out" / "body"); }
    /// Whether nothing was left where the body goes, not even under another name.
    bool is_clean() const { return std::filesystem::is_empty(directory_.path() / "out"); }

    /// Expects a failure that leaves nothing behind, and returns it with its words as one line.
    struct Refusal {
        FailureKind kind;
        std::string text;
        std::optional<Duration> retry_after;
    };
    Refusal refusal(const Request& made) const {
        const auto fetched = fetch(made);
        if (fetched) {
            ADD_FAILURE() << made.url << " was fetched: " << body();
            std::filesystem::remove(made.body);
            return {};
        }
        EXPECT_TRUE(is_clean()) << made.url;
        return {fetched.error().kind, message(fetched.error().error), fetched.error().retry_after};
    }

    test::TemporaryDirectory directory_;
};

}  // namespace ostrakon::fetch
