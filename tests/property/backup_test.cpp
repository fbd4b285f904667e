// After random changes, a backup restored elsewhere answers everything as the database that it is
// of, and holds together.
#include "comparison.hpp"
#include "ostrakon/policy/inspect.hpp"
#include "ostrakon/policy/restore.hpp"
#include "ostrakon/store/backup_copy.hpp"
#include "ostrakon/store/backup_seal.hpp"
#include "world.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>
#include <cstdlib>

namespace ostrakon::property {
namespace {

constexpr int kSteps = 60;
constexpr int kStepsBetweenBackups = 10;
constexpr std::size_t kPlacesMax = 500;

FileDescriptor backup_of(store::Environment& environment, bool compact) {
    FileDescriptor file{memfd_create("backup", MFD_CLOEXEC)};
    if (compact) {
        EXPECT_TRUE(store::copy_compacted(environment, file.get()));
        return file;  // without a seal, which is read too
    }
    store::SealHash hash;
    const auto write = [&file](std::string_view bytes) {
        return ::write(file.get(), bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size())
                   ? Result<Done>{Done{}}
                   : Unexpected{Error{}};
    };
    EXPECT_TRUE(store::copy_pages(environment, [&](std::string_view bytes) {
        hash.add(bytes);
        return write(bytes);
    }));
    EXPECT_TRUE(write(hash.seal(UnixTime{1'800'000'000})));
    return file;
}

verdict::Subject subject_of(const Query& query, std::string& key) {
    if (const auto* v4 = std::get_if<net::Ipv4>(&query)) {
        return *v4;
    }
    if (const auto* v6 = std::get_if<net::Ipv6>(&query)) {
        return *v6;
    }
    key = dns::reversed_key(std::get<dns::Name>(query));
    return verdict::NameKey{key};
}

Answer answer_of(verdict::Judge& judge, std::size_t zone, const Query& query, UnixTime now) {
    std::string key;
    const verdict::Subject subject = subject_of(query, key);
    const verdict::Verdict verdict = judge.judge(zone, subject, now);
    Answer answer;
    if (!verdict.listed) {
        return answer;
    }
    answer.codes.insert(verdict.codes.begin(), verdict.codes.begin() + verdict.code_count);
    answer.ttl_s = verdict.ttl_s;
    for (const std::string_view text : judge.texts(zone, subject, to_string(query), now)) {
        answer.texts.emplace(text);
    }
    return answer;
}

Difference compare(World& world, verdict::Judge& restored) {
    std::vector<Query> places = critical_queries(world.model().untidied(), world.model().maps(),
                                                 world.settings().protect, world.random());
    world.random().keep_some(places, kPlacesMax);
    EXPECT_TRUE(world.judge().renew() && restored.renew());
    for (const Query& query : places) {
        for (std::size_t zone = 0; zone < world.zones().size(); ++zone) {
            const Answer expected = answer_of(world.judge(), zone, query, world.now());
            const Answer found = answer_of(restored, zone, query, world.now());
            if (!are_same(expected, found)) {
                return to_string(query) + ": " + in_words(expected) + ", restored " +
                       in_words(found);
            }
        }
    }
    return std::nullopt;
}

TEST(Backup, AnswersWhatItsDatabaseAnswers) {
    const char* chosen = std::getenv("OSTRAKON_PROPERTY_SEED");
    const std::uint64_t seed = chosen == nullptr ? 20260101 : std::strtoull(chosen, nullptr, 10);
    World world{seed, Spread::Borders};
    // Restored into over and over: what it held before must leave no trace.
    const test::TemporaryDirectory elsewhere;
    auto environment = store::Environment::open({.directory = elsewhere.path(),
                                                 .access = store::Access::ReadWriteCreate,
                                                 .size_bytes = std::uint64_t{1} << 30});
    ASSERT_TRUE(environment);
    std::uint32_t serial = 0;
    for (int step = 1; step <= kSteps; ++step) {
        SCOPED_TRACE("seed " + std::to_string(seed) + ", step " + std::to_string(step));
        ASSERT_FALSE(world.step());
        if (step % kStepsBetweenBackups != 0) {
            continue;
        }
        const auto backup = store::BackupReader::open(
            backup_of(world.environment(), world.random().chance(50)), "backup");
        ASSERT_TRUE(backup) << message(backup.error());
        const auto report =
            policy::restore(*environment, *backup, {"property", "restore", world.now()}, {});
        ASSERT_TRUE(report) << message(report.error());
        EXPECT_GT(report->serial, serial);
        serial = report->serial;
        const auto checked = policy::check(*environment, {});
        ASSERT_TRUE(checked);
        EXPECT_EQ(checked->differences, 0U);
        verdict::Judge judge{*environment,
                             std::make_shared<verdict::Rulebook>(world.judge().rulebook())};
        const Difference difference = compare(world, judge);
        ASSERT_FALSE(difference) << *difference;
    }
}

}  // namespace
}  // namespace ostrakon::property
