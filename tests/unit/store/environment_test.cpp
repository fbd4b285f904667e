// Opening the database: what can be wrong with a directory is said in one line and left as it is.
#include "ostrakon/store/environment.hpp"
#include "ostrakon/store/meta.hpp"
#include "ostrakon/store/name_filter_writer.hpp"
#include "ostrakon/store/transaction.hpp"
#include "support/temporary_directory.hpp"

#include <lmdb.h>
#include <sys/stat.h>

#include <gmock/gmock.h>

#include <random>

namespace ostrakon::store {
namespace {

using testing::HasSubstr;

constexpr std::uint64_t kSize = std::uint64_t{1} << 24;

class EnvironmentTest : public testing::Test {
protected:
    Result<Environment> open(Access access, std::optional<std::uint64_t> size = std::nullopt) {
        return Environment::open(
            {.directory = directory_.path(), .access = access, .size_bytes = size});
    }
    void make() {
        const auto made = open(Access::ReadWriteCreate, kSize);
        ASSERT_TRUE(made) << message(made.error());
    }
    void set_meta(std::string_view key, std::uint64_t value) {
        auto environment = open(Access::ReadWrite);
        ASSERT_TRUE(environment);
        auto transaction = WriteTransaction::begin(*environment);
        ASSERT_TRUE(transaction);
        set_meta_number(*transaction, key, value);
        ASSERT_TRUE(transaction->commit());
    }
    std::string bytes() const { return test::read_file(directory_.path() / "data.mdb"); }
    bool has(const char* file) const { return std::filesystem::exists(directory_.path() / file); }

    /// However it is opened: refused as a matter of the database, in words with `why`, and not a
    /// byte of the file is changed.
    void expect_refused(const std::string& why) {
        const std::string before = bytes();
        for (const Access access : {Access::ReadOnly, Access::ReadWrite, Access::ReadWriteCreate}) {
            const auto refused = open(access, kSize);
            ASSERT_FALSE(refused);
            EXPECT_EQ(refused.error().code, ErrorCode::Store);
            EXPECT_THAT(message(refused.error()), HasSubstr(why));
            EXPECT_THAT(message(refused.error()), HasSubstr(directory_.path().string()));
            EXPECT_THAT(message(refused.error()), testing::Not(HasSubstr("\n")));
            EXPECT_EQ(bytes(), before);
        }
    }

