// The ways in which LMDB harms those who do not know them: file systems without locks, maps that
// cannot be had, readers that died or stand still, a disk without room.
#include "ostrakon/store/environment.hpp"
#include "ostrakon/store/meta.hpp"
#include "ostrakon/store/transaction.hpp"
#include "support/forked.hpp"
#include "support/sanitizer.hpp"
#include "support/temporary_directory.hpp"

#include <linux/magic.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <gmock/gmock.h>

#include <optional>

namespace {

// What statfs() says in place of the truth.
struct FileSystem {
    long type;
    long flags;
};
std::optional<FileSystem> told;  // NOLINT(*-avoid-non-const-global-variables)

}  // namespace

// Stands in for the C library's in this program.
extern "C" int statfs(const char* path, struct statfs* status) noexcept {
    const long rc = syscall(SYS_statfs, path, status);
    if (rc == 0 && told) {
        status->f_type = told->type;
        status->f_flags = told->flags;
    }
    return static_cast<int>(rc);
}

namespace ostrakon::store {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr std::uint64_t kSize = std::uint64_t{1} << 24;

class TrapTest : public testing::Test {
protected:
    TrapTest() { EXPECT_TRUE(open(Access::ReadWriteCreate, kSize)); }
    ~TrapTest() override { told.reset(); }
    Result<Environment> open(Access access, std::optional<std::uint64_t> size = std::nullopt) {
        return Environment::open(
            {.directory = directory_.path(), .access = access, .size_bytes = size});
    }
    static void write(Environment& environment, std::uint64_t number) {
        auto transaction = WriteTransaction::begin(environment);
        ASSERT_TRUE(transaction);
        set_meta_number(*transaction, meta_key::kSerial, number);
        ASSERT_TRUE(transaction->commit());
    }
    // Starts a process that takes a state and says so; it holds it until it is killed.
    std::unique_ptr<test::Forked> start_reader() {
        auto reader = std::make_unique<test::Forked>([&](const test::Pipe& parent) {
            auto environment = open(Access::ReadOnly);
            auto snapshot = Snapshot::begin(*environment);
            parent.say(snapshot && snapshot->get(Table::Meta, meta_key::kMagic) ? "reads"
                                                                                : "fails");
            pause();
        });
        EXPECT_EQ(reader->line(), "reads");
        return reader;
    }

