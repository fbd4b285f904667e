// Taking a backup back: what it held is there again, what was derived is derived anew, and nothing
// that a file says is believed unseen.
#include "ostrakon/policy/restore.hpp"

#include "database.hpp"
#include "ostrakon/policy/pull_state.hpp"
#include "ostrakon/policy/verdict_set.hpp"
#include "ostrakon/store/backup_copy.hpp"
#include "ostrakon/store/codec.hpp"
#include "ostrakon/store/meta.hpp"

#include <gmock/gmock.h>
#include <sys/mman.h>
#include <unistd.h>

#include <random>

namespace ostrakon::policy {
namespace {

using store::Table;
using testing::HasSubstr;

class RestoreTest : public DatabaseTest {
protected:
    // An unsealed backup, so that tests can do harm to it.
    std::string copy() {
        std::string bytes;
        EXPECT_TRUE(store::copy_pages(*environment_, [&](std::string_view piece) {
            bytes += piece;
            return Result<Done>{Done{}};
        }));
        return bytes;
    }
    static Result<store::BackupReader> reader(std::string_view bytes) {
        FileDescriptor file{memfd_create("backup", MFD_CLOEXEC)};
        EXPECT_EQ(::write(file.get(), bytes.data(), bytes.size()),
                  static_cast<ssize_t>(bytes.size()));
        return store::BackupReader::open(std::move(file), "backup");
    }
    Result<RestoreReport> restore(std::string_view bytes) {
        const auto backup = reader(bytes);
        if (!backup) {
            return Unexpected{backup.error()};
        }
        return policy::restore(*environment_, *backup, author(), {});
    }
    std::uint64_t meta(std::string_view key) {
        const auto snapshot = store::Snapshot::begin(*environment_);
        return store::meta_number(*snapshot, key);
    }
    std::uint64_t count(Table table) { return store::Snapshot::begin(*environment_)->count(table); }
    void edit(const std::function<void(store::WriteTransaction&)>& change) {
        auto transaction = store::WriteTransaction::begin(*environment_);
        change(*transaction);
        ASSERT_TRUE(transaction->commit());
    }
    static std::string of_no_time() {
        PullState state;
        state.next = UnixTime{-1};
        return encode(state);
    }
    void decide_something() {
        ASSERT_TRUE(ban("192.0.2.0/24"));
        ASSERT_TRUE(ban("2001:db8::/48"));
        ASSERT_TRUE(ban("example.com"));
        Import feed = import_of({"198.51.100.0/24", "*.example.net", "203.0.113.7"}, "feed");
        ASSERT_TRUE(import(std::move(feed)));
    }
    // In a directory of its own from here on.
    void begin_anew() {
        elsewhere_.emplace();
        environment_.emplace(*store::Environment::open({.directory = elsewhere_->path(),
                                                        .access = store::Access::ReadWriteCreate,
                                                        .size_bytes = std::uint64_t{1} << 28}));
    }
    std::size_t events() { return history(*environment_, std::nullopt, std::nullopt)->size(); }

