// Copies of the database, and what is read from files that are damaged or made to do harm.
#include "ostrakon/store/backup_copy.hpp"
#include "ostrakon/store/backup_reader.hpp"
#include "ostrakon/store/backup_seal.hpp"
#include "ostrakon/store/meta.hpp"
#include "support/forked.hpp"
#include "support/temporary_directory.hpp"

#include <fcntl.h>
#include <sys/mman.h>

#include <gmock/gmock.h>

#include <map>
#include <random>

namespace ostrakon::store {
namespace {

using testing::HasSubstr;

constexpr std::uint64_t kSize = std::uint64_t{1} << 26;
constexpr std::size_t kPageSize = 4096;

using Records = std::map<std::string, std::string>;

class BackupTest : public testing::Test {
protected:
    BackupTest() {
        environment_.emplace(*Environment::open({.directory = directory_.path(),
                                                 .access = Access::ReadWriteCreate,
                                                 .size_bytes = kSize}));
        // Values of one page, of several, and enough of them for branches.
        for (int i = 0; i < 2000; ++i) {
            records_["key " + std::to_string(i)] =
                std::string(static_cast<std::size_t>(i % 100 == 0 ? 9000 : i % 50), 'v');
        }
        write(records_);
    }
    void write(const Records& records) {
        auto transaction = WriteTransaction::begin(*environment_);
        for (const auto& [key, value] : records) {
            transaction->put(Table::Subjects, key, value);
        }
        set_meta_number(*transaction, meta_key::kSerial, 42);
        ASSERT_TRUE(transaction->commit());
    }
    std::string pages() {
        std::string bytes;
        EXPECT_TRUE(copy_pages(*environment_, [&](std::string_view piece) {
            bytes += piece;
            return Result<Done>{Done{}};
        }));
        return bytes;
    }
    static std::string sealed(std::string bytes) {
        SealHash hash;
        hash.add(bytes);
        return bytes + hash.seal(UnixTime{1'800'000'000});
    }
    Result<BackupReader> open(std::string_view bytes) {
        FileDescriptor file{memfd_create("backup", MFD_CLOEXEC)};
        EXPECT_EQ(::write(file.get(), bytes.data(), bytes.size()),
                  static_cast<ssize_t>(bytes.size()));
        return BackupReader::open(std::move(file), "backup");
    }
    static Result<Records> read(const BackupReader& backup) {
        Records records;
        auto read = backup.read(Table::Subjects, [&](std::string_view key, std::string_view value) {
            records.emplace(key, value);
            return Result<Done>{Done{}};
        });
        return read ? Result<Records>{records} : Unexpected{read.error()};
    }
    // Every table, so that every page is looked at.
    static bool can_all_be_read(const BackupReader& backup) {
        bool can = true;
        for (std::size_t table = 0; table < kTableCount; ++table) {
            can = backup.read(static_cast<Table>(table), [](std::string_view, std::string_view) {
                return Result<Done>{Done{}};
            }) && can;
        }
        return can;
    }
    void expect_refused(const Result<BackupReader>& backup, const std::string& why) {
        ASSERT_FALSE(backup);
        EXPECT_EQ(backup.error().code, ErrorCode::Usage);
        EXPECT_THAT(message(backup.error()), HasSubstr("read backup backup: "));
        EXPECT_THAT(message(backup.error()), HasSubstr(why));
    }

    test::TemporaryDirectory directory_, elsewhere_;
    std::optional<Environment> environment_;
    Records records_;
};

TEST_F(BackupTest, HoldsWhatTheDatabaseHolds) {
    const auto backup = open(sealed(pages()));
    ASSERT_TRUE(backup) << message(backup.error());
    EXPECT_EQ(read(*backup).value(), records_);
    EXPECT_EQ(backup->meta_number(meta_key::kSerial), 42U);
    EXPECT_EQ(backup->made_at(), UnixTime{1'800'000'000});
    EXPECT_TRUE(can_all_be_read(*backup));
}

TEST_F(BackupTest, HoldsTheSameWhenItIsCompacted) {
    write({{"key 7", std::string(100'000, 'x')}});
    write({{"key 7", "small again"}});
    records_["key 7"] = "small again";
    const auto path = elsewhere_.path() / "compacted";
    const FileDescriptor file{::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600)};
    const auto copied = copy_compacted(*environment_, file.get());
    ASSERT_TRUE(copied) << message(copied.error());
    const std::string bytes = test::read_file(path);
    EXPECT_LT(bytes.size(), pages().size());
    const auto backup = open(sealed(bytes));
    ASSERT_TRUE(backup) << message(backup.error());
    EXPECT_EQ(read(*backup).value(), records_);
    EXPECT_TRUE(can_all_be_read(*backup));
}

TEST_F(BackupTest, IsADatabaseToo) {
    elsewhere_.write("data.mdb", sealed(pages()));
    const auto again = Environment::open(
        {.directory = elsewhere_.path(), .access = Access::ReadWrite, .size_bytes = kSize});
    ASSERT_TRUE(again) << message(again.error());
    auto transaction =
        WriteTransaction::begin(const_cast<Environment&>(*again));  // it can be written to
    EXPECT_EQ(transaction->get(Table::Subjects, "key 7"), records_["key 7"]);
    transaction->put(Table::Subjects, "key 7", "new");
    EXPECT_TRUE(transaction->commit());
}

// A state is in the copy whole, whatever is committed while it is made.
TEST_F(BackupTest, StandsStillWhileOthersWrite) {
    environment_.reset();
    test::Forked writer{[&](const test::Pipe& parent) {
        auto environment = Environment::open(
            {.directory = directory_.path(), .access = Access::ReadWrite, .size_bytes = kSize});
        for (int i = 0; environment; ++i) {
            auto transaction = WriteTransaction::begin(*environment);
            for (int key = 0; key < 200; ++key) {
                transaction->put(Table::Subjects, "key " + std::to_string(key * 7),
                                 std::to_string(i));
            }
            if (!transaction->commit() || (i == 2 && !parent.say("writing"))) {
                return;
            }
        }
    }};
    ASSERT_EQ(writer.line(), "writing");
    environment_.emplace(*Environment::open(
        {.directory = directory_.path(), .access = Access::ReadOnly, .size_bytes = kSize}));
    for (int i = 0; i < 30; ++i) {
        const auto backup = open(sealed(pages()));
        ASSERT_TRUE(backup) << message(backup.error());
        const auto records = read(*backup);
        ASSERT_TRUE(records) << message(records.error());
        for (int key = 0; key < 200; ++key) {
            ASSERT_EQ(records->at("key " + std::to_string(key * 7)), records->at("key 0"));
        }
    }
}

TEST_F(BackupTest, IsRefusedWhereverItIsCut) {
    const std::string whole = sealed(pages());
    for (std::size_t size = 0; size < whole.size(); size += kPageSize) {
        const auto backup = open(std::string_view{whole}.substr(0, size));
        const bool can_be_read = backup && can_all_be_read(*backup);
        EXPECT_TRUE(!can_be_read || read(*backup).value() == records_) << size;
        if (size < whole.size() / 2) {
            EXPECT_FALSE(can_be_read) << size;
        }
    }
    // Without its seal it is what LMDB's own tool would have made.
    EXPECT_TRUE(open(std::string_view{whole}.substr(0, whole.size() - kSealSize)));
    for (std::size_t cut = 1; cut < kSealSize; cut += 17) {
        expect_refused(open(std::string_view{whole}.substr(0, whole.size() - cut)), "cut off");
    }
}

TEST_F(BackupTest, IsRefusedWhenAnyByteOfItHasChanged) {
    std::string bytes = sealed(pages());
    std::mt19937 random{std::random_device{}()};
    const auto seed = random();
    SCOPED_TRACE(seed);
    random.seed(seed);
    for (int i = 0; i < 300; ++i) {
        const std::size_t at = i < 50 ? bytes.size() - 1 - random() % kSealSize  // in the seal too
                                      : random() % bytes.size();
        const char before = bytes[at];
        bytes[at] = static_cast<char>(before ^ (1 << random() % 8));
        EXPECT_FALSE(open(bytes)) << at;
        bytes[at] = before;
    }
    EXPECT_TRUE(open(bytes));
}

// Without a seal nobody can know whether a text is right; but whatever the bytes are, reading them
// comes to an end and reads nothing else.
TEST_F(BackupTest, IsReadSafelyWhateverItsPagesSay) {
    const std::string whole = pages();
    std::mt19937 random{std::random_device{}()};
    const auto seed = random();
    SCOPED_TRACE(seed);
    random.seed(seed);
    int refused = 0;
    for (int i = 0; i < 3000; ++i) {
        std::string bytes = whole;
        for (int flips = 1 + static_cast<int>(random() % 4); flips > 0; --flips) {
            // Headers and pointers are what does harm: the first bytes of pages.
            const std::size_t page = random() % (bytes.size() / kPageSize);
            const std::size_t at = page * kPageSize + random() % (flips % 2 == 0 ? 40 : kPageSize);
            bytes[at] = static_cast<char>(random());
        }
        const auto backup = open(bytes);
        refused += backup && can_all_be_read(*backup) ? 0 : 1;
    }
    EXPECT_GT(refused, 500);
}

TEST_F(BackupTest, IsRefusedWhenItIsSomethingElse) {
    expect_refused(open(""), "ends at byte 0");
    expect_refused(open("some text"), "no backup");
    expect_refused(open(std::string(8192, 'x')), "no backup");
    expect_refused(open(sealed(std::string(8192, 'x'))), "no backup");
    expect_refused(
        BackupReader::open(FileDescriptor{::open("/dev/null", O_RDONLY | O_CLOEXEC)}, "backup"),
        "no file");
    auto transaction = WriteTransaction::begin(*environment_);
    set_meta_number(*transaction, meta_key::kSchema, kSchemaVersion + 1);
    ASSERT_TRUE(transaction->commit());
    expect_refused(open(sealed(pages())), "it has schema " + std::to_string(kSchemaVersion + 1));
}

}  // namespace
}  // namespace ostrakon::store
