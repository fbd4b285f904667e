// [protect] never and canaries on every way by which something comes to be listed.
#include "database.hpp"
#include "ostrakon/policy/complaints.hpp"
#include "ostrakon/policy/map_import.hpp"
#include "ostrakon/policy/requests.hpp"
#include "ostrakon/policy/undo.hpp"

#include <functional>
#include <optional>
#include <utility>

namespace ostrakon::policy {
namespace {

constexpr std::string_view kNever = "never";
constexpr std::string_view kCanaries = "canaries";

class ProtectTest : public DatabaseTest {
protected:
    ProtectTest() {
        settings_.lifecycle.repeat_minimum = {};
        settings_.protect.never_ipv4 = {std::get<net::Ipv4Range>(subject("10.0.0.0/8"))};
        settings_.protect.never_names = {*dns::parse_name("own.example")};
        settings_.protect.canaries = {"192.0.2.25", "2001:db8::25", "mail.example.org",
                                      "10.0.0.25"};
    }

    // The ways. Each tries to list the subject.
    std::optional<ErrorCode> banning(const std::string& text) {
        return outcome(ban(with_yes(ban_of(text))));
    }
    std::optional<ErrorCode> complaining(const std::string& text) {
        NewComplaint added;
        added.complaint.subject = text;
        added.complaint.message_hash = ++messages_;
        added.ban = true;
        added.confirmed = confirmed_;
        return outcome(add_complaint(*environment_, settings_, added, author()));
    }
    std::optional<ErrorCode> importing(const std::string& text) {
        Import made = import_of({text, "203.0.113.1", "203.0.113.2"});
        made.confirmed = confirmed_;
        return outcome(import(std::move(made)));
    }
    std::optional<ErrorCode> importing_a_feed(const std::string& text) {
        Import made = import_of({text, "203.0.113.1"}, "list" + std::to_string(++feeds_));
        made.confirmed = confirmed_;
        return outcome(import(std::move(made)));
    }
    std::optional<ErrorCode> undoing_an_unban(const std::string& text) {
        const auto canaries = std::exchange(settings_.protect.canaries, {});
        EXPECT_TRUE(ban(text));
        const auto lifted = unban(text);
        EXPECT_TRUE(lifted);
        settings_.protect.canaries = canaries;
        return undoing(*lifted->change);
    }
    std::optional<ErrorCode> undoing_a_new_version(const std::string& text) {
        const auto canaries = std::exchange(settings_.protect.canaries, {});
        for (const std::string& version : {text, std::string{"203.0.113.9"}}) {
            Import made = import_of({version}, "list");
            made.replace = made.confirmed = true;
            last_ = import(std::move(made))->change;
        }
        settings_.protect.canaries = canaries;
        return undoing(*last_);
    }
    std::optional<ErrorCode> lifting_an_allow(const std::string& text) {
        allow(text);
        Lift lift = lift_of(text);
        lift.confirmed = confirmed_;
        return outcome(unban(lift));
    }
    std::optional<ErrorCode> undoing_an_allow(const std::string& text) {
        const ChangeReport report = allow(text);
        last_ = report.change ? report.change : last_;  // it stands where that was refused before
        return undoing(*last_);
    }
    std::optional<ErrorCode> accepting_an_allow(const std::string& text) {
        Request request;
        request.kind = RequestKind::Allow;
        request.subject = text;
        request.contact = "postmaster@example.com";
        const auto taken = add_request(*environment_, request, author());
        EXPECT_TRUE(taken);
        return outcome(decide_request(
            *environment_, settings_,
            {.id = taken->request.id, .is_accepted = true, .reason = "fine", .confirmed = false},
            author()));
    }

    std::optional<ErrorCode> undoing(store::ChangeId change) {
        return outcome(undo(*environment_, settings_,
                            {.change = change,
                             .reason = "",
                             .override_age = false,
                             .confirmed = confirmed_,
                             .dry_run = false},
                            author()));
    }
    ChangeReport allow(const std::string& text) {
        Ban made = ban_of(text);
        made.listing_class = "allow";
        const auto report = ban(made);
        EXPECT_TRUE(report);
        return report.value_or(ChangeReport{});
    }
    Ban with_yes(Ban ban) const {
        ban.confirmed = confirmed_;
        return ban;
    }
    // Nothing where it was done.
    template <class T>
    static std::optional<ErrorCode> outcome(const Result<T>& result) {
        return result ? std::nullopt : std::optional{result.error().code};
    }

