// Why something is listed, now and at a past date.
#include "ostrakon/policy/explain.hpp"
#include "ostrakon/policy/import.hpp"
#include "support/temporary_directory.hpp"

#include <gmock/gmock.h>

namespace ostrakon::policy {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr UnixTime kMonday{1'800'000'000};
constexpr UnixTime kTuesday{kMonday.seconds + 86'400};
constexpr UnixTime kWednesday{kTuesday.seconds + 86'400};

class ExplainTest : public testing::Test {
protected:
    ExplainTest()
        : environment_(*store::Environment::open({.directory = directory_.path(),
                                                  .access = store::Access::ReadWriteCreate,
                                                  .size_bytes = 1UL << 28})) {
        settings_.lifecycle.evidence_to_lift = false;
        zone::Zone zone;
        zone.name = "bl.example.org";
        zone.sources = {{"own", false}, {"*", false}};
        zone.classes = {"*"};
        zone.texts.emplace("*", *zone::TextTemplate::parse("{subject}: {reason}"));
        zones_.push_back(zone);
    }

    void ban(std::string_view subject, UnixTime at) {
        Ban ban;
        ban.subjects = {*parse_subject(subject)};
        ban.reason = "spam";
        ASSERT_TRUE(policy::ban(environment_, settings_, ban, {"anna", "ban", at}));
    }
    void unban(std::string_view subject, UnixTime at) {
        Lift lift;
        lift.subjects = {*parse_subject(subject)};
        ASSERT_TRUE(policy::unban(environment_, settings_, lift, {"anna", "unban", at}));
    }
    void feed(std::vector<std::string> subjects, UnixTime at) {
        Import import;
        const std::uint32_t nothing_more = import.list.state({});
        for (const std::string& subject : subjects) {
            import.list.add(*parse_subject(subject), nothing_more, 1);
        }
        import.source = "list";
        import.replace = true;
        import.confirmed = true;
        const auto made =
            policy::import(environment_, settings_, std::move(import), {"anna", "import", at});
        ASSERT_TRUE(made) << message(made.error());
    }
    Explanation why(std::string_view subject, UnixTime at) {
        auto found = explain(environment_, settings_, zones_, *parse_subject(subject), subject, at);
        EXPECT_TRUE(found) << message(found.error());
        return *found;
    }

    test::TemporaryDirectory directory_;
    store::Environment environment_;
    config::Settings settings_;
    std::vector<zone::Zone> zones_;
};

TEST_F(ExplainTest, NamesTheListingThatAnswers) {
    ban("192.0.2.0/24", kMonday);
    const Explanation found = why("192.0.2.7", kMonday);
    EXPECT_TRUE(found.listed);
    ASSERT_EQ(found.matches.size(), 1U);
    EXPECT_TRUE(found.matches[0].won);
    EXPECT_EQ(found.matches[0].because, "it answers (bl.example.org)");
    EXPECT_THAT(found.zones[0].text, testing::ElementsAre("192.0.2.0/24: spam"));
}

TEST_F(ExplainTest, KnowsWhatAZoneIsNotAskedAbout) {
    zones_[0].kinds.ip = false;
    ban("192.0.2.7", kMonday);
    ban("mail.example.com", kMonday);
    const Explanation found = why("192.0.2.7", kMonday);
    EXPECT_FALSE(found.listed);
    ASSERT_EQ(found.matches.size(), 1U);
    EXPECT_EQ(found.matches[0].because,
              "the zone answers no questions of this kind (bl.example.org)");
    EXPECT_TRUE(why("=mail.example.com", kMonday).listed);
}

TEST_F(ExplainTest, KnowsOwnDecisionsOfAPastDate) {
    ban("192.0.2.7", kMonday);
    unban("192.0.2.7", kWednesday);
    EXPECT_FALSE(why("192.0.2.7", {kMonday.seconds - 1}).listed);
    EXPECT_TRUE(why("192.0.2.7", kTuesday).listed);
    EXPECT_FALSE(why("192.0.2.7", kWednesday).listed);
}

TEST_F(ExplainTest, KnowsThatAWarningWasNeverServed) {
    settings_.lifecycle.first_is_warning = true;
    ban("192.0.2.7", kMonday);
    EXPECT_FALSE(why("192.0.2.7", kMonday).listed);
    unban("192.0.2.7", kWednesday);
    EXPECT_FALSE(why("192.0.2.7", kTuesday).listed);
}

TEST_F(ExplainTest, KnowsWhatAFeedSaidAtAPastDate) {
    feed({"192.0.2.7", "2001:db8::/64", "bad.example"}, kMonday);
    feed({"192.0.2.8"}, kWednesday);
    for (const std::string subject : {"192.0.2.7", "2001:db8::1", "=www.bad.example"}) {
        SCOPED_TRACE(subject);
        EXPECT_FALSE(why(subject, {kMonday.seconds - 1}).listed);
        EXPECT_TRUE(why(subject, kTuesday).listed);
        EXPECT_FALSE(why(subject, kWednesday).listed);
    }
    EXPECT_FALSE(why("192.0.2.8", kTuesday).listed);
}

TEST_F(ExplainTest, NeverListsTheLoopbackAddress) {
    settings_.protect = {};
    ban("127.0.0.0/8", kMonday);
    EXPECT_FALSE(why("127.0.0.1", kMonday).listed);
    EXPECT_TRUE(why("127.0.0.3", kMonday).listed);
}

TEST_F(ExplainTest, ListsTheTestPointsAndSaysSo) {
    for (const auto* const subject : {"127.0.0.2", "=test"}) {
        const Explanation found = why(subject, kMonday);
        EXPECT_TRUE(found.listed) << subject;
        EXPECT_THAT(found.zones.front().text, ElementsAre(HasSubstr("test"))) << subject;
        EXPECT_EQ(found.zones.front().ttl_s, zones_.front().ttl_s) << subject;
        EXPECT_THAT(found.notes, ElementsAre(HasSubstr("test point"))) << subject;
    }
    EXPECT_THAT(why("127.0.0.2", kMonday).zones.front().codes, ElementsAre(net::Ipv4{0x7F000002}));
    EXPECT_THAT(why("=test", kMonday).zones.front().codes, ElementsAre(net::Ipv4{0x7F000102}));
    EXPECT_FALSE(why("=mail.test", kMonday).listed);
}

TEST_F(ExplainTest, NeverListsWhatProvesThatNotAllIsListed) {
    for (const auto* const subject : {"127.0.0.1", "=invalid"}) {
        const Explanation found = why(subject, kMonday);
        EXPECT_FALSE(found.listed) << subject;
        EXPECT_THAT(found.notes, ElementsAre(HasSubstr("no zone ever lists it"))) << subject;
    }
}

}  // namespace
}  // namespace ostrakon::policy
