// Taking lists in: what is refused as a whole, and what a second version changes.
#include "database.hpp"

namespace ostrakon::policy {
namespace {

class ImportRules : public DatabaseTest {
protected:
    Result<ImportReport> replace(std::vector<std::string_view> texts, bool confirmed = false) {
        Import made = import_of(std::move(texts), "list");
        made.replace = true;
        made.confirmed = confirmed;
        return import(std::move(made));
    }
    static Import with_rejects(std::uint32_t rejects) {
        Import made = import_of({"192.0.2.1", "192.0.2.2"});
        for (std::uint32_t i = 0; i < rejects; ++i) {
            reject(made, i + 3, "nonsense", "is no address");
        }
        return made;
    }
};

TEST_F(ImportRules, RefuseAListOfWhichMoreIsRejectedThanTaken) {
    EXPECT_EQ(import(with_rejects(2))->added, 2U);
    EXPECT_EQ(import(with_rejects(3)).error().code, ErrorCode::Usage);
    Import strict = with_rejects(1);
    strict.strict = true;
    EXPECT_EQ(import(std::move(strict)).error().code, ErrorCode::Usage);
    EXPECT_EQ(import(import_of({})).error().code, ErrorCode::Usage);
}

TEST_F(ImportRules, CountWhatASecondVersionChanges) {
    ASSERT_TRUE(replace({"192.0.2.1", "192.0.2.2", "192.0.2.3", "192.0.2.4"}));
    const auto second = replace({"192.0.2.2", "192.0.2.3", "192.0.2.4", "192.0.2.5"});
    ASSERT_TRUE(second) << message(second.error());
    EXPECT_EQ(second->added, 1U);
    EXPECT_EQ(second->removed, 1U);
    EXPECT_EQ(second->unchanged, 3U);
    EXPECT_EQ(differences(), 0U);
}

TEST_F(ImportRules, LeaveSerialAndChangesAloneWhereNothingChanges) {
    ASSERT_TRUE(replace({"192.0.2.1"}));
    const std::uint32_t serial = figures().serial;
    at(60);
    EXPECT_EQ(replace({"192.0.2.1"})->change, std::nullopt);
    EXPECT_EQ(figures().serial, serial);
}

TEST_F(ImportRules, HoldAStepThatIsTooLarge) {
    ASSERT_TRUE(replace({"192.0.2.1", "192.0.2.2", "192.0.2.3", "192.0.2.4"}));
    EXPECT_EQ(replace({"192.0.2.1", "192.0.2.2"}).error().code, ErrorCode::Refused);
    EXPECT_EQ(replace({"192.0.2.0/28"}).error().code, ErrorCode::Refused);
    EXPECT_EQ(rows("list"), 4U);
    EXPECT_TRUE(replace({"192.0.2.1", "192.0.2.2"}, true));
    EXPECT_EQ(rows("list"), 2U);
}

TEST_F(ImportRules, HoldAnEntryThatIsTooWide) {
    EXPECT_EQ(replace({"64.0.0.0/7"}).error().code, ErrorCode::Refused);
    EXPECT_TRUE(replace({"64.0.0.0/8"}));
}

TEST_F(ImportRules, LeaveOutWhatIsProtectedFromOwnListings) {
    settings_.protect.never_ipv4 = {net::prefix(net::Ipv4{0x0A000000}, 8)};
    const auto taken = import(import_of({"10.0.0.1", "192.0.2.1", "192.0.2.2"}));
    ASSERT_TRUE(taken);
    EXPECT_EQ(taken->added, 2U);
    EXPECT_EQ(taken->rejected, 1U);
}

TEST_F(ImportRules, LeaveTheDatabaseAsItWasWhenItIsFull) {
    const test::TemporaryDirectory small;
    auto opened = store::Environment::open({.directory = small.path(),
                                            .access = store::Access::ReadWriteCreate,
                                            .size_bytes = std::uint64_t{1} << 20});
    ASSERT_TRUE(opened) << message(opened.error());
    ASSERT_TRUE(policy::ban(*opened, settings_, ban_of("192.0.2.7"), author()));
    Import large;
    for (std::uint32_t i = 0; i < 50'000; ++i) {
        large.entries.push_back(entry(net::to_string(net::Ipv4{0xC6120000 + i})));
    }
    large.confirmed = true;
    const auto refused = policy::import(*opened, settings_, std::move(large), author());
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::Store);
    EXPECT_NE(refused.error().why.find("database full at 1MiB"), std::string::npos);
    EXPECT_EQ(policy::figures(*opened)->own_listings, 1U);
    EXPECT_EQ(policy::check(*opened, {})->differences, 0U);
    EXPECT_TRUE(policy::ban(*opened, settings_, ban_of("192.0.2.8"), author()));
}

}  // namespace
}  // namespace ostrakon::policy
