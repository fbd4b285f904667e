// Requests that strangers file, and how they get into the database.
#include "ostrakon/policy/request_box.hpp"

#include "database.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <set>

namespace ostrakon::policy {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

constexpr uid_t kNobody = 65534;

class RequestBox : public DatabaseTest {
protected:
    RequestBox() { fs::create_directory(box_); }

    Request filed(const std::string& subject, const std::string& contact = "a@example.com") const {
        Request request;
        request.subject = subject;
        request.contact = contact;
        request.evidence = "closed";
        request.reference = make_reference();
        const auto done = file_request(box_, request);
        EXPECT_TRUE(done) << message(done.error());
        return request;
    }
    void put_file(const std::string& name, const std::string& bytes) const {
        std::ofstream(box_ / name, std::ios::binary) << bytes;
    }
    TakenIn take_in() {
        auto taken = take_in_requests(*environment_, box_, author());
        EXPECT_TRUE(taken) << message(taken.error());
        return taken.value_or(TakenIn{});
    }
    Result<Request> known(const Request& request) {
        return request_of_reference(*environment_, request.reference);
    }

    const fs::path box_ = request_box(directory_.path());
};

TEST(RequestReference, IsAnotherEachTimeAndReadHoweverItIsTyped) {
    std::set<std::string> seen;
    for (int i = 0; i < 100; ++i) {
        const std::string reference = make_reference();
        EXPECT_EQ(normalised_reference(reference), reference);
        seen.insert(reference);
    }
    EXPECT_EQ(seen.size(), 100U);
    EXPECT_EQ(normalised_reference("7k2m 9qxd 4trb ozwe"), "7K2M-9QXD-4TRB-0ZWE");
    EXPECT_EQ(normalised_reference("7K2M9QXD4TRBLIWE"), "7K2M-9QXD-4TRB-11WE");
    for (const char* wrong :
         {"", "7K2M", "7K2M-9QXD-4TRB-0ZWEA", "../../../../x", "7K2M-9QXD-4TRB-0ZW/"}) {
        EXPECT_EQ(normalised_reference(wrong), "") << wrong;
    }
}

TEST_F(RequestBox, HoldsThemUntilTheyAreTakenIn) {
    const Request first = filed("192.0.2.7");
    const Request second = filed("198.51.100.9");
    EXPECT_EQ(waiting_requests(box_), 2U);
    EXPECT_TRUE(waiting_request(box_, first.reference));
    EXPECT_FALSE(known(first));
    EXPECT_EQ(take_in().taken, 2U);
    EXPECT_EQ(waiting_requests(box_), 0U);
    EXPECT_FALSE(waiting_request(box_, first.reference));
    const auto request = known(first);
    ASSERT_TRUE(request);
    EXPECT_EQ(request->subject, "192.0.2.7");
    EXPECT_EQ(request->evidence, "closed");
    EXPECT_EQ(request->state, RequestState::Open);
    EXPECT_EQ(known(second)->subject, "198.51.100.9");
    EXPECT_EQ(take_in().taken, 0U);
}

TEST_F(RequestBox, LeadsWhoAsksAgainToTheSameRequest) {
    const Request first = filed("192.0.2.7");
    take_in();
    const Request again = filed("192.0.2.7");
    take_in();
    ASSERT_TRUE(known(again));
    EXPECT_EQ(known(again)->id, known(first)->id);
    EXPECT_EQ(requests(*environment_, true)->size(), 1U);
}

TEST_F(RequestBox, SaysWhatBecameOfIt) {
    ASSERT_TRUE(ban("192.0.2.7"));
    const Request request = filed("192.0.2.7");
    take_in();
    at(60);
    const auto decided = decide_request(
        *environment_, settings_,
        {.id = known(request)->id, .is_accepted = true, .reason = "relay closed"}, author());
    ASSERT_TRUE(decided) << message(decided.error());
    EXPECT_EQ(known(request)->state, RequestState::Accepted);
    EXPECT_EQ(known(request)->decision, "relay closed");
}

TEST_F(RequestBox, DoesNotTakeOneTwiceWhoseFileWasLeft) {
    const Request request = filed("192.0.2.7");
    const fs::path file = box_ / (request.reference + ".request");
    fs::copy_file(file, directory_.path() / "copy");
    take_in();
    fs::copy_file(directory_.path() / "copy", file);
    EXPECT_EQ(take_in().taken, 0U);
    EXPECT_EQ(requests(*environment_, true)->size(), 1U);
    EXPECT_FALSE(fs::exists(file));
}

TEST_F(RequestBox, RemovesWhatIsNoRequest) {
    const Request other = filed("203.0.113.9");
    const std::string bytes = [&] {
        std::ifstream file(box_ / (other.reference + ".request"), std::ios::binary);
        return std::string(std::istreambuf_iterator<char>(file), {});
    }();
    put_file("7K2M-9QXD-4TRB-0ZWE.request", "rubbish");
    put_file("0000-0000-0000-0000.request", bytes);  // another's reference
    put_file("0000-0000-0000-0001.request", bytes.substr(0, bytes.size() - 3));
    put_file("0000-0000-0000-0002.request", std::string(std::size_t{2} << 20, 'x'));
    fs::create_symlink("/etc/passwd", box_ / "0000-0000-0000-0003.request");
    const TakenIn taken = take_in();
    EXPECT_EQ(taken.taken, 1U);
    EXPECT_EQ(taken.left.size(), 5U);
    EXPECT_EQ(waiting_requests(box_), 0U);
}

TEST_F(RequestBox, LetsNoStrangerSayMoreThanTheirPart) {
    Request request;
    request.subject = "192.0.2.7";
    request.contact = "a@example.com";
    request.reference = make_reference();
    request.state = RequestState::Accepted;
    request.by = "root";
    request.decision = "of course";
    ASSERT_TRUE(file_request(box_, request));
    take_in();
    EXPECT_EQ(known(request)->state, RequestState::Open);
    EXPECT_EQ(known(request)->by, "tester");
    EXPECT_EQ(known(request)->decision, "");
}

TEST_F(RequestBox, TakesNoMoreThanItsBound) {
    for (std::size_t i = 0; i < kWaitingRequestsMax; ++i) {
        put_file(fmt::format("{}.request", i), "");
    }
    Request request;
    request.reference = make_reference();
    const auto done = file_request(box_, request);
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, ErrorCode::Refused);
    EXPECT_THAT(message(done.error()), HasSubstr("wait already"));
}

