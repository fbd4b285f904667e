// `list` with hits: what the server has counted, and what nobody can know.
#include "ostrakon/hits/hit_file.hpp"
#include "tool/site.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ostrakon::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

class ListOfHits : public testing::Test {
protected:
    ListOfHits() {
        EXPECT_EQ(site({"ban", "192.0.2.7", "192.0.2.8", "example.com", "--reason", "a"}).status,
                  0);
        EXPECT_EQ(site({"allow", "192.0.2.9", "--reason", "b"}).status, 0);
    }

    // Counts of hits as ostrakond would have written them.
    void count(const std::map<std::string, hits::Counter>& hits_of, UnixTime since,
               UnixTime saved = now()) const {
        hits::Counts counts{since, saved, {}};
        for (const Json& row : site({"list", "--json"}).json()) {
            const std::string subject = row["subject"];
            const auto found = hits_of.find(subject);
            if (found != hits_of.end()) {
                hits::Counter counter = found->second;
                counter.listing = row["id"];
                counter.mark = hits::mark_of(subject);
                counts.counters.push_back(counter);
            }
        }
        std::sort(counts.counters.begin(), counts.counters.end(),
                  [](const auto& a, const auto& b) { return a.listing < b.listing; });
        ASSERT_TRUE(hits::write_counts(site.database() / "hits", counts));
    }
    std::vector<std::string> subjects(std::vector<std::string> options) const {
        options.insert(options.begin(), {"list", "--json"});
        const Answer answer = site(options);
        EXPECT_EQ(answer.status, 0) << answer.errors;
        std::vector<std::string> found;
        for (const Json& row : answer.json()) {
            found.push_back(row["subject"]);
        }
        return found;
    }

    Site site;
    const UnixTime long_ago{now().seconds - std::int64_t{400} * 86400};
    const UnixTime tomorrow{now().seconds + 86400};
};

TEST_F(ListOfHits, ShowsThemAndSortsByThem) {
    count({{"192.0.2.8", {0, 0, 1234, UnixTime{1'795'370'400}}},
           {"example.com", {0, 0, 5, UnixTime{1'795'370'500}}}},
          long_ago);
    EXPECT_THAT(subjects({"--sort", "hits"}),
                ElementsAre("192.0.2.8", "example.com", "192.0.2.7", "192.0.2.9"));
    const std::string table = site({"list"}).output;
    EXPECT_THAT(table, HasSubstr("HITS"));
    EXPECT_THAT(table, HasSubstr("1,234  2026-11-22"));
    const Json rows = site({"list", "--json", "--sort", "hits"}).json();
    EXPECT_EQ(rows[0]["hits"], 1234);
    EXPECT_EQ(rows[0]["last_hit"], "2026-11-22T18:00:00Z");
    EXPECT_EQ(rows[2]["hits"], 0);
    EXPECT_TRUE(rows[2]["last_hit"].is_null());
}

TEST_F(ListOfHits, FindsBansThatNobodyAsksAbout) {
    count({{"192.0.2.8", {0, 0, 7, tomorrow}}, {"example.com", {0, 0, 5, long_ago}}}, long_ago);
    const Answer unused = site({"list", "--unused", "0s"});
    EXPECT_THAT(subjects({"--unused", "0s"}), ElementsAre("192.0.2.7", "example.com"));
    EXPECT_THAT(unused.errors, testing::IsEmpty());
    EXPECT_THAT(subjects({"--unused", "90d"}), ElementsAre()) << "none has stood for so long";
}

TEST_F(ListOfHits, SaysWhatIsNotKnown) {
    count({}, now());
    EXPECT_THAT(site({"list", "--unused", "90d"}).errors, HasSubstr("hits are counted since"));
    count({}, long_ago, UnixTime{now().seconds - 7200});
    EXPECT_THAT(site({"list", "--unused", "90d"}).errors,
                HasSubstr("ostrakond wrote its counts of hits last at"));
    EXPECT_THAT(site({"list", "--unused", "90d", "--quiet"}).errors, testing::IsEmpty());
}

TEST_F(ListOfHits, NeedsCountsForThat) {
    EXPECT_THAT(site({"list"}).output, Not(HasSubstr("HITS")));
    EXPECT_TRUE(site({"list", "--json"}).json()[0]["hits"].is_null());
    for (const std::vector<std::string>& words :
         {std::vector<std::string>{"list", "--sort", "hits"}, {"list", "--unused", "90d"}}) {
        const Answer none = site(words);
        EXPECT_EQ(none.status, 2);
        EXPECT_THAT(none.output, testing::IsEmpty());
        EXPECT_THAT(none.errors, HasSubstr("hits: there are none"));
    }
    EXPECT_EQ(site({"list", "--unused", "forever"}).status, 2);
    EXPECT_EQ(site({"list", "--unused", "90d", "--source", "feed"}).status, 2);
}

TEST_F(ListOfHits, LivesWithADamagedFile) {
    site.write("db/hits", "OSTRHIT1 and nothing else");
    const Answer listed = site({"list"});
    EXPECT_EQ(listed.status, 0);
    EXPECT_THAT(listed.errors, HasSubstr("the file is damaged"));
    EXPECT_THAT(listed.output, HasSubstr("192.0.2.7"));
    EXPECT_EQ(site({"list", "--sort", "hits"}).status, 2);
}

TEST_F(ListOfHits, TakesNoCountsOfAnotherDatabase) {
    count({{"192.0.2.8", {0, 0, 7, tomorrow}}}, long_ago);
    const Site other;
    EXPECT_EQ(other({"ban", "192.0.2.1", "192.0.2.2", "192.0.2.3", "--reason", "a"}).status, 0);
    std::filesystem::copy(site.database() / "hits", other.database() / "hits");
    for (const Json& row : other({"list", "--json"}).json()) {
        EXPECT_EQ(row["hits"], 0);
    }
}

}  // namespace
}  // namespace ostrakon::test
