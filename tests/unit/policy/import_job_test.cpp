// An import in its stages: what others change between them is heeded, and only what differs is
// written.
#include "database.hpp"
#include "ostrakon/policy/guard.hpp"
#include "ostrakon/store/journal.hpp"
#include "ostrakon/store/transaction.hpp"

#include <map>
#include <set>

namespace ostrakon::policy {
namespace {

class ImportStages : public DatabaseTest {
protected:
    ImportJob compared(Import&& import) {
        auto job = ImportJob::prepare(settings_, std::move(import), author());
        EXPECT_TRUE(job) << message(job.error());
        const auto done = job->compare(&*environment_);
        EXPECT_TRUE(done) << message(done.error());
        return std::move(*job);
    }
    static Import whole(const std::vector<std::string_view>& texts, std::string reason,
                        std::string source = "list") {
        Import made = import_of(texts, std::move(source));
        made.replace = true;
        made.confirmed = true;
        made.reason = std::move(reason);
        return made;
    }
    /// "SUBJECT, REASON" of a feed's entries.
    std::vector<std::string> listed(std::string source = "list") {
        std::vector<std::string> found;
        ListFilter filter;
        filter.source = std::move(source);
        filter.at = now_;
        EXPECT_TRUE(list(*environment_, filter, [&](const ListedRow& row) {
            found.push_back(row.listing.subject + ", " + row.listing.reason);
            return true;
        }));
        return found;
    }
};

TEST_F(ImportStages, CompareAgainWhenTheFeedHasChangedSince) {
    ASSERT_TRUE(import(whole({"192.0.2.1", "192.0.2.2"}, "first")));
    ImportJob waiting = compared(whole({"192.0.2.2", "192.0.2.3"}, "second"));
    ASSERT_TRUE(import(whole({"192.0.2.3", "192.0.2.4"}, "between")));
    const auto written = waiting.write(*environment_);
    ASSERT_TRUE(written) << message(written.error());
    EXPECT_EQ(written->added, 1U);
    EXPECT_EQ(written->changed, 1U);
    EXPECT_EQ(written->removed, 1U);
    EXPECT_EQ(listed(), (std::vector<std::string>{"192.0.2.2, second", "192.0.2.3, second"}));
    EXPECT_EQ(figures().feeds.front().entries, 2U);
    EXPECT_EQ(differences(), 0U);
}

TEST_F(ImportStages, CompareAgainWhenEntriesHaveEndedSince) {
    Import ending = whole({"192.0.2.1", "192.0.2.2"}, "first");
    ending.expiry = {true, after(10)};
    ASSERT_TRUE(import(std::move(ending)));
    Import same = whole({"192.0.2.1", "192.0.2.2"}, "first");
    same.expiry = {true, after(10)};
    ImportJob waiting = compared(std::move(same));
    at(20);
    ASSERT_TRUE(expire());
    const auto written = waiting.write(*environment_);
    ASSERT_TRUE(written) << message(written.error());
    EXPECT_EQ(written->added, 2U);
    EXPECT_EQ(figures().feeds.front().entries, 2U);
    EXPECT_EQ(differences(), 0U);
}

TEST_F(ImportStages, KeepTheirTextsWhenAnotherFeedHasNewOnes) {
    ASSERT_TRUE(import(whole({"192.0.2.1"}, "first")));
    ImportJob waiting = compared(whole({"192.0.2.1", "192.0.2.2"}, "second"));
    ASSERT_TRUE(import(whole({"198.51.100.1"}, "of another", "other")));
    ASSERT_TRUE(ban("203.0.113.1"));
    ASSERT_TRUE(waiting.write(*environment_));
    EXPECT_EQ(listed(), (std::vector<std::string>{"192.0.2.1, second", "192.0.2.2, second"}));
    EXPECT_EQ(listed("other"), std::vector<std::string>{"198.51.100.1, of another"});
    EXPECT_EQ(differences(), 0U);
}

TEST_F(ImportStages, KeepAValueThatOnlyWhatIsNewStillHas) {
    ASSERT_TRUE(import(whole({"192.0.2.1"}, "same")));
    ASSERT_TRUE(import(whole({"example.com"}, "same")));
    EXPECT_EQ(listed(), std::vector<std::string>{"example.com, same"});
}

TEST_F(ImportStages, KnowADryRunWithoutWriting) {
    ASSERT_TRUE(import(whole({"192.0.2.1", "192.0.2.2"}, "first")));
    Import dry = whole({"192.0.2.2"}, "first");
    dry.dry_run = true;
    const auto report = compared(std::move(dry)).dry_run_report();
    ASSERT_TRUE(report);
    EXPECT_EQ(report->removed, 1U);
    EXPECT_EQ(report->change, std::nullopt);
    EXPECT_EQ(listed().size(), 2U);
}

TEST_F(ImportStages, RefuseBeforeThereIsADatabase) {
    Import wide = whole({"64.0.0.0/7"}, "");
    wide.confirmed = false;
    auto job = ImportJob::prepare(settings_, std::move(wide), author());
    ASSERT_TRUE(job);
    EXPECT_EQ(job->compare(nullptr).error().code, ErrorCode::Refused);
    EXPECT_EQ(ImportJob::prepare(settings_, import_of({"192.0.2.1"}, "own"), author()).error().code,
              ErrorCode::Usage);
}

TEST_F(ImportStages, SayThatAFeedIsNoLongerServed) {
    config::FeedSettings configured;
    configured.name = "list";
    settings_.feeds.push_back(configured);
    EXPECT_TRUE(import(whole({"192.0.2.1"}, "first"))->notes.empty());
    settings_.feeds.clear();
    const auto orphaned = import(whole({"192.0.2.1"}, "first"));
    ASSERT_TRUE(orphaned);
    ASSERT_EQ(orphaned->notes.size(), 1U);
    EXPECT_NE(orphaned->notes.front().find("no longer configured"), std::string::npos);
    EXPECT_TRUE(import(whole({"192.0.2.1"}, "first", "local"))->notes.empty());
}

// A list of kNetworks times kHosts addresses, of which one percent changes.
class Replacement : public ImportStages {
protected:
    static constexpr std::uint32_t kNetworks = 1000;
    static constexpr std::uint32_t kHosts = 300;
    static constexpr std::uint32_t kChangedNetworks = 10;