    std::optional<test::TemporaryDirectory> elsewhere_;
};

TEST_F(RestoreTest, PutsBackWhatWasAndKeepsTheTrail) {
    decide_something();
    const std::string backup = copy();
    at(10);
    settings_.lifecycle.evidence_to_lift = false;
    ASSERT_TRUE(unban("192.0.2.0/24"));
    ASSERT_TRUE(ban("192.0.2.77"));
    ASSERT_TRUE(import(import_of({"198.51.100.9"}, "other")));
    const std::uint64_t serial = meta(store::meta_key::kSerial);
    const std::uint64_t epoch = meta(store::meta_key::kEpoch);
    const std::size_t events_before = events();
    at(20);
    const auto report = restore(backup);
    ASSERT_TRUE(report) << message(report.error());
    EXPECT_TRUE(report->is_trail_kept);
    EXPECT_EQ(report->figures.own_listings, 3U);
    EXPECT_EQ(report->figures.feeds, 1U);
    EXPECT_EQ(report->figures.feed_entries, 3U);
    EXPECT_EQ(rows(), 3U);
    EXPECT_EQ(rows("*"), 3U);
    EXPECT_TRUE(listings("192.0.2.77").empty());
    EXPECT_EQ(differences(), 0U);
    EXPECT_GT(report->serial, serial);
    EXPECT_EQ(meta(store::meta_key::kSerial), report->serial);
    EXPECT_GT(meta(store::meta_key::kEpoch), epoch);
    EXPECT_EQ(events(), events_before + 1);
    EXPECT_EQ(history(*environment_, std::nullopt, std::nullopt)->back().change, report->change);
}

// A secondary that has an earlier serial must get the whole zone.
TEST_F(RestoreTest, LeavesNothingInTheJournalThatLeadsAstray) {
    decide_something();
    const std::string backup = copy();
    ASSERT_TRUE(ban("198.51.100.7"));
    ASSERT_GT(count(Table::Journal), 0U);
    const auto report = restore(backup);
    ASSERT_TRUE(report);
    EXPECT_EQ(count(Table::Journal), 0U);
    EXPECT_EQ(meta(store::meta_key::kJournalLost), report->serial);
    ASSERT_TRUE(ban("198.51.100.8"));
    EXPECT_GT(count(Table::Journal), 0U);
}

TEST_F(RestoreTest, RaisesTheSerialAboveBoth) {
    at(1000);
    decide_something();
    const std::string backup = copy();
    const std::uint64_t of_backup = meta(store::meta_key::kSerial);
    begin_anew();
    at(0);
    ASSERT_TRUE(ban("192.0.2.1"));
    const auto report = restore(backup);
    ASSERT_TRUE(report);
    EXPECT_GT(report->serial, of_backup);
}

TEST_F(RestoreTest, TakesTheTrailOfAnotherDatabase) {
    decide_something();
    const std::string backup = copy();
    const std::size_t events_before = events();
    begin_anew();
    ASSERT_TRUE(ban("192.0.2.200"));
    const auto report = restore(backup);
    ASSERT_TRUE(report);
    EXPECT_FALSE(report->is_trail_kept);
    EXPECT_EQ(events(), events_before + 1);
    EXPECT_EQ(rows(), 3U);
    EXPECT_EQ(differences(), 0U);
}

TEST_F(RestoreTest, GivesNoNumberTwice) {
    decide_something();
    const std::string backup = copy();
    ASSERT_TRUE(ban("192.0.2.77"));
    const store::ListingId lost = listings("192.0.2.77").front().id;
    ASSERT_TRUE(restore(backup));
    ASSERT_TRUE(ban("192.0.2.78"));
    EXPECT_GT(listings("192.0.2.78").front().id, lost);
    // Nor where the backup does not say what it has given.
    begin_anew();
    const auto original = reader(backup);
    const std::string without = [&] {
        restore(backup).value();
        edit([](store::WriteTransaction& transaction) {
            for (const auto key : {store::meta_key::kNextListing, store::meta_key::kNextValue,
                                   store::meta_key::kNextLayer, store::meta_key::kNextChange,
                                   store::meta_key::kNextEvent}) {
                store::set_meta_number(transaction, key, 0);
            }
        });
        return copy();
    }();
    begin_anew();
    ASSERT_TRUE(restore(without));
    ASSERT_TRUE(ban("192.0.2.79"));
    EXPECT_EQ(listings("192.0.2.79").front().id, 4U);
    ASSERT_TRUE(import(import_of({"198.51.100.9"}, "other")));
    EXPECT_EQ(rows("*"), 4U);
    EXPECT_EQ(differences(), 0U);
}

TEST_F(RestoreTest, DerivesTheIndexAndDoesNotBelieveTheBackups) {
    decide_something();
    edit([](store::WriteTransaction& transaction) {
        transaction.put(Table::IndexIpv4, store::bucket_key(0xC000), "x");
        transaction.put(Table::IndexIpv6, std::string(16, 'x'), "x");
        transaction.put(Table::IndexName, "x", "x");
        transaction.put(Table::Sets, store::bucket_key(1), "x");
        transaction.put(Table::Journal, "x", "x");
    });
    const std::string backup = copy();
    begin_anew();
    const auto report = restore(backup);
    ASSERT_TRUE(report) << message(report.error());
    EXPECT_EQ(differences(), 0U);
    EXPECT_EQ(rows(), 3U);
}

TEST_F(RestoreTest, RefusesEveryRecordThatCannotBe) {
    decide_something();
    struct Case {
        Table table;
        std::string key, value;
    };
    const std::string layer{"\0\0\0\1", 4};
    const std::vector<Case> cases{
        {Table::Classes, "phish", ""},
        {Table::Classes, "phish", std::string("\1\0", 2)},  // a built-in one's number
        {Table::Classes, "not a class", std::string("\x50\0", 2)},
        {Table::Layers, "x", "y"},
        {Table::Layers, std::string(4, '\0'), std::string("\4feed\0", 6)},  // the own layer
        {Table::Layers, std::string("\0\0\0\7", 4), "\x7F"},
        {Table::Feeds, "other", "\x7F"},
        {Table::Feeds, "Not A Feed", "\4spam"},
        {Table::Listings, "x", "y"},
        {Table::Listings, std::string("\0\0\0\7", 4), "y"},
        {Table::Subjects, "192.0.2.1", "xyz"},
        {Table::Expiry, "x", ""},
        {Table::Expiry, std::string(13, '\xFF'), ""},
        {Table::Rechecks, "x", ""},
        {Table::Rechecks, std::string(12, '\xFF'), ""},
        {Table::Rechecks, std::string(12, '\0'), "x"},
        {Table::Pulls, "Not A Feed", encode(PullState{})},
        {Table::Pulls, "spam", "\x7F"},
        {Table::Pulls, "spam", of_no_time()},
        {Table::EntriesIpv4, "x", "y"},
        {Table::EntriesIpv4, layer + std::string("\x10\xC0\0\0\0", 5), "y"},
        {Table::EntriesIpv4, layer + std::string("\x10\xC0\0\0\1", 5), std::string(8, '\0')},
        {Table::EntriesIpv4, layer + std::string("\x11\xC0\0\0\0", 5), std::string(8, '\0')},
        {Table::EntriesIpv4, layer + std::string("\x10\xC0\0\0\0", 5),
         std::string("\1\0\0\0\0\0\1\0\2\0\1\0", 12)},  // ends before it begins
        {Table::EntriesIpv4, layer + std::string("\x10\xC0\0\0\0", 5),
         std::string("\1\0\0\0\2\0\0\0\2\0\1\0", 12)},  // not ascending
        {Table::EntriesIpv4, layer + std::string("\x10\xC0\0\0\0", 5),
         std::string("\1\0\0\0\0\0\0\0", 8)},  // a group of nothing
        {Table::EntriesIpv4, layer + std::string("\x10\xC0\0\0\0", 5),
         std::string("\1\0\0\0\1\0\0\0\7\0x", 11)},  // and a byte more
        {Table::EntriesIpv4, layer + std::string("\x08\xC0\0\0\0", 5), std::string(12, '\0')},
        {Table::EntriesIpv6, layer + std::string("\x30", 1) + std::string(16, '\0'), "y"},
        {Table::EntriesName, layer, std::string(5, '\0')},
        {Table::EntriesName,
         layer + "\x05"
                 "abc",
         std::string(5, '\0')},
        {Table::EntriesName, layer + std::string("\0\1a", 3), std::string(5, '\0')},
        {Table::EntriesName,
         layer + "\x03"
                 "ABC",
         std::string(5, '\0')},
        {Table::EntriesName,
         layer + "\x03"
                 "abc",
         std::string("\7\0\0\0\0", 5)},
        {Table::Values, "x", "y"},
        {Table::Values, std::string("\0\0\0\7", 4), "\xFF"},
        {Table::ValueIds, "x", std::string(4, '\0')},
        {Table::ValueIds, std::string(8, 'x'), "y"},
        {Table::Events, "x", "y"},
        {Table::Events, std::string(8, '\x70'), "\1"},
        {Table::Changes, "x", "y"},
        {Table::Changes, std::string(8, '\x70'), std::string(1, '\x7F')},
    };
    const std::string good = copy();
    for (const Case& each : cases) {
        SCOPED_TRACE(static_cast<int>(each.table));
        SCOPED_TRACE(testing::PrintToString(each.key));
        edit([&](store::WriteTransaction& transaction) {
            transaction.put(each.table, each.key, each.value);
        });
        const std::string bad = copy();
        const auto verified = verify(*reader(bad), {});
        EXPECT_FALSE(verified);
        if (!verified) {
            EXPECT_EQ(verified.error().code, ErrorCode::Usage);
            EXPECT_THAT(message(verified.error()), HasSubstr("damaged"));
        }
        EXPECT_FALSE(restore(bad));
        ASSERT_TRUE(restore(good));
        EXPECT_EQ(differences(), 0U);
    }
}

TEST_F(RestoreTest, ChangesNothingWhenTheDatabaseIsFull) {
    decide_something();
    Import many;
    many.reason = "listed";
    many.confirmed = true;
    const std::uint32_t nothing_more = many.list.state({});
    for (std::uint32_t i = 0; i < 20'000; ++i) {
        const net::Ipv4 address{0xC6120000 + i * 3};
        many.list.add(net::Ipv4Range{address, address}, nothing_more, i + 1);
    }
    const std::string small = copy();
    ASSERT_TRUE(import(std::move(many)));
    const std::string large = copy();
    test::TemporaryDirectory elsewhere;
    environment_.emplace(*store::Environment::open({.directory = elsewhere.path(),
                                                    .access = store::Access::ReadWriteCreate,
                                                    .size_bytes = std::uint64_t{1} << 20}));
    ASSERT_TRUE(restore(small));
    const auto refused = restore(large);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::Store);
    EXPECT_THAT(message(refused.error()), HasSubstr("raise [database] size"));
    EXPECT_EQ(rows(), 3U);
    EXPECT_EQ(differences(), 0U);
    environment_.reset();
}

// Bytes changed at random in a file without a checksum: refused, or restored to something that
// holds together.
TEST_F(RestoreTest, ComesToAGoodEndWhateverTheFileHolds) {
    decide_something();
    const std::string whole = copy();
    std::vector<std::size_t> places;  // most of the file is empty
    for (std::size_t at = 0; at < whole.size(); ++at) {
        if (whole[at] != 0) {
            places.push_back(at);
        }
    }
    std::mt19937 random{std::random_device{}()};
    const auto seed = random();
    SCOPED_TRACE(seed);
    random.seed(seed);
    int refused = 0;
    for (int i = 0; i < 80; ++i) {
        std::string bytes = whole;
        for (int flips = 0; flips < 3; ++flips) {
            bytes[places[random() % places.size()]] = static_cast<char>(random());
        }
        begin_anew();
        const auto report = restore(bytes);
        refused += report ? 0 : 1;
        ASSERT_EQ(differences(), 0U) << i;
        ASSERT_TRUE(report || rows() == 0) << i;
    }
    EXPECT_GT(refused, 0);
}

TEST_F(RestoreTest, LeavesOldSetsBehindAsRepairDoes) {
    decide_something();
    for (int i = 0; i < 20; ++i) {  // each with an end of its own: a set of its own
        Ban ban = ban_of("192.0.2.77");
        ban.expiry = {true, after(1000 + i)};
        ASSERT_TRUE(this->ban(ban));
    }
    const std::uint64_t sets = count(Table::Sets);
    EXPECT_GE(check(*environment_, {})->sets_left_over, 15U);
    const std::uint64_t epoch = meta(store::meta_key::kEpoch);
    ASSERT_TRUE(repair(*environment_, author()));
    EXPECT_LT(count(Table::Sets), sets - 15);
    EXPECT_EQ(check(*environment_, {})->sets_left_over, 0U);
    EXPECT_EQ(count(Table::Sets), count(Table::SetIds));
    EXPECT_GT(meta(store::meta_key::kEpoch), epoch);
    EXPECT_EQ(meta(store::meta_key::kNextSet), count(Table::Sets) + 1);
    EXPECT_EQ(count(Table::Journal), 0U);
    EXPECT_EQ(differences(), 0U);
}

TEST_F(RestoreTest, SaysWhenNumbersAreUsedUp) {
    decide_something();
    edit([](store::WriteTransaction& transaction) {
        store::set_meta_number(transaction, store::meta_key::kNextSet,
                               std::uint64_t{UINT32_MAX} + 1);
    });
    Ban with_end = ban_of("192.0.2.77");
    with_end.expiry = {true, after(1000)};
    const auto refused = ban(with_end);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::Store);
    EXPECT_THAT(message(refused.error()), HasSubstr("check --repair"));
    EXPECT_EQ(rows(), 3U);
    EXPECT_EQ(differences(), 0U);
    EXPECT_TRUE(check(*environment_, {})->is_worth_rebuilding());
    ASSERT_TRUE(repair(*environment_, author()));
    EXPECT_FALSE(check(*environment_, {})->is_worth_rebuilding());
    EXPECT_TRUE(ban(with_end));
    edit([](store::WriteTransaction& transaction) {
        store::set_meta_number(transaction, store::meta_key::kNextListing,
                               std::uint64_t{UINT32_MAX} + 1);
    });
    const auto no_listing = ban("192.0.2.78");
    ASSERT_FALSE(no_listing);
    EXPECT_THAT(message(no_listing.error()), HasSubstr("\"next listing\" are used up"));
}

}  // namespace
}  // namespace ostrakon::policy
