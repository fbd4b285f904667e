// Lists that lie in a file of this machine.
#include "ostrakon/fetch/fetch.hpp"
#include "support/temporary_directory.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <chrono>

namespace ostrakon::fetch {
namespace {

class FileUrl : public testing::Test {
protected:
    Request request(const std::filesystem::path& file) const {
        Request made;
        made.url = "file://" + file.string();
        made.body = directory_.path() / "body";
        return made;
    }
    bool has_body() const { return std::filesystem::exists(directory_.path() / "body"); }
    std::string body() const { return test::read_file(directory_.path() / "body"); }
    test::TemporaryDirectory directory_;
};

TEST_F(FileUrl, IsCopied) {
    directory_.write("body", "what was here before");
    const auto fetched = fetch(request(directory_.write("list", "192.0.2.1\n")));
    ASSERT_TRUE(fetched) << message(fetched.error().error);
    EXPECT_FALSE(fetched->is_unchanged);
    EXPECT_EQ(fetched->size, 10U);
    EXPECT_EQ(body(), "192.0.2.1\n");
    struct stat status {};
    ASSERT_EQ(::stat((directory_.path() / "body").c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777, 0600U);
}

TEST_F(FileUrl, MayBeEncodedAndNameThisHost) {
    directory_.write("a list", "192.0.2.1\n");
    Request made = request(directory_.path() / "a%20list");
    made.url.insert(7, "localhost");
    ASSERT_TRUE(fetch(made));
    EXPECT_EQ(body(), "192.0.2.1\n");
}

TEST_F(FileUrl, IsUnchangedByTimeAndSize) {
    const auto file = directory_.write("list", "192.0.2.1\n");
    Request made = request(file);
    made.validators = fetch(made)->validators;
    const auto again = fetch(made);
    ASSERT_TRUE(again);
    EXPECT_TRUE(again->is_unchanged);
    EXPECT_EQ(again->validators, made.validators);

    std::filesystem::last_write_time(
        file, std::filesystem::last_write_time(file) + std::chrono::seconds{1});
    const auto touched = fetch(made);
    ASSERT_TRUE(touched);
    EXPECT_FALSE(touched->is_unchanged);
}

TEST_F(FileUrl, LeavesNothingBehindWhereItFails) {
    const auto list = directory_.write("list", std::string(1000, 'a'));
    Request large = request(list);
    large.limits.size_max = 999;
    EXPECT_EQ(fetch(large).error().kind, FailureKind::NotAList);
    EXPECT_FALSE(has_body());
    EXPECT_EQ(fetch(request(directory_.path() / "absent")).error().kind, FailureKind::Gone);
    EXPECT_EQ(fetch(request(directory_.path())).error().kind, FailureKind::NotAList);
    const auto pipe = directory_.path() / "pipe";
    ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
    EXPECT_EQ(fetch(request(pipe)).error().kind, FailureKind::NotAList);
    EXPECT_FALSE(has_body());
}

TEST_F(FileUrl, NamesNoOtherHost) {
    Request made = request(directory_.write("list", "a"));
    for (const char* const url : {"file://example.org/list", "file:///a%00b", "file://", "list",
                                  "ftp://example.org/list", "file:///a b", "file:///a\nb", ""}) {
        made.url = url;
        const auto fetched = fetch(made);
        ASSERT_FALSE(fetched) << url;
        EXPECT_EQ(fetched.error().kind, FailureKind::BadRequest) << url;
    }
}

}  // namespace
}  // namespace ostrakon::fetch