    static Import list_with(std::uint32_t shift_of_some) {
        Import made = whole({}, "listed");
        const std::uint32_t nothing_more = made.list.state({});
        for (std::uint32_t network = 0; network < kNetworks; ++network) {
            const std::uint32_t shift = network < kChangedNetworks ? shift_of_some : 0;
            for (std::uint32_t host = 0; host < kHosts; ++host) {
                const net::Ipv4 address{0x40000000 + (network << 16) + 2 * host + shift};
                made.list.add(net::Ipv4Range{address, address}, nothing_more, 1);
            }
        }
        return made;
    }
    std::map<std::string, std::string> contents(store::Table table) {
        std::map<std::string, std::string> all;
        const auto snapshot = store::Snapshot::begin(*environment_);
        store::Cursor cursor{*snapshot, table};
        for (bool more = cursor.first(); more; more = cursor.next()) {
            all.emplace(cursor.key(), cursor.value());
        }
        return all;
    }
};

TEST_F(Replacement, WritesOnlyWhatDiffers) {
    ASSERT_TRUE(import(list_with(0)));
    const auto old_index = contents(store::Table::IndexIpv4);
    const auto old_journal = contents(store::Table::Journal);
    const std::uint64_t used = environment_->used_bytes();

    const auto made = import(list_with(1));
    ASSERT_TRUE(made) << message(made.error());
    EXPECT_EQ(made->added, kChangedNetworks * kHosts);
    EXPECT_EQ(made->removed, kChangedNetworks * kHosts);
    EXPECT_EQ(made->unchanged, (kNetworks - kChangedNetworks) * kHosts);

    // The journal has what was overwritten of the index: just the buckets that were touched.
    std::set<std::string> overwritten;
    std::size_t bytes = 0;
    for (const auto& [key, value] : contents(store::Table::Journal)) {
        if (!old_journal.contains(key)) {
            const auto image = store::decode_before_image(value);
            ASSERT_TRUE(image);
            EXPECT_EQ(old_index.at(std::string{image->key}), image->value);
            overwritten.emplace(image->key);
            bytes += image->value->size();
        }
    }
    EXPECT_EQ(overwritten.size(), kChangedNetworks);
    EXPECT_LT(bytes, 4 * 2 * kChangedNetworks * kHosts);

    // LMDB writes pages anew wherever something on them was put: few of them were.
    EXPECT_LT(environment_->used_bytes() - used, used / 10);
    EXPECT_EQ(differences(), 0U);
}

TEST(NeverOverlap, JoinsRangesThatMeet) {
    config::ProtectSettings protect;
    protect.never_ipv4 = {net::prefix(net::Ipv4{0xC0000280}, 25),
                          net::prefix(net::Ipv4{0xC0000200}, 25),
                          net::prefix(net::Ipv4{0xFFFFFFFE}, 31)};
    const auto overlap = [&](std::string_view text) {
        return never_overlap(protect, *parse_subject(text));
    };
    EXPECT_EQ(overlap("192.0.2.0/24"), NeverOverlap::Wholly);
    EXPECT_EQ(overlap("192.0.2.100-192.0.2.200"), NeverOverlap::Wholly);
    EXPECT_EQ(overlap("192.0.2.0-192.0.3.0"), NeverOverlap::Partly);
    EXPECT_EQ(overlap("192.0.1.255-192.0.2.255"), NeverOverlap::Partly);
    EXPECT_EQ(overlap("192.0.3.0/24"), NeverOverlap::None);
    EXPECT_EQ(overlap("255.255.255.255"), NeverOverlap::Wholly);
    EXPECT_EQ(overlap("255.255.255.253-255.255.255.255"), NeverOverlap::Partly);
}

}  // namespace
}  // namespace ostrakon::policy
