// Reading in a confined child: it finds what a reading without one finds, and whatever it does, it
// hurts nobody else.
#include "ostrakon/feed/confined_reading.hpp"

#include "confined_child.hpp"
#include "same_contents.hpp"
#include "support/forked.hpp"
#include "support/gzip.hpp"
#include "support/packed.hpp"
#include "support/sanitizer.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <md5.h>
#include <poll.h>
#include <seccomp.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include <array>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>

namespace ostrakon::feed {
namespace {

using namespace std::string_literals;
using namespace std::string_view_literals;
using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr UnixTime kClock{1'767'225'600};

// A file that only this test has.
FileDescriptor body_of(std::string_view bytes) {
    FileDescriptor file{memfd_create("body", MFD_CLOEXEC)};
    EXPECT_EQ(write(file.get(), bytes.data(), bytes.size()), static_cast<ssize_t>(bytes.size()));
    return file;
}

Result<ReadOutcome> read_in_child(std::string_view bytes, const std::string& format,
                                  std::optional<std::string> md5 = {}) {
    const FileDescriptor body = body_of(bytes);
    return read_confined({.file = "list.txt",
                          .body = body.get(),
                          .format = format,
                          .now = kClock,
                          .md5 = std::move(md5)});
}

Result<ReadOutcome> read_here(std::string_view bytes, const std::string& format) {
    constexpr std::size_t kSizeMax = std::size_t{256} << 20;
    auto unpacked = unpack("list.txt", std::string{bytes});
    if (!unpacked) {
        return Unexpected{unpacked.error()};
    }
    const ReadRequest request{.file = "list.txt",
                              .bytes = *unpacked,
                              .size_max = kSizeMax,
                              .format = format,
                              .now = kClock,
                              .is_unpacked = true,
                              .progress = {}};
    auto map = read_map(request);
    if (!map) {
        return Unexpected{map.error()};
    }
    if (*map) {
        return ReadOutcome{{}, std::move(**map)};
    }
    auto list = read_list(request);
    return list ? Result<ReadOutcome>{ReadOutcome{std::move(*list), {}}} : Unexpected{list.error()};
}

std::string refusal(const Result<ReadOutcome>& outcome) {
    return outcome ? "none" : message(outcome.error());
}

std::string md5_of(std::string_view bytes) {
    std::array<char, MD5_DIGEST_LENGTH * 2 + 1> digest{};
    MD5Data(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size(), digest.data());
    return digest.data();
}

bool is_filtered_here() {
    const auto outcome = read_in_child("192.0.2.7\n", "plain");
    return outcome && outcome->list->contents.notes.empty();
}

// What this process has open, and whether it has children, before and after.
class Belongings {
public:
    Belongings() : descriptors_(count()) {}
    void expect_unchanged() const {
        EXPECT_EQ(count(), descriptors_);
        EXPECT_EQ(waitpid(-1, nullptr, WNOHANG), -1) << "a child is left";
        EXPECT_EQ(errno, ECHILD);
    }

private:
    static std::ptrdiff_t count() {
        const std::filesystem::directory_iterator all{"/proc/self/fd"};
        return std::distance(begin(all), end(all));
    }
    std::ptrdiff_t descriptors_;
};

// What the tests of the fuzz targets have gathered for each format.
struct CorpusFile {
    std::string format;
    std::string name;
    std::string bytes;
};
std::vector<CorpusFile> corpus() {
    std::vector<CorpusFile> files;
    for (const auto& directory : std::filesystem::directory_iterator{OSTRAKON_CORPUS}) {
        const std::string name = directory.path().filename().string();
        std::string format = name.substr(name.find('_') + 1);
        const std::size_t type = format.find("rbldnsd-");
        if (type == 0) {
            format.replace(7, 1, ":");
        }
        format = format == "csv-column" ? "csv:2,1" : format == "ndjson" ? "ndjson:a.b,c" : format;
        if (!(name.starts_with("list_") || name.starts_with("map_")) || !can_be_pulled(format)) {
            continue;
        }
        for (const auto& file : std::filesystem::directory_iterator{directory}) {
            std::ifstream in{file.path(), std::ios::binary};
            files.push_back(
                {format, file.path().string(), {std::istreambuf_iterator<char>{in}, {}}});
        }
    }
    return files;
}

TEST(ConfinedReading, FindsInEveryFormatWhatAReadingWithoutAChildFinds) {
    const auto files = corpus();
    EXPECT_GT(files.size(), 60U);
    const Belongings belongings;
    for (const CorpusFile& file : files) {
        SCOPED_TRACE(file.name);
        expect_same(read_in_child(file.bytes, file.format), read_here(file.bytes, file.format));
    }
    belongings.expect_unchanged();
}

TEST(ConfinedReading, UnpacksWithinTheChild) {
    constexpr auto kList = "192.0.2.7\n192.0.2.8\n"sv;
    // A name that is marked as UTF-8, which libarchive converts.
    const std::string named_in_utf8 =
        "PK\x03\x04\x14\0\0\x08\0\0\0\0\x21\0\x1A\x65\xEB\xDC\x0A\0\0\0\x0A\0\0\0\x02\0\0\0\xC3\xA9"
        "192.0.2.7\n"
        "PK\x01\x02\x14\x03\x14\0\0\x08\0\0\0\0\x21\0\x1A\x65\xEB\xDC\x0A\0\0\0\x0A\0\0\0\x02\0\0\0"
        "\0\0\0\0\0\0\0\0\xA4\x81\0\0\0\0\xC3\xA9PK\x05\x06\0\0\0\0\x01\0\x01\0\x30\0\0\0\x2A\0\0\0"
        "\0\0"s;
    for (const std::string& bytes :
         {test::gzip(kList), test::packed("xz", kList), test::packed("zstd", kList),
          test::packed("bzip2", kList), test::zip({{"list.txt", std::string{kList}}})}) {
        const auto outcome = read_in_child(bytes, "iplist");
        ASSERT_TRUE(outcome) << refusal(outcome);
        EXPECT_EQ(outcome->list->contents.list.size(), 2U);
        EXPECT_EQ(outcome->list->format, "iplist");
    }
    const auto outcome = read_in_child(named_in_utf8, "iplist");
    ASSERT_TRUE(outcome) << refusal(outcome);
    EXPECT_EQ(outcome->list->contents.list.size(), 1U);
    EXPECT_THAT(refusal(read_in_child(test::gzip(kList).substr(0, 20), "iplist")),
                HasSubstr("damaged or cut off"));
    EXPECT_THAT(refusal(read_in_child(test::packed("xz", std::string(100 << 20, '\n')), "iplist")),
                HasSubstr("is packed with xz to less than a 200th of its size"));
}

// Nothing else in this process has looked at the list of public suffixes before.
TEST(ConfinedReading, KnowsPublicSuffixes) {
    const auto outcome = read_in_child("*.co.uk\n*.example.co.uk\n", "domains");
    ASSERT_TRUE(outcome) << refusal(outcome);
    EXPECT_EQ(outcome->list->contents.list.size(), 1U);
    EXPECT_EQ(outcome->list->contents.rejected, 1U);
}

TEST(ConfinedReading, RefusesWhatNoFeedHas) {
    for (const auto* const format :
         {"", "fail2ban", "postfix-log", "arf", "pcre-table", "postscript"}) {
        EXPECT_FALSE(can_be_pulled(format)) << format;
        EXPECT_THAT(refusal(read_in_child("192.0.2.7\n", format)),
                    HasSubstr("is none of a list that is pulled"));
    }
    for (const FormatName& format : format_names()) {
        const bool is_own = format.name == "fail2ban" || format.name == "postfix-log" ||
                            format.name == "arf" || format.name == "pcre-table";
        EXPECT_EQ(can_be_pulled(format.name), !is_own) << format.name;
    }
}

TEST(ConfinedReading, RefusesWhatIsTooLargeOrNoFile) {
    const FileDescriptor body = body_of("192.0.2.7\n");
    EXPECT_THAT(refusal(read_confined(
                    {.file = "list.txt", .body = body.get(), .format = "iplist", .size_max = 9})),
                HasSubstr("list.txt: has 10 bytes, more than 9"));
    EXPECT_THAT(refusal(read_confined({.file = "list.txt", .body = -1, .format = "iplist"})),
                HasSubstr("no file that can be read"));
}

TEST(ConfinedReading, ReadsFromTheFirstByteWhereverTheOffsetStands) {
    const FileDescriptor body = body_of("192.0.2.7\n192.0.2.8\n");
    ASSERT_EQ(lseek(body.get(), 5, SEEK_SET), 5);
    const auto outcome =
        read_confined({.file = "list.txt", .body = body.get(), .format = "iplist"});
    ASSERT_TRUE(outcome) << refusal(outcome);
    EXPECT_EQ(outcome->list->contents.list.size(), 2U);
    EXPECT_EQ(lseek(body.get(), 0, SEEK_CUR), 5);
}

TEST(ConfinedReading, TellsHowFarItIs) {
    std::string list;
    for (int i = 0; i < 300'000; ++i) {
        list += fmt::format("10.{}.{}.{}\n", i >> 16, i >> 8 & 255, i & 255);
    }
    const FileDescriptor body = body_of(list);
    auto reading =
        ConfinedReading::start({.file = "list.txt", .body = body.get(), .format = "iplist"});
    ASSERT_TRUE(reading) << message(reading.error());
    std::uint64_t last = 0;
    pollfd ready{reading->descriptor(), POLLIN, 0};
    while (reading->advance([&](std::uint64_t done, std::uint64_t total) {
        EXPECT_EQ(total, list.size());
        EXPECT_GE(done, last);
        last = done;
    })) {
        poll(&ready, 1, -1);
    }
    EXPECT_GT(last, 0U);
    const auto outcome = reading->finish();
    ASSERT_TRUE(outcome) << refusal(outcome);
    EXPECT_EQ(outcome->list->contents.list.size(), 300'000U);
}

TEST(ConfinedReading, GoesOnBesideOthers) {
    const Belongings belongings;
    {
        const FileDescriptor body = body_of("192.0.2.7\n");
        const ConfinedRequest request{.file = "list.txt", .body = body.get(), .format = "iplist"};
        std::vector<ConfinedReading> readings;
        for (int i = 0; i < 8; ++i) {
            auto reading = ConfinedReading::start(request);
            ASSERT_TRUE(reading);
            readings.push_back(std::move(*reading));
        }
        readings.erase(readings.begin(), readings.begin() + 2);  // nobody waits for these
        for (ConfinedReading& reading : readings) {
            const auto outcome = reading.finish();
            EXPECT_TRUE(outcome) << refusal(outcome);
        }
    }
    belongings.expect_unchanged();
}

// What a list could make its reader do, if it found a way to.
struct Misdeed {
    std::string_view name;
    void (*work)(ChildDesk& desk);
    std::string_view why;
};
volatile std::uint64_t counted = 0;
constexpr auto kStopped = "made its reader try what no reader does"sv;
constexpr auto kForbidden = std::to_array<Misdeed>({
    {"opens a file", [](ChildDesk&) { open("/etc/passwd", O_RDONLY | O_CLOEXEC); }, kStopped},
    {"makes a socket", [](ChildDesk&) { socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0); }, kStopped},
    {"forks", [](ChildDesk&) { fork(); }, kStopped},
    {"runs a program",
     [](ChildDesk&) {
         std::array<char, 10> path{"/bin/true"};
         std::array<char*, 2> words{path.data(), nullptr};
         execv(path.data(), words.data());
     },
     kStopped},
    {"kills its parent", [](ChildDesk&) { kill(getppid(), SIGKILL); }, kStopped},
    {"makes memory that can be run",
     [](ChildDesk&) {
         mmap(nullptr, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
     },
     kStopped},
    {"maps its list", [](ChildDesk&) { mmap(nullptr, 4096, PROT_READ, MAP_SHARED, 3, 0); },
     kStopped},
    {"writes into its list", [](ChildDesk&) { (void)!write(3, "x", 1); }, kStopped},
    {"reads what it was not given",
     [](ChildDesk&) {
         char c = 0;
         (void)!read(0, &c, 1);
     },
     kStopped},
    {"closes its way to be heard", [](ChildDesk&) { close(5); }, kStopped},
});
constexpr auto kHarmful = std::to_array<Misdeed>({
    {"crashes", [](ChildDesk&) { __builtin_trap(); }, "its reader was ended by signal 4"},
    {"gives up", [](ChildDesk&) { std::abort(); }, "its reader was ended by signal 6"},
    {"throws", [](ChildDesk&) { throw std::runtime_error{"?"}; }, "has failed, with status 13"},
    {"ends early", [](ChildDesk&) { _exit(0); }, "handed back what cannot be: it is cut off"},
    {"ends with a status", [](ChildDesk&) { _exit(7); }, "has failed, with status 7"},
    {"says nonsense", [](ChildDesk& desk) { desk.write_result("\x07nonsense"); },
     "handed back what cannot be: it is of no kind"},
    {"counts too far",
     [](ChildDesk& desk) { desk.write_result("\0\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF"sv); },
     "handed back what cannot be: there are too many of something"},
    {"writes too much",
     [](ChildDesk& desk) {
         const std::string much(1 << 20, 'x');
         for (int i = 0; i < 65; ++i) {
             desk.write_result(much);
         }
     },
     "has entries that take more than 64 MiB"},
    {"talks without end until its time is over",
     [](ChildDesk& desk) {
         while (true) {
             desk.tell(2, 1);
         }
     },
     "cannot be read within"},
    {"takes all CPU time",
     [](ChildDesk&) {
         while (true) {
             counted = counted + 1;
         }
     },
     "cannot be read within 0.3 seconds, 1 of them of CPU time"},
});

ReaderLimits small_limits() {
    return {.memory_bytes = std::size_t{64} << 20,
            .cpu_time = std::chrono::seconds{1},
            .wall_time = std::chrono::milliseconds{300}};
}

std::string refusal_of_work(const ConfinedReading::Work& work, const ReaderLimits& limits) {
    const FileDescriptor body = body_of("192.0.2.7\n");
    auto reading = ConfinedReading::start(
        {.file = "list.txt", .body = body.get(), .format = "iplist", .limits = limits}, work);
    if (!reading) {
        return message(reading.error());
    }
    pollfd ready{reading->descriptor(), POLLIN, 0};
    while (
        reading->advance([](std::uint64_t done, std::uint64_t total) { EXPECT_LE(done, total); })) {
        poll(&ready, 1, -1);
    }
    return refusal(reading->finish());
}

// Where the work comes back, nothing has stopped it.
void expect_stopped(const Misdeed& misdeed) {
    SCOPED_TRACE(misdeed.name);
    const Belongings belongings;
    const auto work = [&misdeed](ChildDesk& desk) {
        misdeed.work(desk);
        if (misdeed.why == kStopped) {
            _exit(99);
        }
    };
    ReaderLimits limits = small_limits();
    if (misdeed.why == kStopped) {
        limits.wall_time = std::chrono::seconds{60};
    }
    const std::string why = refusal_of_work(work, limits);
    EXPECT_THAT(why, StartsWith("list.txt: "));
    EXPECT_THAT(why, HasSubstr(std::string{misdeed.why}));
    belongings.expect_unchanged();
}

TEST(ConfinedReading, StopsWhatAReaderNeverDoes) {
    if (!is_filtered_here()) {
        GTEST_SKIP() << "no filter of system calls here";
    }
    for (const Misdeed& misdeed : kForbidden) {
        expect_stopped(misdeed);
    }
}

TEST(ConfinedReading, SaysHowItsReaderHasEnded) {
    for (const Misdeed& misdeed : kHarmful) {
        expect_stopped(misdeed);
    }
}

TEST(ConfinedReading, GivesOnlySoMuchMemory) {
    if (test::kIsSanitized) {
        GTEST_SKIP() << "sanitizers take terabytes of address space";
    }
    const auto take = [](ChildDesk&) {
        const std::string much(std::size_t{10} << 30, 'x');
        counted = counted + much.size();
    };
    EXPECT_THAT(refusal_of_work(take, {.memory_bytes = std::size_t{100} << 20}),
                HasSubstr("cannot be read with 100 MiB of memory"));
    const auto take_little = [](ChildDesk&) {
        const std::string some(std::size_t{50} << 20, 'x');
        _exit(some.back() == 'x' ? 42 : 0);
    };
    // What this process has is not counted.
    const std::string here(std::size_t{200} << 20, 'x');
    EXPECT_THAT(refusal_of_work(take_little, {.memory_bytes = std::size_t{100} << 20}),
                HasSubstr("status 42"))
        << here.size();
}

TEST(ConfinedReading, SaysWhenCpuTimeIsOver) {
    const auto loop = [](ChildDesk&) {
        while (true) {
            counted = counted + 1;
        }
    };
    EXPECT_THAT(refusal_of_work(loop, {.cpu_time = std::chrono::seconds{1}}),
                HasSubstr("cannot be read within 300 seconds, 1 of them of CPU time"));
}

TEST(ConfinedReading, EndsWhenNobodyWantsItAnyMore) {
    const Belongings belongings;
    {
        const FileDescriptor body = body_of("192.0.2.7\n");
        const auto reading = ConfinedReading::start(
            {.file = "list.txt", .body = body.get(), .format = "iplist"}, [](ChildDesk&) {
                while (true) {
                    counted = counted + 1;
                }
            });
        ASSERT_TRUE(reading);
    }
    belongings.expect_unchanged();
}

// A container whose own filter forbids further ones.
void forbid_filters() {
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    scmp_filter_ctx const context = seccomp_init(SCMP_ACT_ALLOW);
    const scmp_arg_cmp set_filter{0, SCMP_CMP_EQ, PR_SET_SECCOMP, 0};
    if (seccomp_rule_add(context, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(seccomp), 0) != 0 ||
        seccomp_rule_add(context, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(prctl), 1, set_filter) != 0 ||
        seccomp_load(context) != 0) {
        _exit(1);
    }
    seccomp_release(context);
}

TEST(ConfinedReading, GoesOnWithoutAFilterAndSaysSo) {
    test::Forked process{[](const test::Pipe& pipe) {
        forbid_filters();
        const auto outcome = read_in_child("192.0.2.7\n", "iplist");
        pipe.say(outcome && outcome->list->contents.list.size() == 1 ? "read" : refusal(outcome));
        pipe.say(outcome && !outcome->list->contents.notes.empty()
                     ? outcome->list->contents.notes.front()
                     : "no note");
    }};
    EXPECT_EQ(process.line(), "read");
    EXPECT_THAT(process.line().value_or(""), HasSubstr("has no filter of system calls"));
}

// What holds without a filter. Each ends with status 42 where it finds what it should.
int inherited = -1;
constexpr auto kLimits = std::to_array<Misdeed>({
    {"opens no file",
     [](ChildDesk&) { _exit(open("/etc/passwd", O_RDONLY | O_CLOEXEC) < 0 ? 42 : 0); },
     "status 42"},
    {"makes no socket", [](ChildDesk&) { _exit(socket(AF_INET, SOCK_DGRAM, 0) < 0 ? 42 : 0); },
     "status 42"},
    {"has no descriptor of its parent",
     [](ChildDesk&) {
         bool has_other = fcntl(inherited, F_GETFD) >= 0;
         for (const int closed : {0, 1, 2, 6, 7, 8}) {
             has_other = has_other || fcntl(closed, F_GETFD) >= 0;
         }
         _exit(has_other ? 0 : 42);
     },
     "status 42"},
    {"has no handler of its parent, and ignores nothing",
     [](ChildDesk&) {
         struct sigaction term {};
         struct sigaction alarm {};
         sigaction(SIGTERM, nullptr, &term);
         sigaction(SIGALRM, nullptr, &alarm);
         _exit(term.sa_handler == SIG_DFL && alarm.sa_handler == SIG_DFL ? 42 : 0);
     },
     "status 42"},
    {"gains no rights and leaves no core",
     [](ChildDesk&) {
         const bool is_bare =
             prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1 && prctl(PR_GET_DUMPABLE) == 0;
         _exit(is_bare ? 42 : 0);
     },
     "status 42"},
    {"closes its way to be heard and goes on",
     [](ChildDesk&) {
         close(5);
         while (true) {
             counted = counted + 1;
         }
     },
     "its reader was ended by signal 9"},
});

TEST(ConfinedReading, HasItsLimitsWithoutAFilterToo) {
    for (const Misdeed& misdeed : kLimits) {
        SCOPED_TRACE(misdeed.name);
        test::Forked process{[&misdeed](const test::Pipe& pipe) {
            forbid_filters();
            std::signal(SIGALRM, SIG_IGN);
            std::signal(SIGTERM, [](int) {});
            const FileDescriptor open_here = body_of("secret");
            constexpr int kOfNoOther = 100;
            inherited = fcntl(open_here.get(), F_DUPFD, kOfNoOther);
            pipe.say(refusal_of_work(misdeed.work, {}));
        }};
        EXPECT_THAT(process.line().value_or(""), HasSubstr(std::string{misdeed.why}));
    }
}

TEST(ConfinedReading, DiesWithItsParent) {
    test::Forked process{[](const test::Pipe& pipe) {
        const FileDescriptor body = body_of("192.0.2.7\n");
        const auto reading = ConfinedReading::start(
            {.file = "list.txt", .body = body.get(), .format = "iplist"}, [](ChildDesk&) {
                while (true) {
                    counted = counted + 1;
                }
            });
        std::ifstream children{fmt::format("/proc/self/task/{}/children", getpid())};
        std::string child;
        children >> child;
        pipe.say(child);
        pause();
    }};
    const std::string child = process.line().value_or("");
    ASSERT_NE(child, "");
    process.kill();
    // The kernel has killed it with its parent; its new parent may not have waited yet.
    const auto is_alive = [&child] {
        std::ifstream stat{"/proc/" + child + "/stat"};
        const std::string text{std::istreambuf_iterator<char>{stat}, {}};
        const std::size_t state = text.rfind(") ");
        return state != std::string::npos && text[state + 2] != 'Z' && text[state + 2] != 'X';
    };
    for (int i = 0; i < 100'000 && is_alive(); ++i) {
        sched_yield();
    }
    EXPECT_FALSE(is_alive());
}

TEST(ConfinedReading, ComparesTheMd5OfThePackedOrTheUnpackedBytes) {
    const std::string map =
        "2|apnic|20260924|1|19830101|20260924|+1000\n"
        "apnic|AU|ipv4|192.0.2.0|256|20110811|assigned\n";
    const std::string packed = test::gzip(map);
    for (const std::string& of : {map, packed}) {
        const auto outcome = read_in_child(packed, "rir", md5_of(of) + "  delegated\n");
        ASSERT_TRUE(outcome) << refusal(outcome);
        EXPECT_EQ(outcome->map->contents.size(), 1U);
    }
    EXPECT_THAT(refusal(read_in_child(packed, "rir", md5_of("other"))),
                HasSubstr("its MD5 is not the one in list.txt.md5"));
    EXPECT_TRUE(read_in_child(packed, "rir", "<html>no digest here</html>"));
}

}  // namespace
}  // namespace ostrakon::feed
