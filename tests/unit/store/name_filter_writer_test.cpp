// The filter follows the name index through every kind of change set.
#include "ostrakon/store/name_filter_writer.hpp"

#include "ostrakon/dns/name.hpp"
#include "ostrakon/store/journal.hpp"
#include "ostrakon/store/meta.hpp"
#include "support/name_filter_model.hpp"
#include "support/temporary_directory.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <functional>
#include <map>
#include <random>
#include <set>

namespace ostrakon::store {
namespace {

std::string key(std::string_view name) {
    return dns::reversed_key(*dns::parse_name(name));
}

class NameFilterWriterTest : public testing::Test {
protected:
    NameFilterWriterTest()
        : environment_(*Environment::open({.directory = directory_.path(),
                                           .access = Access::ReadWriteCreate,
                                           .size_bytes = std::uint64_t{1} << 28})) {}

    Result<Done> change(const std::function<void(IndexWriter&)>& what) {
        auto transaction = std::move(*WriteTransaction::begin(environment_));
        IndexWriter index{transaction};
        what(index);
        index.finish(++serial_);
        return transaction.commit();
    }
    void put(const std::vector<std::string>& names, const std::string& value = "x") {
        ASSERT_TRUE(change([&](IndexWriter& index) {
            for (const std::string& name : names) {
                index.put(Table::IndexName, key(name), value);
            }
        }));
    }
    void erase(const std::vector<std::string>& names) {
        ASSERT_TRUE(change([&](IndexWriter& index) {
            for (const std::string& name : names) {
                index.erase(Table::IndexName, key(name));
            }
        }));
    }
    void write_raw(const std::function<void(WriteTransaction&)>& what) {
        auto transaction = std::move(*WriteTransaction::begin(environment_));
        what(transaction);
        ASSERT_TRUE(transaction.commit());
    }

    /// The filter holds what these names imply, and nothing else.
    void expect_filter_of(const std::vector<std::string>& names) {
        test::NameKeys keys;
        for (const std::string& name : names) {
            keys.insert(key(name));
        }
        auto snapshot = std::move(*Snapshot::begin(environment_));
        EXPECT_EQ(test::stored_names(snapshot), keys);
        EXPECT_EQ(test::stored_filter(snapshot), test::filter_of(keys));
        EXPECT_EQ(wrong_filter_buckets(snapshot).size(), 0U);
    }
    std::uint64_t changed() {
        return meta_number(*Snapshot::begin(environment_), meta_key::kNameFilterChanged);
    }

