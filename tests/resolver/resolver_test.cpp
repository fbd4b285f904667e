// What mail servers get when a resolver stands between them and ostrakond: every listed subject
// listed, every other not.
//
// Resolvers that minimise names ask for the parts of an address first, and end the search at the
// first part that is said not to exist; a server that gets one part wrong loses listings without a
// trace.
#include "resolver/resolver.hpp"
#include "resolver/mixed_set.hpp"
#include "support/live_site.hpp"
#include "support/own_network.hpp"
#include "support/query_builder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fmt/format.h>

namespace ostrakon::test {
namespace {

constexpr std::uint64_t kSeed = 20260502;
constexpr std::string_view kOrigin = ".bl.example.org";

// What came back for a set of questions.
struct Outcome {
    std::size_t listed = 0;
    std::vector<std::string> lost;  // listed, and did not come back so
    std::vector<std::string> wrongly_listed;
    std::vector<std::string> unanswered;  // neither listed nor not: no reply, SERVFAIL, …
};

Outcome ask(const ServerAddress& resolver, const std::vector<MixedQuestion>& questions,
            const std::string& origin) {
    Outcome outcome;
    UdpClient client{resolver};
    std::uint16_t id = 0;
    for (const MixedQuestion& question : questions) {
        client.send(build_query({.name = question.name + origin, .id = ++id}));
        const Reply reply = parse_reply(client.receive());
        const bool has_answered = reply.is_valid && reply.id == id &&
                                  (reply.rcode == "NOERROR" || reply.rcode == "NXDOMAIN");
        const bool is_listed = has_answered && std::any_of(reply.data.begin(), reply.data.end(),
                                                           [](const std::string& data) {
                                                               return data.starts_with("127.");
                                                           });
        outcome.listed += is_listed ? 1 : 0;
        const std::string shown =
            fmt::format("{} ({})", question.name, reply.is_valid ? reply.rcode : "no reply");
        if (!has_answered) {
            outcome.unanswered.push_back(shown);
        } else if (question.is_listed && !is_listed) {
            outcome.lost.push_back(shown);
        } else if (!question.is_listed && is_listed) {
            outcome.wrongly_listed.push_back(shown);
        }
    }
    return outcome;
}

// A site with the mixed set, recorded by the tool.
void record(const LiveSite& site, const MixedSet& set) {
    const ProcessResult result = run({program("ostrakon"), "--config", site.configuration(),
                                      "--yes", "import", "-", "--format", "csv", "--strict"},
                                     set.csv());
    ASSERT_EQ(result.status, 0) << result.errors;
}

// Asks everything twice: the second time most comes from the resolver's cache.
void expect_nothing_lost(const Resolver& resolver, const MixedSet& set,
                         const std::string& origin = std::string{kOrigin}) {
    const std::vector<MixedQuestion> questions = set.questions();
    const auto listed = static_cast<std::size_t>(
        std::count_if(questions.begin(), questions.end(),
                      [](const MixedQuestion& question) { return question.is_listed; }));
    ASSERT_GT(listed, questions.size() / 4);
    ASSERT_LT(listed, questions.size() * 3 / 4);
    for (const char* pass : {"first", "cached"}) {
        const Outcome outcome = ask(resolver.address(), questions, origin);
        fmt::print(
            "{} pass: {} bans, {} exceptions; asked {}, listed {} of {}, lost {}, wrongly listed "
            "{}, unanswered {}\n",
            pass, set.bans(), set.exceptions(), questions.size(), outcome.listed, listed,
            outcome.lost.size(), outcome.wrongly_listed.size(), outcome.unanswered.size());
        EXPECT_THAT(outcome.lost, testing::IsEmpty()) << pass;
        EXPECT_THAT(outcome.wrongly_listed, testing::IsEmpty()) << pass;
        EXPECT_THAT(outcome.unanswered, testing::IsEmpty()) << pass << "\n" << resolver.log();
    }
}

constexpr std::string_view kPartnerKey = "k2345678901234567890";

// The same site, asked by a partner alone.
void give_key(const LiveSite& site) {
    site.write_zone("bl.example.org", "[access]\nquery = []\nkeys_file = \"keys\"\n");
    site.write("zones/keys", fmt::format("partner {}\n", kPartnerKey));
    std::filesystem::permissions(
        site.directory() / "zones/keys",
        std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
}

TEST(Unbound, FindsEverythingBehindAPartnersKey) {
    const MixedSet set{kSeed};
    const LiveSite site;
    give_key(site);
    ASSERT_NO_FATAL_FAILURE(record(site, set));
    const LiveServer server{site};
    expect_nothing_lost(Resolver::unbound(server.address()), set,
                        fmt::format(".{}{}", kPartnerKey, kOrigin));
}

// Whoever mistypes his key gets no answer, rather than the one that nothing is listed.
TEST(Unbound, IsToldNothingBehindAMistypedKey) {
    constexpr std::size_t kAskedMax = 100;
    const MixedSet set{kSeed};
    const LiveSite site;
    give_key(site);
    site.write_zone("bl.example.org", "[access]\nkeys_file = \"keys\"\n");
    ASSERT_NO_FATAL_FAILURE(record(site, set));
    const LiveServer server{site};
    std::vector<MixedQuestion> questions = set.questions();
    questions.resize(std::min(questions.size(), kAskedMax));
    const Resolver resolver = Resolver::unbound(server.address());
    const Outcome outcome =
        ask(resolver.address(), questions, ".k2345678901234567891" + std::string{kOrigin});
    EXPECT_EQ(outcome.unanswered.size(), questions.size());
    EXPECT_THAT(outcome.lost, testing::IsEmpty());
}

TEST(Unbound, FindsEverythingListedAndNothingElse) {
    const MixedSet set{kSeed};
    const LiveSite site;
    ASSERT_NO_FATAL_FAILURE(record(site, set));
    const LiveServer server{site};
    expect_nothing_lost(Resolver::unbound(server.address()), set);
}

TEST(Bind, FindsEverythingListedAndNothingElse) {
    if (const std::string why_not = enter_own_network(); !why_not.empty()) {
        GTEST_SKIP() << "BIND asks port 53 alone, and " << why_not;
    }
    const MixedSet set{kSeed};
    const LiveSite site{{.listen = R"(["127.0.0.1:53"])"}};
    ASSERT_NO_FATAL_FAILURE(record(site, set));
    const LiveServer server{site};
    expect_nothing_lost(Resolver::bind(), set);
}

}  // namespace
}  // namespace ostrakon::test