    test::TemporaryDirectory directory_;
};

TEST_F(EnvironmentTest, MakesADatabaseAndOpensItAgain) {
    make();
    for (const Access access : {Access::ReadOnly, Access::ReadWrite, Access::ReadWriteCreate}) {
        const auto again = open(access);
        ASSERT_TRUE(again) << message(again.error());
        EXPECT_EQ(again->size_bytes(), kSize) << "the size is what the database says of itself";
    }
    struct stat status {};
    ASSERT_EQ(stat((directory_.path() / "data.mdb").c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0007U, 0U) << "not for the world";
}

TEST_F(EnvironmentTest, NeverMakesADatabaseUnasked) {
    for (const Access access : {Access::ReadOnly, Access::ReadWrite}) {
        const auto refused = open(access, kSize);
        ASSERT_FALSE(refused);
        EXPECT_EQ(refused.error().code, ErrorCode::Store);
        EXPECT_THAT(message(refused.error()), HasSubstr("ostrakon init"));
        EXPECT_TRUE(std::filesystem::is_empty(directory_.path()));
    }
}

TEST_F(EnvironmentTest, RefusesAMissingDirectory) {
    for (const Access access : {Access::ReadOnly, Access::ReadWrite, Access::ReadWriteCreate}) {
        const auto refused = Environment::open(
            {.directory = directory_.path() / "none", .access = access, .size_bytes = kSize});
        ASSERT_FALSE(refused);
        EXPECT_EQ(refused.error().code, ErrorCode::Store);
        EXPECT_THAT(message(refused.error()), HasSubstr("No such file or directory"));
    }
}

TEST_F(EnvironmentTest, RefusesAFileInPlaceOfTheDirectory) {
    const auto file = directory_.write("file", "text");
    const auto refused = Environment::open(
        {.directory = file, .access = Access::ReadWriteCreate, .size_bytes = kSize});
    ASSERT_FALSE(refused);
    EXPECT_THAT(message(refused.error()), HasSubstr("not a directory"));
}

TEST_F(EnvironmentTest, RefusesAnEmptyFile) {
    directory_.write("data.mdb", "");
    expect_refused("empty");
}

TEST_F(EnvironmentTest, RefusesADirectoryInPlaceOfTheFile) {
    std::filesystem::create_directory(directory_.path() / "data.mdb");
    const auto refused = open(Access::ReadWriteCreate, kSize);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::Store);
}

TEST_F(EnvironmentTest, RefusesGarbage) {
    std::mt19937 random{1};
    for (const std::size_t size : {1U, 100U, 4096U, 8192U, 100'000U}) {
        std::string garbage(size, '\0');
        for (char& byte : garbage) {
            byte = static_cast<char>(random());
        }
        directory_.write("data.mdb", garbage);
        expect_refused("not a database of this program");
    }
}

TEST_F(EnvironmentTest, RefusesAnotherProgramsDatabase) {
    for (const char* table : {static_cast<const char*>(nullptr), "meta", "other"}) {
        test::TemporaryDirectory elsewhere;
        MDB_env* env = nullptr;
        ASSERT_EQ(mdb_env_create(&env), MDB_SUCCESS);
        mdb_env_set_maxdbs(env, 4);
        ASSERT_EQ(mdb_env_open(env, elsewhere.path().c_str(), 0, 0600), MDB_SUCCESS);
        MDB_txn* txn = nullptr;
        MDB_dbi dbi{};
        ASSERT_EQ(mdb_txn_begin(env, nullptr, 0, &txn), MDB_SUCCESS);
        ASSERT_EQ(mdb_dbi_open(txn, table, MDB_CREATE, &dbi), MDB_SUCCESS);
        std::string text = "meta";
        MDB_val value{text.size(), text.data()};
        ASSERT_EQ(mdb_put(txn, dbi, &value, &value, 0), MDB_SUCCESS);
        ASSERT_EQ(mdb_txn_commit(txn), MDB_SUCCESS);
        mdb_env_close(env);
        directory_.write("data.mdb", test::read_file(elsewhere.path() / "data.mdb"));
        expect_refused("another program's database");
    }
}

TEST_F(EnvironmentTest, BringsAnOlderSchemaUpToDateForWhoeverMayWrite) {
    ASSERT_TRUE(open(Access::ReadWriteCreate));
    set_meta(meta_key::kSchema, kSchemaOldest);
    const auto reader = open(Access::ReadOnly);
    ASSERT_FALSE(reader);
    EXPECT_NE(message(reader.error()).find("`ostrakon expire` brings it up to date"),
              std::string::npos);
    ASSERT_TRUE(open(Access::ReadWrite));
    EXPECT_TRUE(open(Access::ReadOnly));
    set_meta(meta_key::kSchema, kSchemaOldest - 1);
    EXPECT_FALSE(open(Access::ReadWrite));
}

TEST_F(EnvironmentTest, MakesTheFilterOfTheNamesWhereAnOlderSchemaHasNone) {
    {
        auto environment = open(Access::ReadWriteCreate);
        ASSERT_TRUE(environment);
        auto transaction = std::move(*WriteTransaction::begin(*environment));
        for (const std::string_view key : {"\3com", "\3com\4mail", "\3net\4mail\1a"}) {
            transaction.put(Table::IndexName, key, "x");  // past the filter
        }
        set_meta_number(transaction, meta_key::kSchema, 4);  // the last one without
        ASSERT_TRUE(transaction.commit());
    }
    for (const bool is_first : {true, false}) {
        SCOPED_TRACE(is_first);
        auto environment = open(Access::ReadWrite);
        ASSERT_TRUE(environment);
        auto snapshot = std::move(*Snapshot::begin(*environment));
        EXPECT_EQ(meta_number(snapshot, meta_key::kSchema), kSchemaVersion);
        EXPECT_EQ(snapshot.count(Table::NameFilter), 5U);  // one for each name and each above it
        EXPECT_EQ(wrong_filter_buckets(snapshot).size(), 0U);
    }
}

TEST_F(EnvironmentTest, TakesHashesForMailAddressesWhereAnOlderSchemaTookThemForNames) {
    constexpr std::uint64_t kWithoutMail = 5;
    const std::string layer(4, '\0');
    const std::string name = "\x28" + std::string(40, 'a');
    const auto entry = [](char scope, char value) {
        return std::string{scope, value, '\0', '\0', '\0'};
    };
    {
        auto environment = open(Access::ReadWriteCreate);
        ASSERT_TRUE(environment);
        auto transaction = std::move(*WriteTransaction::begin(*environment));
        transaction.put(Table::EntriesName, layer + name,
                        entry(0, 7) + entry(1, 8) + entry(2, 9));  // the tree, itself, below it
        transaction.put(Table::EntriesName, layer + "\3com", entry(1, 4));
        transaction.put(Table::EntriesName, layer + name + "\1a", entry(1, 5));
        set_meta_number(transaction, meta_key::kSchema, kWithoutMail);
        ASSERT_TRUE(transaction.commit());
    }
    auto environment = open(Access::ReadWrite);
    ASSERT_TRUE(environment);
    auto snapshot = std::move(*Snapshot::begin(*environment));
    EXPECT_EQ(snapshot.get(Table::EntriesName, layer + name), entry(2, 9));
    EXPECT_EQ(snapshot.get(Table::EntriesName, layer + name + '\0'), entry(1, 7) + entry(1, 8));
    EXPECT_EQ(snapshot.get(Table::EntriesName, layer + "\3com"), entry(1, 4));
    EXPECT_EQ(snapshot.get(Table::EntriesName, layer + name + "\1a"), entry(1, 5));
    EXPECT_EQ(snapshot.count(Table::EntriesName), 4U);
}

TEST_F(EnvironmentTest, RefusesANewerSchema) {
    make();
    set_meta(meta_key::kSchema, kSchemaVersion + 1);
    expect_refused("newer program");
}

TEST_F(EnvironmentTest, RefusesAFileThatIsCutOff) {
    make();
    const std::string whole = bytes();
    for (const std::size_t size : {whole.size() / 2, whole.size() - 1, whole.size() - 4096}) {
        directory_.write("data.mdb", whole.substr(0, size));
        expect_refused("cut off");
    }
    directory_.write("data.mdb", whole);
    EXPECT_TRUE(open(Access::ReadOnly));
}

// Makes many records and removes the last of them again, in every transaction, until that leaves
// pages at the end that were never written. Returns whether it did.
bool leave_unwritten_pages(const std::filesystem::path& directory, unsigned seed) {
    MDB_env* env = nullptr;
    mdb_env_create(&env);
    mdb_env_set_maxdbs(env, kTableCount);
    mdb_env_set_mapsize(env, std::size_t{1} << 28);
    EXPECT_EQ(mdb_env_open(env, directory.c_str(), MDB_NOSYNC, 0600), MDB_SUCCESS);
    std::minstd_rand random{seed};
    std::string value(900, 'x');
    bool is_short = false;
    for (unsigned round = 0; round < 40 && !is_short; ++round) {
        MDB_txn* txn = nullptr;
        MDB_dbi dbi{};
        EXPECT_EQ(mdb_txn_begin(env, nullptr, 0, &txn), MDB_SUCCESS);
        EXPECT_EQ(mdb_dbi_open(txn, "subjects", 0, &dbi), MDB_SUCCESS);
        const auto count = static_cast<unsigned>(random() % 400);
        const auto kept = static_cast<unsigned>(random() % (count + 1));
        for (unsigned i = 0; i < count; ++i) {
            unsigned number = round * 1000 + i;
            MDB_val key{sizeof number, &number};
            MDB_val data{value.size(), value.data()};
            EXPECT_EQ(mdb_put(txn, dbi, &key, &data, 0), MDB_SUCCESS);
        }
        for (unsigned i = count; i > kept; --i) {
            unsigned number = round * 1000 + i - 1;
            MDB_val key{sizeof number, &number};
            EXPECT_EQ(mdb_del(txn, dbi, &key, nullptr), MDB_SUCCESS);
        }
        EXPECT_EQ(mdb_txn_commit(txn), MDB_SUCCESS);
        MDB_envinfo info{};
        mdb_env_info(env, &info);
        is_short =
            std::filesystem::file_size(directory / "data.mdb") < (info.me_last_pgno + 1) * 4096;
    }
    mdb_env_close(env);
    return is_short;
}

// LMDB counts pages that a transaction took and gave back, and does not write them: a file that
// ends with such pages is shorter than it says, and whole.
TEST_F(EnvironmentTest, OpensAFileWhoseLastPagesWereNeverWritten) {
    bool is_short = false;
    for (unsigned seed = 1; seed < 200 && !is_short; ++seed) {
        std::filesystem::remove(directory_.path() / "data.mdb");
        std::filesystem::remove(directory_.path() / "lock.mdb");
        make();
        is_short = leave_unwritten_pages(directory_.path(), seed);
    }
    ASSERT_TRUE(is_short);
    const std::string whole = bytes();
    for (const Access access : {Access::ReadOnly, Access::ReadWrite}) {
        const auto opened = open(access);
        EXPECT_TRUE(opened) << message(opened.error());
    }
    directory_.write("data.mdb", whole.substr(0, whole.size() / 2));
    EXPECT_FALSE(open(Access::ReadOnly));
    directory_.write("data.mdb", whole);
    set_meta(meta_key::kSerial, 7);
    EXPECT_TRUE(open(Access::ReadOnly));
}

// A process that dies, or finds the disk full, while it makes the database leaves a file without
// tables.
TEST_F(EnvironmentTest, FinishesADatabaseThatWasNeverFinished) {
    const auto too_small = open(Access::ReadWriteCreate, 3 * 4096);
    ASSERT_FALSE(too_small);
    EXPECT_THAT(message(too_small.error()), HasSubstr("full"));
    const auto not_there = open(Access::ReadOnly);
    ASSERT_FALSE(not_there);
    EXPECT_THAT(message(not_there.error()), HasSubstr("ostrakon init"));
    const auto made = open(Access::ReadWriteCreate, kSize);
    ASSERT_TRUE(made) << message(made.error());
    EXPECT_EQ(made->size_bytes(), kSize);
    EXPECT_TRUE(open(Access::ReadOnly));
}

TEST_F(EnvironmentTest, GrowsAndDoesNotShrink) {
    make();
    EXPECT_EQ(open(Access::ReadWrite, kSize * 2)->size_bytes(), kSize * 2);
    EXPECT_EQ(open(Access::ReadWrite, kSize / 2)->size_bytes(), kSize);
}

TEST_F(EnvironmentTest, CountsReaders) {
    make();
    auto environment = open(Access::ReadOnly);
    ASSERT_TRUE(environment);
    const std::uint32_t before = environment->reader_count();
    {
        auto snapshot = Snapshot::begin(*environment);
        ASSERT_TRUE(snapshot);
        EXPECT_GE(environment->reader_count(), std::max(before, 1U));
    }
    environment->clear_dead_readers();
}

}  // namespace
}  // namespace ostrakon::store