TEST_F(RequestBox, TakesNoMoreOfTheDiskThanItsBound) {
    put_file("big.request", "");
    fs::resize_file(box_ / "big.request", kWaitingSizeMax - 1000);  // a hole
    Request request;
    request.reference = make_reference();
    request.evidence = std::string(900, 'x');
    EXPECT_TRUE(file_request(box_, request));
    request.reference = make_reference();
    const auto done = file_request(box_, request);
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, ErrorCode::Refused);
}

TEST_F(RequestBox, KeepsWhatItCannotReadNow) {
    const Request request = filed("192.0.2.7");
    const fs::path file = box_ / (request.reference + ".request");
    fs::permissions(directory_.path(), fs::perms::all);
    fs::permissions(box_, fs::perms::all);
    fs::permissions(file, fs::perms::none);
    const uid_t self = ::geteuid();
    const bool is_other = self == 0 && ::seteuid(kNobody) == 0;  // root reads everything
    const TakenIn taken = take_in();
    ASSERT_TRUE(!is_other || ::seteuid(self) == 0);
    EXPECT_EQ(taken.taken, 0U);
    EXPECT_THAT(taken.left, testing::ElementsAre(HasSubstr("Permission denied")));
    EXPECT_TRUE(fs::exists(file));
    fs::permissions(file, fs::perms::owner_read);
    EXPECT_EQ(take_in().taken, 1U);
}

TEST_F(RequestBox, RemovesWhatWasNeverFinished) {
    put_file(".0000-0000-0000-0000.new", "half a req");
    put_file(".0000-0000-0000-0001.new", "half a req");
    fs::last_write_time(box_ / ".0000-0000-0000-0000.new",
                        fs::file_time_type::clock::now() - std::chrono::hours(2));
    EXPECT_EQ(waiting_requests(box_), 0U);
    take_in();
    EXPECT_FALSE(fs::exists(box_ / ".0000-0000-0000-0000.new"));
    EXPECT_TRUE(fs::exists(box_ / ".0000-0000-0000-0001.new")) << "somebody may be writing it";
}

TEST_F(RequestBox, IsNoneWhereThereIsNoDirectory) {
    fs::remove_all(box_);
    EXPECT_EQ(waiting_requests(box_), 0U);
    EXPECT_EQ(take_in().taken, 0U);
    Request request;
    request.reference = make_reference();
    EXPECT_FALSE(file_request(box_, request));
}

}  // namespace
}  // namespace ostrakon::policy
