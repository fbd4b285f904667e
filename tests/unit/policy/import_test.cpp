// Taking lists in: what is refused as a whole, and what a second version changes.
#include "database.hpp"
#include "ostrakon/policy/values.hpp"
#include "ostrakon/store/transaction.hpp"

#include <algorithm>
#include <utility>

namespace ostrakon::policy {
namespace {

class ImportRules : public DatabaseTest {
protected:
    Result<ImportReport> replace(const std::vector<std::string_view>& texts,
                                 bool confirmed = false) {
        Import made = import_of(texts, "list");
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

TEST_F(ImportRules, RepeatNoBanForWhatItHasDealtWith) {
    const auto import_seen = [this](std::int64_t seen, std::string evidence) {
        Import made = import_of({"192.0.2.7"});
        made.list.statements[0].seen = after(seen);
        made.list.statements[0].evidence = std::move(evidence);
        return import(std::move(made))->added;
    };
    settings_.lifecycle.repeat_minimum = {};
    EXPECT_EQ(import_seen(-10, "a mail"), 1U);
    at(100);
    ASSERT_TRUE(unban("192.0.2.7"));
    at(200);
    EXPECT_EQ(import_seen(100, "another"), 0U);  // seen before the lift
    EXPECT_EQ(import_seen(150, "a mail"), 0U);   // the same, whatever it says of its time
    EXPECT_EQ(import_seen(150, "another"), 1U);
    EXPECT_EQ(listings("192.0.2.7").back().strikes, 2U);
}

TEST_F(ImportRules, HoldAnEntryThatIsTooWide) {
    EXPECT_EQ(replace({"64.0.0.0/7"}).error().code, ErrorCode::Refused);
    EXPECT_TRUE(replace({"64.0.0.0/8"}));
}

TEST_F(ImportRules, HoldARangeThatIsTooWideThoughItComesInParts) {
    const auto replace_range = [this](std::string_view text) {
        Import made = import_of({"64.0.0.0/8", "65.0.0.0/8"}, "list");
        made.list.written_ipv4 = {std::get<net::Ipv4Range>(subject(text))};
        made.replace = true;
        return import(std::move(made));
    };
    EXPECT_EQ(replace_range("64.0.0.0/7").error().code, ErrorCode::Refused);
    EXPECT_TRUE(replace_range("64.0.0.0/8"));
}

TEST_F(ImportRules, GiveTheFormatsCodeWhereNobodySaysOne) {
    const auto code_of = [this](const std::string& source, std::optional<net::Ipv4> code,
                                const std::string& listing_class = "") {
        Import made = import_of({"example.com"}, source);
        made.list.default_code = net::Ipv4{0x7F000002};
        made.code = code;
        made.listing_class = listing_class;
        EXPECT_TRUE(import(std::move(made)));
        std::optional<net::Ipv4> found;
        ListFilter filter;
        filter.source = source.empty() ? "own" : source;
        filter.listing_class = listing_class;
        filter.at = now_;
        EXPECT_TRUE(list(*environment_, filter, [&](const ListedRow& row) {
            found = row.listing.code;
            return false;
        }));
        return found;
    };
    EXPECT_EQ(code_of("one", std::nullopt), net::Ipv4{0x7F000002});
    EXPECT_EQ(code_of("two", net::Ipv4{0x7F000009}), std::nullopt) << "it is the feed's own code";
    EXPECT_EQ(code_of("", std::nullopt), net::Ipv4{0x7F000002});
    EXPECT_EQ(code_of("", std::nullopt, "isp"), std::nullopt);
    EXPECT_EQ(code_of("", net::Ipv4{0x7F000009}, "dynamic"), net::Ipv4{0x7F000009});
}

TEST_F(ImportRules, KeepTheMarkOfASubjectToFeedsAndTheirFormats) {
    Import own = import_of({"192.0.2.0/24"});
    own.list.statements.front().reason = "see \x01, \x01";
    ASSERT_TRUE(import(std::move(own)));
    EXPECT_EQ(listings("192.0.2.0/24").front().reason, "see 192.0.2.0/24, 192.0.2.0/24");
    Import feed = import_of({"192.0.2.7"}, "list");
    feed.reason = "typed \x01";
    ASSERT_TRUE(import(std::move(feed)));
    const auto snapshot = store::Snapshot::begin(*environment_);
    EXPECT_EQ(read_value(*snapshot, 1)->text, "typed  ");
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
    const std::uint32_t nothing_more = large.list.state({});
    for (std::uint32_t i = 0; i < 50'000; ++i) {
        const net::Ipv4 address{0xC6120000 + i};
        large.list.add(net::Ipv4Range{address, address}, nothing_more, i + 1);
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

// A combined file: each data set has its own layer.
class DataSets : public DatabaseTest {
protected:
    /// Entries of data sets: "LABEL SUBJECT".
    Result<ImportReport> replace(const std::vector<std::pair<std::string, std::string>>& entries,
                                 bool is_whole = true) {
        Import made;
        made.source = "list";
        made.replace = is_whole;
        made.confirmed = true;
        ImportList& list = made.list;
        for (const auto& [label, text] : entries) {
            auto at = std::find(list.data_sets.begin(), list.data_sets.end(), label);
            if (at == list.data_sets.end()) {
                at = list.data_sets.insert(at, label);
            }
            Statement statement;
            statement.reason = "listed in " + label;
            statement.data_set = static_cast<std::uint32_t>(at - list.data_sets.begin());
            list.add(subject(text), list.state(statement), 1);
        }
        return import(std::move(made));
    }
    /// "SOURCE SUBJECT", sorted.
    std::vector<std::string> listed() {
        std::vector<std::string> found;
        ListFilter filter;
        filter.source = "*";
        filter.at = now_;
        EXPECT_TRUE(list(*environment_, filter, [&](const ListedRow& row) {
            found.push_back(row.source + " " + row.listing.subject + ", " + row.listing.reason);
            return true;
        }));
        std::sort(found.begin(), found.end());
        return found;
    }
    std::uint64_t entries() { return figures().feeds.front().entries; }
    std::uint64_t values() {
        const auto snapshot = store::Snapshot::begin(*environment_);
        return snapshot->count(store::Table::Values);
    }
};

TEST_F(DataSets, LieInLayersOfTheirOwn) {
    const auto made = replace({{"a", "192.0.2.1"}, {"b", "192.0.2.1"}, {"b", "example.com"}});
    ASSERT_TRUE(made) << message(made.error());
    EXPECT_EQ(made->added, 3U);
    EXPECT_EQ(entries(), 3U);
    EXPECT_EQ(listed(), (std::vector<std::string>{"list/a 192.0.2.1, listed in a",
                                                  "list/b 192.0.2.1, listed in b",
                                                  "list/b example.com, listed in b"}));
    EXPECT_EQ(differences(), 0U);
}

TEST_F(DataSets, AreEmptiedByAReplaceThatLacksThem) {
    ASSERT_TRUE(replace({{"a", "192.0.2.1"}, {"b", "192.0.2.2"}, {"", "192.0.2.3"}}));
    EXPECT_EQ(values(), 3U);
    const auto made = replace({{"b", "192.0.2.2"}, {"b", "192.0.2.4"}});
    ASSERT_TRUE(made) << message(made.error());
    EXPECT_EQ(made->added, 1U);
    EXPECT_EQ(made->removed, 2U);
    EXPECT_EQ(made->unchanged, 1U);
    EXPECT_EQ(entries(), 2U);
    EXPECT_EQ(values(), 1U);
    EXPECT_EQ(listed(), (std::vector<std::string>{"list/b 192.0.2.2, listed in b",
                                                  "list/b 192.0.2.4, listed in b"}));
    EXPECT_EQ(differences(), 0U);
}

TEST_F(DataSets, StayWhereAnImportOnlyAdds) {
    ASSERT_TRUE(replace({{"a", "192.0.2.1"}, {"b", "192.0.2.2"}}));
    const auto made = replace({{"b", "192.0.2.3"}}, false);
    ASSERT_TRUE(made) << message(made.error());
    EXPECT_EQ(made->added, 1U);
    EXPECT_EQ(made->removed, 0U);
    EXPECT_EQ(entries(), 3U);
    EXPECT_EQ(listed().size(), 3U);
}

}  // namespace
}  // namespace ostrakon::policy
