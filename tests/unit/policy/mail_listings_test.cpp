// Bans, allows and feeds of mail addresses: found by address and by hash, and taken back.
#include "database.hpp"
#include "ostrakon/policy/explain.hpp"
#include "ostrakon/policy/undo.hpp"

#include <gmock/gmock.h>

namespace ostrakon::policy {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

constexpr std::string_view kUser = "user@example.com";

class MailListingsTest : public DatabaseTest {
protected:
    MailListingsTest() {
        zone::Zone zone;
        zone.name = "bl.example.org";
        zone.sources = {{"own", false}, {"*", false}};
        zone.classes = {"*"};
        zone.texts.emplace("*", *zone::TextTemplate::parse("{subject} {query}[ {reason}]"));
        zones_.push_back(zone);
    }
    static std::string hash_of(std::string_view address) {
        return parse_mail_address(address)->hash;
    }
    Explanation why(const std::string& text) {
        const Subject asked = subject(text);
        auto found = explain(*environment_, settings_, zones_, asked,
                             std::get<MailSubject>(asked).hash, now_);
        EXPECT_TRUE(found) << message(found.error());
        EXPECT_EQ(differences(), 0U);
        return *found;
    }
    std::vector<std::string> subjects(const std::string& source, std::string_view under = "") {
        std::vector<std::string> found;
        ListFilter filter;
        filter.source = source;
        filter.at = now_;
        if (!under.empty()) {
            filter.under = subject(under);
        }
        EXPECT_TRUE(list(*environment_, filter, [&](const ListedRow& row) {
            found.push_back(row.listing.subject);
            return true;
        }));
        return found;
    }

