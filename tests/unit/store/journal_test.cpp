// The journal: leads back to each earlier state it still has, and stays within its bound.
#include "ostrakon/store/journal.hpp"

#include "ostrakon/store/codec.hpp"
#include "ostrakon/store/meta.hpp"
#include "support/temporary_directory.hpp"

#include <gtest/gtest.h>

#include <map>

namespace ostrakon::store {
namespace {

constexpr std::uint64_t kLarge = kJournalBytesMax / 8;

class JournalTest : public testing::Test {
protected:
    JournalTest()
        : environment_(*Environment::open({.directory = directory_.path(),
                                           .access = Access::ReadWriteCreate,
                                           .size_bytes = std::uint64_t{1} << 29})) {}

    /// One change set: sets names of the index; an empty value removes.
    void change(std::uint32_t serial,
                const std::vector<std::pair<std::string, std::string>>& writes) {
        auto transaction = std::move(*WriteTransaction::begin(environment_));
        IndexWriter index{transaction};
        for (const auto& [key, value] : writes) {
            value.empty() ? index.erase(Table::IndexName, key)
                          : index.put(Table::IndexName, key, value);
        }
        index.finish(serial);
        ASSERT_TRUE(transaction.commit());
    }

    using Content = std::map<std::string, std::string>;
    /// The names as they were after the change of this serial.
    Content content_after(std::uint32_t serial) {
        auto snapshot = std::move(*Snapshot::begin(environment_));
        Content content;
        Cursor names{snapshot, Table::IndexName};
        for (bool more = names.first(); more; more = names.next()) {
            content.emplace(names.key(), names.value());
        }
        Cursor images{snapshot, Table::Journal};
        for (bool more = images.last();
             more && load_big_endian<std::uint32_t>(images.key().data()) > serial;
             more = images.previous()) {
            const auto image = decode_before_image(images.value());
            EXPECT_TRUE(image);
            if (image->value) {
                content.insert_or_assign(std::string{image->key}, std::string{*image->value});
            } else {
                content.erase(std::string{image->key});
            }
        }
        return content;
    }
    std::uint64_t meta(std::string_view key) {
        return meta_number(*Snapshot::begin(environment_), key);
    }
    std::uint64_t journal_bytes() {
        auto snapshot = std::move(*Snapshot::begin(environment_));
        std::uint64_t bytes = 0;
        Cursor images{snapshot, Table::Journal};
        for (bool more = images.first(); more; more = images.next()) {
            bytes += images.key().size() + images.value().size();
        }
        return bytes;
    }

    test::TemporaryDirectory directory_;
    Environment environment_;
};

TEST_F(JournalTest, LeadsBackToEachState) {
    change(1, {{"a", "1"}, {"b", "1"}});
    change(2, {{"a", "2"}, {"c", "2"}, {"b", ""}});
    change(3, {{"a", ""}, {"a", "3"}, {"d", "3"}, {"d", ""}, {"e", ""}});
    EXPECT_EQ(content_after(3), (Content{{"a", "3"}, {"c", "2"}}));
    EXPECT_EQ(content_after(2), (Content{{"a", "2"}, {"c", "2"}}));
    EXPECT_EQ(content_after(1), (Content{{"a", "1"}, {"b", "1"}}));
    EXPECT_EQ(content_after(0), Content{});
    EXPECT_EQ(meta(meta_key::kJournalBytes), journal_bytes());
}

TEST_F(JournalTest, KeepsNothingOfWhatStaysAsItIs) {
    change(1, {{"a", "1"}});
    const std::uint64_t before = journal_bytes();
    const std::uint64_t changed = meta(meta_key::kIndexNameChanged);
    change(2, {{"a", "1"}, {"z", ""}});
    EXPECT_EQ(journal_bytes(), before);
    EXPECT_EQ(meta(meta_key::kIndexNameChanged), changed);
}

TEST_F(JournalTest, LosesTheOldestWholeWhenItIsFull) {
    for (std::uint32_t serial = 1; serial <= 12; ++serial) {
        const std::string value(kLarge, static_cast<char>('a' + serial));
        change(serial, {{"big", value}, {"small", std::to_string(serial)}});
        ASSERT_LE(journal_bytes(), kJournalBytesMax);
        ASSERT_EQ(meta(meta_key::kJournalBytes), journal_bytes());
    }
    const auto lost = static_cast<std::uint32_t>(meta(meta_key::kJournalLost));
    EXPECT_GE(lost, 2U);
    EXPECT_LT(lost, 12U);
    for (std::uint32_t serial = lost; serial <= 12; ++serial) {
        EXPECT_EQ(content_after(serial).at("small"), std::to_string(serial));
    }
}

TEST_F(JournalTest, IsClearedByAChangeThatIsLargerThanAllOfIt) {
    const std::string value(kLarge, 'x');
    std::vector<std::pair<std::string, std::string>> writes;
    for (int i = 0; i < 9; ++i) {
        writes.emplace_back("big " + std::to_string(i), value);
    }
    change(1, writes);
    for (auto& [key, text] : writes) {
        text.clear();
    }
    change(2, writes);
    EXPECT_EQ(meta(meta_key::kJournalLost), 2U);
    EXPECT_EQ(journal_bytes(), 0U);
    change(3, {{"a", "1"}});
    EXPECT_EQ(content_after(2), Content{});
    EXPECT_EQ(content_after(3), (Content{{"a", "1"}}));
    EXPECT_EQ(meta(meta_key::kJournalBytes), journal_bytes());
}

TEST(BeforeImage, IsRefusedWhereItIsDamaged) {
    std::string bytes = Encoder{}.number(1).text("key").flag(true).text("value").take();
    ASSERT_TRUE(decode_before_image(bytes));
    for (std::size_t size = 1; size < bytes.size(); ++size) {
        const auto image = decode_before_image(std::string_view{bytes}.substr(0, size));
        EXPECT_TRUE(!image || !image->value || image->value->empty());
    }
}

}  // namespace
}  // namespace ostrakon::store