    test::TemporaryDirectory directory_;
};

TEST_F(TrapTest, FileSystemsWithoutLocksAreRefused) {
    struct Case {
        long type;
        const char* name;
    };
    for (const auto& [type, name] : {Case{NFS_SUPER_MAGIC, "NFS"},
                                     {0xFF534D42, "CIFS"},
                                     {0xFE534D42, "SMB"},
                                     {V9FS_MAGIC, "9p"},
                                     {0x65735546, "FUSE"}}) {
        told = FileSystem{type, 0};
        for (const Access access : {Access::ReadOnly, Access::ReadWrite, Access::ReadWriteCreate}) {
            const auto refused = open(access);
            ASSERT_FALSE(refused);
            EXPECT_THAT(message(refused.error()), HasSubstr(name));
            EXPECT_THAT(message(refused.error()), HasSubstr("local disk"));
        }
    }
    for (const long type : {0xEF53L, 0x58465342L, 0x9123683EL, 0x01021994L, 0x2FC12FC1L}) {
        told = FileSystem{type, 0};  // ext4, XFS, Btrfs, tmpfs, ZFS
        EXPECT_TRUE(open(Access::ReadWrite));
    }
}

// LMDB would go on without locks there, and another mount of it may be written to.
TEST_F(TrapTest, ReadOnlyFileSystemsAreRefused) {
    told = FileSystem{0xEF53, ST_RDONLY};
    for (const Access access : {Access::ReadOnly, Access::ReadWrite}) {
        const auto refused = open(access);
        ASSERT_FALSE(refused);
        EXPECT_THAT(message(refused.error()), HasSubstr("read-only"));
    }
}

TEST_F(TrapTest, AMapThatCannotBeHadNamesTheLimit) {
    if (test::kIsSanitized) {
        GTEST_SKIP() << "the sanitizer needs more address space than the limit of this test";
    }
    test::Forked child{[&](const test::Pipe& parent) {
        rlimit limit{std::uint64_t{1} << 32, std::uint64_t{1} << 32};
        setrlimit(RLIMIT_AS, &limit);
        const auto refused = open(Access::ReadOnly, std::uint64_t{64} << 30);
        parent.say(refused ? "opened" : message(refused.error()));
        const auto opened = open(Access::ReadOnly, std::uint64_t{1} << 30);
        parent.say(opened ? "opened" : message(opened.error()));
    }};
    const auto refusal = child.line();
    ASSERT_TRUE(refusal);
    EXPECT_THAT(*refusal, HasSubstr("RLIMIT_AS"));
    EXPECT_THAT(*refusal, HasSubstr("[database] size"));
    EXPECT_EQ(child.line(), "opened");
}

// LMDB's own number of slots is 126, and one that died keeps its slot.
TEST_F(TrapTest, SlotsOfTheDeadKeepNobodyOut) {
    constexpr int kMoreThanThereAre = 1100;
    constexpr int kAtOnce = 100;
    for (int i = 0; i < kMoreThanThereAre; i += kAtOnce) {
        std::vector<std::unique_ptr<test::Forked>> readers;
        for (int each = 0; each < kAtOnce; ++each) {
            readers.push_back(start_reader());
        }
    }  // each is killed
    auto environment = open(Access::ReadOnly);
    ASSERT_TRUE(environment) << message(environment.error());
    EXPECT_TRUE(Snapshot::begin(*environment));
    EXPECT_LT(environment->reader_count(), 2U * kAtOnce);
}

TEST_F(TrapTest, TheOldestReaderIsKnown) {
    const auto reader = start_reader();
    auto environment = open(Access::ReadWrite);
    ASSERT_TRUE(environment);
    EXPECT_FALSE(environment->oldest_reader()) << "it has the newest state";
    for (std::uint64_t i = 1; i <= 5; ++i) {
        write(*environment, i);
    }
    const auto younger = start_reader();
    write(*environment, 6);
    const auto oldest = environment->oldest_reader();
    ASSERT_TRUE(oldest);
    EXPECT_EQ(oldest->pid, reader->pid());
    EXPECT_EQ(oldest->changes, 6U);
    reader->kill();
    younger->kill();
    environment->clear_dead_readers();
    EXPECT_FALSE(environment->oldest_reader());
}

TEST_F(TrapTest, ASnapshotThatWasResetHoldsNothing) {
    auto environment = open(Access::ReadWrite);
    ASSERT_TRUE(environment);
    auto snapshot = Snapshot::begin(*environment);
    write(*environment, 1);
    EXPECT_TRUE(environment->oldest_reader());
    snapshot->reset();
    EXPECT_FALSE(environment->oldest_reader());
}

TEST_F(TrapTest, TheFileOfSlotsHasItsRoomFromTheStart) {
    struct stat status {};
    ASSERT_EQ(stat((directory_.path() / "lock.mdb").c_str(), &status), 0);
    EXPECT_GE(status.st_size, 1022 * 64);
    EXPECT_GE(status.st_blocks * 512, status.st_size);
}

// Maps of different sizes: what a larger one has written is seen by a smaller one only after it is
// opened again, and until then it reads nothing at all.
TEST_F(TrapTest, ASmallerMapSaysThatItIsOutgrown) {
    auto small = open(Access::ReadOnly);
    ASSERT_TRUE(small);
    auto snapshot = Snapshot::begin(*small);
    ASSERT_TRUE(snapshot);
    snapshot->reset();
    {
        test::Forked writer{[&](const test::Pipe& parent) {
            auto large = open(Access::ReadWrite, kSize * 4);
            auto transaction = WriteTransaction::begin(*large);
            for (int i = 0; i < 2000; ++i) {
                transaction->put(Table::Subjects, std::to_string(i), std::string(16'000, 'x'));
            }
            parent.say(transaction->commit() ? "written" : "failed");
        }};
        ASSERT_EQ(writer.line(), "written");
    }
    EXPECT_FALSE(snapshot->renew());
    EXPECT_TRUE(small->is_outgrown());
    snapshot = Unexpected{Error{}};
    small = open(Access::ReadOnly);
    ASSERT_TRUE(small);
    EXPECT_EQ(small->size_bytes(), kSize * 4);
    EXPECT_EQ(Snapshot::begin(*small)->count(Table::Subjects), 2000U);
}

}  // namespace
}  // namespace ostrakon::store
