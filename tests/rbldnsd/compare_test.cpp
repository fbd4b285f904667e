// `ostrakon compare` against Debian's rbldnsd, with the log that this has written, and lists that
// differ in known entries: exactly these are found.
#include "rbldnsd/servers.hpp"
#include "support/live_site.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace ostrakon::rbldnsd {
namespace {

using Json = nlohmann::json;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr std::string_view kOurs =
    "192.0.2.1 :2:both\n192.0.2.2 :2:here\n192.0.2.4 :2:code\n192.0.2.5 :2:our text\n";
constexpr std::string_view kTheirs =
    "192.0.2.1 :2:both\n192.0.2.3 :2:there\n192.0.2.4 :5:code\n192.0.2.5 :2:their text\n";

class Compare : public testing::Test {
protected:
    Compare() {
        namespace fs = std::filesystem;
        fs::permissions(lists_.path(), fs::perms::all);  // rbldnsd writes as nobody
        lists_.write("theirs", kTheirs);
        lists_.write("ours", kOurs);
        site_.write_zone("bl.example.org",
                         "sources = [\"list\"]\nclasses = [\"*\"]\n[text]\n\"*\" = "
                         "\"{reason}\"\nupstream = \"{reason}\"\n");
        site_.write("ours", kOurs);
        const auto imported = tool({"import", (site_.directory() / "ours").string(), "--format",
                                    "rbldnsd:ip4set", "--source", "list"});
        EXPECT_EQ(imported.status, 0) << imported.errors;
    }

    test::ProcessResult tool(std::vector<std::string> words) const {
        words.insert(words.begin(), {test::program("ostrakon").string(), "--config",
                                     site_.configuration().string()});
        return test::run(words);
    }

    // Asks a server with this list each address and the name above them; its log.
    std::string serve(const std::string& list) {
        const std::string log = (lists_.path() / (list + ".log")).string();
        theirs_ = std::make_unique<Rbldnsd>(
            lists_.path(),
            std::vector<std::string>{"-l", "+" + log, "bl.example.org:ip4set:" + list});
        std::vector<Question> questions{{"2.0.192.bl.example.org"}, {"4.2.0.192.bl.example.org"}};
        for (int i = 1; i <= 6; ++i) {
            questions.push_back({fmt::format("{}.2.0.192.bl.example.org", i)});
        }
        for (const Answer& answer : ask_all(theirs_->address(), questions)) {
            EXPECT_TRUE(answer.is_there);
        }
        return log;
    }

    test::ProcessResult compare(const std::string& log,
                                const std::vector<std::string>& more) const {
        std::vector<std::string> words{"compare", log, "--against",
                                       fmt::format("127.0.0.1:{}", theirs_->address().port)};
        words.insert(words.end(), more.begin(), more.end());
        return tool(words);
    }

    // "4.2.0.192 A codes 2": name below the zone, type, kind, how often.
    static std::vector<std::string> rows(const std::string& document) {
        std::vector<std::string> rows;
        const Json json = Json::parse(document);
        for (const Json& row : json["differences"]) {
            const auto name = row["name"].get<std::string>();
            rows.push_back(fmt::format("{} {} {} {}", name.substr(0, name.find(".bl.")),
                                       row["type"].get<std::string>(),
                                       row["kind"].get<std::string>(), row["count"].get<int>()));
        }
        return rows;
    }

    test::TemporaryDirectory lists_;
    test::LiveSite site_;
    std::unique_ptr<Rbldnsd> theirs_;
};

TEST_F(Compare, FindsExactlyWhatDiffers) {
    const std::string log = serve("theirs");
    const auto found = compare(log, {"--json"});
    EXPECT_EQ(found.status, 1) << found.errors;
    EXPECT_THAT(rows(found.output), ElementsAre("4.2.0.192 A codes 2", "2.2.0.192 A listed_here 1",
                                                "3.2.0.192 A listed_there 1"));
    const Json json = Json::parse(found.output);
    EXPECT_EQ(json["lines"], 8);
    EXPECT_EQ(json["questions"], 7);
    EXPECT_EQ(json["equal"], 4);
    EXPECT_EQ(json["different"], 3);
    EXPECT_EQ(json["unanswered"], 0);
    EXPECT_EQ(json["kinds"]["nodata"], 1);
    EXPECT_EQ(json["differences"][0]["ours"],
              Json({{"rcode", "NOERROR"}, {"codes", {"127.0.0.2"}}, {"text", Json::array()}}));
    EXPECT_EQ(json["differences"][0]["theirs"]["codes"], Json({"127.0.0.5"}));
    EXPECT_EQ(json["differences"][1]["theirs"]["rcode"], "NXDOMAIN");
}

TEST_F(Compare, ComparesTextsAndNodataWhenTold) {
    const std::string log = serve("theirs");
    EXPECT_THAT(rows(compare(log, {"--json", "--text", "--strict"}).output),
                ElementsAre("4.2.0.192 A codes 2", "2.0.192 A nodata 1", "2.0.192 TXT nodata 1",
                            "2.2.0.192 A listed_here 1", "2.2.0.192 TXT listed_here 1",
                            "3.2.0.192 A listed_there 1", "3.2.0.192 TXT listed_there 1",
                            "5.2.0.192 TXT text 1"));
}

TEST_F(Compare, IsATableForPeople) {
    const std::string log = serve("theirs");
    const auto found = compare(log, {"--limit", "2"});
    EXPECT_EQ(found.status, 1) << found.errors;
    EXPECT_THAT(found.output,
                HasSubstr("4.2.0.192.bl.example.org  A     2      127.0.0.2  127.0.0.5"));
    EXPECT_THAT(found.output,
                HasSubstr("2.2.0.192.bl.example.org  A     1      127.0.0.2  NXDOMAIN"));
    EXPECT_THAT(found.output, Not(HasSubstr("3.2.0.192")));
    EXPECT_THAT(found.output, HasSubstr("… and 1 more"));
    EXPECT_THAT(found.output, HasSubstr("7 questions of 8 lines, asked of 127.0.0.1:"));
    EXPECT_THAT(found.output, HasSubstr("4 equal, 3 different"));
    EXPECT_THAT(found.output, HasSubstr("listed there only    1"));
    EXPECT_THAT(found.output, HasSubstr("NXDOMAIN or NODATA   1"));
}

TEST_F(Compare, IsContentWithTheSameList) {
    const std::string log = serve("ours");
    const auto found = compare(log, {"--text"});
    EXPECT_EQ(found.status, 0) << found.errors << found.output;
    EXPECT_THAT(found.output, HasSubstr("14 equal, 0 different"));
}

}  // namespace
}  // namespace ostrakon::rbldnsd