    std::vector<zone::Zone> zones_;
};

TEST_F(MailListingsTest, AreFoundByAddressAndByHash) {
    ASSERT_TRUE(ban(kUser));
    for (const std::string& text : {std::string{kUser}, hash_of(kUser)}) {
        const Explanation found = why(text);
        EXPECT_TRUE(found.listed);
        EXPECT_THAT(found.zones[0].codes, ElementsAre(net::Ipv4{0x7F000302}));
        EXPECT_THAT(found.zones[0].text, ElementsAre("this address " + hash_of(kUser) + " spam"));
        ASSERT_EQ(found.matches.size(), 1U);
        EXPECT_EQ(found.matches[0].subject, kUser);
    }
    EXPECT_FALSE(why("other@example.com").listed);
}

TEST_F(MailListingsTest, AreNoPartOfTheirDomain) {
    ASSERT_TRUE(ban("example.com"));
    EXPECT_FALSE(why(std::string{kUser}).listed);
    ASSERT_TRUE(unban("example.com"));
    ASSERT_TRUE(ban(kUser));
    const auto of_domain =
        explain(*environment_, settings_, zones_, subject("=example.com"), "example.com", now_);
    EXPECT_FALSE(of_domain->listed);
}

TEST_F(MailListingsTest, AreOneSubjectByAddressAndByHash) {
    ASSERT_TRUE(ban(hash_of(kUser)));
    EXPECT_THAT(subjects("own"), ElementsAre(hash_of(kUser)));
    Ban known = ban_of(kUser);
    known.reason = "threats";
    ASSERT_TRUE(ban(known));  // tells the address of what stands
    EXPECT_THAT(subjects("own"), ElementsAre(kUser));
    EXPECT_EQ(listings(hash_of(kUser)).size(), 1U);
    ASSERT_TRUE(unban(hash_of(kUser)));
    EXPECT_FALSE(why(std::string{kUser}).listed);
    EXPECT_EQ(figures().index_names, 0U);
    EXPECT_EQ(ban(kUser)->listings[0].strikes, 2U);
    const auto events = history(*environment_, subject(hash_of(kUser)), std::nullopt);
    ASSERT_TRUE(events);
    EXPECT_EQ(events->size(), 4U);
}

TEST_F(MailListingsTest, AreListedUnderTheirDomain) {
    for (const std::string_view text :
         {"b@example.com", "a@mail.example.com", "a@example.com", "a@example.net", "example.com"}) {
        ASSERT_TRUE(ban(text));
    }
    ASSERT_TRUE(ban(hash_of(kUser)));
    EXPECT_THAT(subjects("own", "example.com"),
                ElementsAre("example.com", "a@example.com", "b@example.com", "a@mail.example.com"));
    EXPECT_THAT(subjects("own", "=example.com"), ElementsAre("a@example.com", "b@example.com"));
    EXPECT_THAT(subjects("own", "*.example.com"), ElementsAre("a@mail.example.com"));
    EXPECT_THAT(subjects("own", "a@example.com"), ElementsAre("a@example.com"));
}

TEST_F(MailListingsTest, ComeInFeedsWithOrWithoutTheirAddress) {
    ASSERT_TRUE(import(import_of({kUser, "example.com"}, "list")));
    ASSERT_TRUE(import(import_of({hash_of(kUser)}, "hashes")));
    EXPECT_THAT(subjects("list"), ElementsAre("example.com", kUser));
    EXPECT_THAT(subjects("hashes"), ElementsAre(hash_of(kUser)));
    const Explanation found = why(std::string{kUser});
    EXPECT_TRUE(found.listed);
    ASSERT_EQ(found.matches.size(), 2U);
    EXPECT_EQ(found.matches[0].subject, kUser);
    EXPECT_EQ(found.matches[1].subject, hash_of(kUser));
    Ban allow = ban_of(kUser);
    allow.listing_class = "allow";
    ASSERT_TRUE(ban(allow));
    EXPECT_FALSE(why(std::string{kUser}).listed);
    EXPECT_FALSE(why(hash_of(kUser)).listed);
}

TEST_F(MailListingsTest, AreTakenBack) {
    ASSERT_TRUE(import(import_of({kUser, "a@example.com"}, "list")));
    Import other = import_of({"a@example.com", "b@example.com"}, "list");
    other.replace = true;
    other.confirmed = true;
    const auto replaced = import(std::move(other));
    ASSERT_TRUE(replaced);
    EXPECT_THAT(subjects("list"), ElementsAre("a@example.com", "b@example.com"));
    const auto banned = ban(kUser);
    ASSERT_TRUE(banned);
    for (const store::ChangeId change : {*banned->change, *replaced->change}) {
        Undo undo;
        undo.change = change;
        ASSERT_TRUE(policy::undo(*environment_, settings_, undo, author()));
        EXPECT_EQ(differences(), 0U);
    }
    EXPECT_THAT(subjects("list"), ElementsAre("a@example.com", kUser));
    EXPECT_THAT(subjects("own"), IsEmpty());
}

TEST_F(MailListingsTest, MayBeCanaries) {
    settings_.protect.canaries = {std::string{kUser}};
    ASSERT_TRUE(ban("a@example.com"));
    for (const std::string& text : {std::string{kUser}, hash_of(kUser)}) {
        const auto banned = ban(text);
        ASSERT_FALSE(banned);
        EXPECT_EQ(banned.error().code, ErrorCode::Refused);
        EXPECT_FALSE(import(import_of({"a@example.com", text}, "list")));
    }
    ASSERT_TRUE(import(import_of({"a@example.com", "b@example.com"}, "list")));
}

TEST_F(MailListingsTest, StandBesideNamesThatEndInTheirHash) {
    const std::string hash = hash_of(kUser);
    ASSERT_TRUE(ban(kUser));
    ASSERT_TRUE(ban("mail." + hash));
    EXPECT_EQ(differences(), 0U);
    Ban below = ban_of("*." + hash);
    below.confirmed = true;
    ASSERT_TRUE(ban(below));
    EXPECT_TRUE(why(hash).listed);
    ASSERT_TRUE(unban(kUser));
    EXPECT_FALSE(why(hash).listed);
    const auto of_name =
        explain(*environment_, settings_, zones_, subject("=mail." + hash), "mail." + hash, now_);
    EXPECT_THAT(of_name->matches.size(), 2U);
}

}  // namespace
}  // namespace ostrakon::policy