    test::TemporaryDirectory directory_;
    Environment environment_;
    std::uint32_t serial_ = 0;
};

TEST_F(NameFilterWriterTest, TellsOfANodeAndOfThoseAboveIt) {
    expect_filter_of({});
    put({"a.example.com"});
    expect_filter_of({"a.example.com"});
    auto snapshot = std::move(*Snapshot::begin(environment_));
    EXPECT_EQ(derive_filter_facts(snapshot).size(), 3U);
    EXPECT_TRUE(test::may_be_found(snapshot, key("a.example.com")));
    EXPECT_TRUE(test::may_be_found(snapshot, key("b.a.example.com")));
    EXPECT_TRUE(test::may_be_found(snapshot, key("com")));
    EXPECT_FALSE(test::may_be_found(snapshot, key("b.example.com")));
}

TEST_F(NameFilterWriterTest, KeepsWhatOthersStillImply) {
    // Nodes in front, behind, above and below.
    put({"a.example.com", "m.example.com", "z.example.com", "com", "a.m.example.com"});
    erase({"m.example.com"});
    expect_filter_of({"a.example.com", "z.example.com", "com", "a.m.example.com"});
    erase({"a.m.example.com", "a.example.com"});
    expect_filter_of({"z.example.com", "com"});
    erase({"z.example.com"});
    expect_filter_of({"com"});
    erase({"com"});
    expect_filter_of({});
}

TEST_F(NameFilterWriterTest, KeepsAFactThatTwoNamesShare) {
    // With this many names some two have the same one.
    std::map<std::uint32_t, std::string> seen;
    std::string one;
    std::string other;
    for (int i = 0; one.empty(); ++i) {
        const std::string name = fmt::format("h{}.example", i);
        const std::uint64_t hash = hashes_of(key(name)).of[1];
        const auto [found, is_new] =
            seen.emplace(filter_bucket(hash) << 16 | filter_entry(hash, NameFact::Node), name);
        if (!is_new) {
            one = found->second;
            other = name;
        }
    }
    put({one, other});
    expect_filter_of({one, other});
    erase({one});
    expect_filter_of({other});
    put({one});
    erase({other, one});
    expect_filter_of({});
}

TEST_F(NameFilterWriterTest, DoesNotTakeABytewiseNeighbourForARelative) {
    put({"ab.example", "a.example", "abc.example", "x.ab.example", "examples"});
    erase({"ab.example", "examples"});
    expect_filter_of({"a.example", "abc.example", "x.ab.example"});
}

TEST_F(NameFilterWriterTest, IsNotWrittenWhereNoNameComesOrGoes) {
    put({"a.example.com"});
    const std::uint64_t before = changed();
    EXPECT_NE(before, 0U);
    put({"a.example.com"}, "y");
    erase({"b.example.com"});
    ASSERT_TRUE(change([](IndexWriter& index) {
        index.put(Table::IndexName, key("c.example.com"), "x");
        index.erase(Table::IndexName, key("c.example.com"));
        index.erase(Table::IndexName, key("a.example.com"));
        index.put(Table::IndexName, key("a.example.com"), "z");
    }));
    EXPECT_EQ(changed(), before);
    expect_filter_of({"a.example.com"});
    erase({"a.example.com"});
    EXPECT_GT(changed(), before);
}

TEST_F(NameFilterWriterTest, BeginsAnewWithTheIndex) {
    put({"a.example.com", "example.net"});
    const std::uint64_t before = changed();
    ASSERT_TRUE(change([](IndexWriter& index) {
        index.put(Table::IndexName, key("b.example.com"), "x");
        index.forget();
        index.clear();
        index.put(Table::IndexName, key("c.example.com"), "x");
    }));
    EXPECT_GT(changed(), before);
    expect_filter_of({"c.example.com"});
    ASSERT_TRUE(change([](IndexWriter& index) { index.clear(); }));
    expect_filter_of({});
}

TEST_F(NameFilterWriterTest, FollowsWhateverIsDone) {
    const unsigned seed = std::random_device{}();
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::mt19937 random{seed};
    const auto some_name = [&random] {
        std::string name = random() % 2 == 0 ? "com" : "example";
        // Now and then deeper than what the filter tells of.
        const auto labels = random() % 20 == 0 ? 6 + random() % 5 : random() % 4;
        for (unsigned long i = 0; i < labels; ++i) {
            name.insert(0, std::string{"gxy"[random() % 3]} + ".");
        }
        return name;
    };
    std::set<std::string> names;
    for (int step = 0; step < 150; ++step) {
        const auto changes = random() % 10 == 0 ? 60 : 1 + random() % 4;
        ASSERT_TRUE(change([&](IndexWriter& index) {
            for (unsigned long i = 0; i < changes; ++i) {
                const std::string name = some_name();
                if (random() % 5 < 2) {
                    index.put(Table::IndexName, key(name), std::to_string(random() % 3));
                    names.insert(name);
                } else {
                    index.erase(Table::IndexName, key(name));
                    names.erase(name);
                }
            }
        }));
        ASSERT_NO_FATAL_FAILURE(expect_filter_of({names.begin(), names.end()}));
        ASSERT_FALSE(HasFailure());
    }
}

TEST_F(NameFilterWriterTest, FindsTheBucketsThatAreWrong) {
    put({"a.example.com", "b.example.com"});
    const std::uint64_t hash = hashes_of(key("a.example.com")).of[2];
    const std::uint32_t bucket = filter_bucket(hash);
    write_raw([&](WriteTransaction& transaction) {
        const std::vector<std::uint16_t> entries(2, filter_entry(hash, NameFact::Node));
        transaction.put(Table::NameFilter, bucket_key(bucket), encode_filter_bucket(entries));
    });
    EXPECT_EQ(wrong_filter_buckets(*Snapshot::begin(environment_)), std::vector{bucket});
    write_raw([&](WriteTransaction& transaction) {
        transaction.put(Table::NameFilter, bucket_key(bucket), "x");
    });
    EXPECT_EQ(wrong_filter_buckets(*Snapshot::begin(environment_)), std::vector{bucket});
    write_raw([&](WriteTransaction& transaction) {
        transaction.erase(Table::NameFilter, bucket_key(bucket));
        transaction.put(Table::NameFilter, bucket_key(bucket ^ 1U),
                        encode_filter_bucket(std::vector<std::uint16_t>{7}));
    });
    EXPECT_EQ(wrong_filter_buckets(*Snapshot::begin(environment_)),
              (std::vector{std::min(bucket, bucket ^ 1U), std::max(bucket, bucket ^ 1U)}));
}

TEST_F(NameFilterWriterTest, EndsAChangeThatItCannotFollow) {
    put({"a.example.com"});
    write_raw([](WriteTransaction& transaction) { transaction.clear(Table::NameFilter); });
    const auto done =
        change([](IndexWriter& index) { index.erase(Table::IndexName, key("a.example.com")); });
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().remedy, "run `ostrakon check --repair`");
    auto snapshot = std::move(*Snapshot::begin(environment_));
    EXPECT_EQ(test::stored_names(snapshot), test::NameKeys{key("a.example.com")});
}

}  // namespace
}  // namespace ostrakon::store
