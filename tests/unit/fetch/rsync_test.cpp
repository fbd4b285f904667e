// Lists that come by rsync, from a real server of it.
#include "fetch_test_base.hpp"
#include "support/rsync_server.hpp"
#include "support/rude_web_server.hpp"

#include <sys/stat.h>

#include <chrono>

namespace ostrakon::fetch {
namespace {

using testing::HasSubstr;
using testing::Not;

class Rsync : public FetchTest {
protected:
    void SetUp() override {
        if (!test::RsyncServer::is_installed()) {
            GTEST_SKIP() << "rsync is not installed";
        }
        server_ = std::make_unique<test::RsyncServer>();
    }
    Request request_of(const std::string& path) const {
        return request("rsync://" + server_->host() + "/" + path);
    }
    /// As who keeps versions does.
    Request next_after(const Request& before, const Fetched& fetched) const {
        Request made = before;
        made.previous = directory_.path() / "previous";
        std::filesystem::rename(made.body, made.previous);
        made.validators = fetched.validators;
        return made;
    }
    std::unique_ptr<test::RsyncServer> server_;
};

TEST_F(Rsync, ListComesWhole) {
    server_->serve("bl/list", "192.0.2.1\n");
    const auto fetched = fetch(request_of("lists/bl/list"));
    ASSERT_TRUE(fetched) << message(fetched.error().error);
    EXPECT_FALSE(fetched->is_unchanged);
    EXPECT_EQ(fetched->size, 10U);
    EXPECT_EQ(body(), "192.0.2.1\n");
    struct stat status {};
    ASSERT_EQ(::stat((directory_.path() / "out" / "body").c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777, 0600U);
    EXPECT_EQ(std::distance(std::filesystem::directory_iterator(directory_.path() / "out"), {}), 1);
}

TEST_F(Rsync, OnlyTheDifferenceIsSent) {
    std::string list;
    for (int i = 0; i < 20'000; ++i) {
        list += std::to_string(i * 7919 % 100'003) + ".example.com\n";
    }
    server_->serve("list", list);
    const Request first = request_of("lists/list");
    const auto fetched = fetch(first);
    ASSERT_TRUE(fetched) << message(fetched.error().error);
    const Request second = next_after(first, *fetched);
    const auto same = fetch(second);
    ASSERT_TRUE(same) << message(same.error().error);
    EXPECT_TRUE(same->is_unchanged);
    EXPECT_EQ(same->validators, fetched->validators);
    EXPECT_TRUE(is_clean());

    const std::string before = list;
    server_->serve("list", list += "new.example.com\n");
    const auto changed = fetch(second);
    ASSERT_TRUE(changed) << message(changed.error().error);
    EXPECT_FALSE(changed->is_unchanged);
    EXPECT_EQ(body(), list);
    EXPECT_EQ(test::read_file(second.previous), before);
}

TEST_F(Rsync, SameBytesWithAnotherTimeAreNoChange) {
    const auto file = server_->serve("list", "192.0.2.1\n");
    const Request first = request_of("lists/list");
    const auto fetched = fetch(first);
    ASSERT_TRUE(fetched) << message(fetched.error().error);
    const Request second = next_after(first, *fetched);
    std::filesystem::last_write_time(
        file, std::filesystem::last_write_time(file) + std::chrono::hours{1});
    const auto again = fetch(second);
    ASSERT_TRUE(again) << message(again.error().error);
    EXPECT_NE(again->validators, fetched->validators);
    EXPECT_TRUE(again->is_unchanged || body() == "192.0.2.1\n");
}

TEST_F(Rsync, ModuleMayBeClosed) {
    server_->serve("list", "192.0.2.1\n");
    Request made = request("rsync://feed@" + server_->host() + "/closed/list");
    const Refusal bare = refusal(made);
    EXPECT_EQ(bare.kind, FailureKind::Refused) << bare.text;
    made.key = "wr0ngword";
    const Refusal wrong = refusal(made);
    EXPECT_EQ(wrong.kind, FailureKind::Refused) << wrong.text;
    EXPECT_THAT(wrong.text, Not(HasSubstr("wr0ng")));
    made.key = "s3cretword";
    const auto fetched = fetch(made);
    ASSERT_TRUE(fetched) << message(fetched.error().error);
    EXPECT_EQ(body(), "192.0.2.1\n");
}

TEST_F(Rsync, OnlyOnePlainFileIsTaken) {
    server_->serve("bl/list", "192.0.2.1\n");
    std::filesystem::create_symlink("list", server_->root() / "bl" / "link");
    ASSERT_EQ(::mkfifo((server_->root() / "bl" / "pipe").c_str(), 0600), 0);
    for (const char* const path : {"lists/bl", "lists/bl/link", "lists/bl/pipe"}) {
        EXPECT_EQ(refusal(request_of(path)).kind, FailureKind::NotAList) << path;
    }
    EXPECT_EQ(refusal(request_of("lists/absent")).kind, FailureKind::Gone);
    EXPECT_EQ(refusal(request_of("absent/list")).kind, FailureKind::Gone);
}

TEST_F(Rsync, LargerThanAllowedIsRefused) {
    server_->serve("list", std::string(1000, 'a'));
    Request made = request_of("lists/list");
    made.limits.size_max = 999;
    EXPECT_EQ(refusal(made).kind, FailureKind::NotAList);
    // Nor is what is there taken for what could not come.
    made.previous = directory_.write("previous", "192.0.2.1\n");
    made.validators.etag = "1-10";
    EXPECT_EQ(refusal(made).kind, FailureKind::NotAList);
    made.limits.size_max = 1000;
    EXPECT_TRUE(fetch(made));
}

TEST_F(Rsync, UrlHoldsNoOptionAndNoPattern) {
    for (const char* const url :
         {"rsync://", "rsync://host", "rsync://host/", "rsync://host/module",
          "rsync://host/module/", "rsync://-e/module/list", "rsync://-e@host/module/list",
          "rsync:///module/list", "-e::module/list", "rsync://host/module/*",
          "rsync://host/module/[a]", "rsync://host/module/..", "::module/list"}) {
        EXPECT_EQ(refusal(request(url)).kind, FailureKind::BadRequest) << url;
    }
}

TEST_F(Rsync, SilenceEnds) {
    const test::RudeWebServer silent(
        [](const test::RudeWebServer::Client& client) { client.wait(); });
    const std::string host = silent.url("").substr(7);
    Request made = request("rsync://" + host + "/lists/list");
    made.limits.total = Duration{1};
    made.limits.connect = Duration{30};
    const Refusal refused = refusal(made);
    EXPECT_EQ(refused.kind, FailureKind::Temporary);
}

}  // namespace
}  // namespace ostrakon::fetch