    bool confirmed_ = false;
    std::uint64_t messages_ = 0;
    std::uint64_t feeds_ = 0;
    std::optional<store::ChangeId> last_;
};

constexpr auto kDone = std::nullopt;
constexpr std::optional kRefused{ErrorCode::Refused};

using Way = std::optional<ErrorCode> (ProtectTest::*)(const std::string&);

struct NamedWay {
    std::string_view name;
    Way way;
};

class Ways : public ProtectTest {
protected:
    static const std::vector<NamedWay>& that_list() {
        static const std::vector<NamedWay> ways{
            {"ban", &Ways::banning},
            {"complaint", &Ways::complaining},
            {"import", &Ways::importing},
            {"import of a feed", &Ways::importing_a_feed},
            {"undo of an unban", &Ways::undoing_an_unban},
            {"undo of a new version of a feed", &Ways::undoing_a_new_version},
            {"unban of an allow", &Ways::lifting_an_allow},
            {"undo of an allow", &Ways::undoing_an_allow},
        };
        return ways;
    }
};

TEST_F(Ways, HeedCanaries) {
    const std::vector<std::string> held{"192.0.2.25",        "192.0.2.0/24", "2001:db8::25",
                                        "2001:db8::/64",     "example.org",  "mail.example.org",
                                        "=mail.example.org", "*.example.org"};
    const std::vector<std::string> taken{
        "192.0.2.26",   "192.0.2.128/25",         "2001:db8:1::/64",
        "=example.org", "below.mail.example.org", "*.mail.example.org",
        "e.example.net"};
    for (const NamedWay& way : that_list()) {
        for (const std::string& text : held) {
            SCOPED_TRACE(std::string{way.name} + " " + text);
            confirmed_ = false;
            EXPECT_EQ((this->*way.way)(text), kRefused);
            confirmed_ = true;
            EXPECT_EQ((this->*way.way)(text), kDone);
        }
        confirmed_ = false;
        for (const std::string& text : taken) {
            SCOPED_TRACE(std::string{way.name} + " " + text);
            EXPECT_EQ((this->*way.way)(text), kDone);
        }
    }
    EXPECT_EQ(accepting_an_allow("192.0.2.0/24"), kDone);  // lists nothing
    EXPECT_EQ(differences(), 0U);
}

TEST_F(Ways, HeedNever) {
    settings_.protect.canaries.clear();
    for (const std::string text : {"10.1.2.3", "10.0.0.0/9", "own.example", "www.own.example"}) {
        SCOPED_TRACE(text);
        EXPECT_EQ(banning(text), kRefused);
        EXPECT_EQ(complaining(text), kRefused);
        EXPECT_EQ(importing(text), kDone);  // without this line
        EXPECT_TRUE(listings(text).empty());
        EXPECT_EQ(importing_a_feed(text), kDone);  // this part of it stays unlisted
        EXPECT_EQ(accepting_an_allow(text), kDone);
    }
    EXPECT_EQ(banning("8.0.0.0/6"), kRefused);  // the blast radius
    settings_.protect.blast_radius_addresses = 1e9;
    EXPECT_EQ(banning("8.0.0.0/6"), kDone);  // wider
}

TEST_F(Ways, LeaveCanariesAloneThatCannotBeListed) {
    EXPECT_EQ(banning("11.0.0.0/8"), kDone);
    settings_.protect.blast_radius_addresses = 1e9;
    EXPECT_EQ(banning("8.0.0.0/6"), kDone);  // 10.0.0.25 lies in never
    EXPECT_EQ(importing_a_feed("10.0.0.0/16"), kDone);
}

class FeedCanaries : public ProtectTest {
protected:
    Result<ImportReport> take(const std::vector<std::pair<std::string, bool>>& lines,
                              const std::string& listing_class = "") {
        Import made;
        made.source = "list";
        made.reason = "listed";
        made.listing_class = listing_class;
        made.replace = true;
        Statement said;
        const std::uint32_t listed = made.list.state(said);
        said.is_exception = true;
        const std::uint32_t excepted = made.list.state(said);
        std::uint32_t line = 0;
        for (const auto& [text, is_exception] : lines) {
            made.list.add(subject(text), is_exception ? excepted : listed, ++line);
        }
        made.confirmed = confirmed_;
        return import(std::move(made));
    }
};

TEST_F(FeedCanaries, HoldWhatWouldListThemAnew) {
    EXPECT_EQ(outcome(take({{"192.0.2.0/24", false}})), kRefused);
    // An exception that is narrower keeps it unlisted, one that is wider does not.
    EXPECT_EQ(outcome(take({{"192.0.2.0/24", false}, {"192.0.2.0/26", true}})), kDone);
    EXPECT_EQ(outcome(take({{"192.0.2.0/26", false}, {"192.0.2.0/24", true}})), kRefused);
    EXPECT_EQ(outcome(take({{"example.org", false}, {"mail.example.org", true}})), kRefused)
        << "max_growth";
    confirmed_ = true;
    EXPECT_EQ(outcome(take({{"192.0.2.0/24", false}, {"198.51.100.1", false}})), kDone);
    // What lists it already is no news.
    confirmed_ = false;
    EXPECT_EQ(outcome(take({{"192.0.2.0/24", false}, {"198.51.100.2", false}})), kDone);
}

TEST_F(FeedCanaries, HoldNoFeedOfExceptions) {
    EXPECT_EQ(outcome(take({{"192.0.2.0/24", false}}, "allow")), kDone);
}

TEST_F(FeedCanaries, HoldTheUndoOfAnException) {
    ASSERT_TRUE(take({{"example.org", false}, {"=mail.example.org", true}}));
    confirmed_ = true;
    const auto second =
        take({{"example.org", false}, {"=mail.example.org", true}, {"a.example", false}});
    ASSERT_TRUE(second);
    confirmed_ = false;
    EXPECT_EQ(undoing(*second->change), kDone);
}

}  // namespace
}  // namespace ostrakon::policy
