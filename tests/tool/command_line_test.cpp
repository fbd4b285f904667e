// The words of the call: help, wrong usage with an example of a right one, options before and
// behind the command.
#include "site.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <array>

namespace ostrakon::test {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

constexpr auto kCommands = std::to_array<std::string_view>(
    {"init", "ban", "allow", "unban", "why", "show", "list", "import", "history", "expire",
     "diagnose", "zone list", "zone check", "stats", "check"});

std::vector<std::string> words_of(std::string_view line) {
    std::vector<std::string> words{""};
    for (const char c : line) {
        if (c == ' ') {
            words.emplace_back();
        } else {
            words.back().push_back(c);
        }
    }
    return words;
}

TEST(Tool, AlonePrintsAShortOverview) {
    const Answer answer = run_tool({});
    EXPECT_EQ(answer.status, 0);
    EXPECT_THAT(answer.errors, IsEmpty());
    for (const auto command : kCommands) {
        EXPECT_THAT(answer.output, HasSubstr("\n  " + std::string{command} + " "));
    }
    EXPECT_THAT(answer.output, HasSubstr("ostrakon init"));
}

TEST(Tool, HelpsWithEachCommandAndGivesAnExample) {
    for (const auto command : kCommands) {
        auto words = words_of(command);
        words.emplace_back("--help");
        const Answer answer = run_tool(words);
        EXPECT_EQ(answer.status, 0) << command;
        EXPECT_THAT(answer.errors, IsEmpty());
        EXPECT_THAT(answer.output, StartsWith("usage: ostrakon " + std::string{command}));
        EXPECT_THAT(answer.output, HasSubstr("Examples:\n  "));
        EXPECT_THAT(answer.output, HasSubstr("--database"));
    }
    EXPECT_EQ(run_tool({"help", "ban"}).output, run_tool({"ban", "--help"}).output);
    EXPECT_THAT(run_tool({"--help"}).output, HasSubstr("Exit status: 0 done or yes"));
    EXPECT_THAT(run_tool({"zone", "--help"}).output, HasSubstr("usage: ostrakon zone check"));
    EXPECT_THAT(run_tool({"--version"}).output, StartsWith("ostrakon "));
}

TEST(Tool, HelpFitsATerminal) {
    for (const auto command : kCommands) {
        auto words = words_of(command);
        words.emplace_back("--help");
        std::string output = run_tool(words).output;
        output.resize(output.find("Examples:"));
        for (std::size_t start = 0; start < output.size();) {
            const std::size_t end = output.find('\n', start);
            EXPECT_LE(end - start, 90U)
                << output.substr(start, end - start);  // "…" has three bytes
            start = end + 1;
        }
    }
}

TEST(Tool, SuggestsWhatAMistypedWordMeant) {
    struct Case {
        std::string_view words;
        std::string_view message;
    };
    constexpr auto kCases = std::to_array<Case>({
        {"bna 192.0.2.7", "there is no command \"bna\" (did you mean ban?)"},
        {"unbam 192.0.2.7", "there is no command \"unbam\" (did you mean unban?)"},
        {"xyzzy", "there is no command \"xyzzy\"\n"},
        {"ban 192.0.2.7 --resaon x", "there is no option --resaon (did you mean --reason?)"},
        {"list --clas ip", "there is no option --clas (did you mean --class?)"},
        {"list --jsno", "there is no option --jsno (did you mean --json?)"},
        {"--jsno list", "there is no option --jsno (did you mean --json?)"},
        {"why 192.0.2.7 192.0.2.8", "\"192.0.2.8\" is one word too many"},
        {"ban 192.0.2.7 --reason", "--reason needs a value"},
        {"ban 192.0.2.7 --reason a --reason b", "--reason is given more than once"},
        {"ban --reason x", "SUBJECT is required"},
        {"ban 192.0.2.7", "--reason is required"},
        {"zone", "write `ostrakon zone list` or `ostrakon zone check`"},
    });
    for (const auto& [words, message] : kCases) {
        const Answer answer = run_tool(words_of(words));
        EXPECT_EQ(answer.status, 2) << words;
        EXPECT_THAT(answer.output, IsEmpty()) << words;
        EXPECT_THAT(answer.errors, HasSubstr(message)) << words;
    }
}

// Every command, used wrongly: exit 2, nothing on stdout, and how it is used rightly.
TEST(Tool, ShowsARightUseWithAWrongOne) {
    constexpr auto kCases = std::to_array<std::string_view>({
        "init a b",
        "ban",
        "allow",
        "unban 192.0.2.7",
        "why",
        "show",
        "list extra",
        "import",
        "history a b",
        "expire now",
        "zone list x",
        "zone check x",
        "stats x",
        "check x",
    });
    for (const auto line : kCases) {
        const Answer answer = run_tool(words_of(line));
        EXPECT_EQ(answer.status, 2) << line;
        EXPECT_THAT(answer.output, IsEmpty()) << line;
        EXPECT_THAT(answer.errors, HasSubstr("usage: ostrakon ")) << line;
        EXPECT_THAT(answer.errors, HasSubstr("example: ")) << line;
    }
}

TEST(Tool, TakesCommonOptionsBeforeAndBehindTheCommand) {
    const Site site;
    const std::string config = site.config_file().string();
    ASSERT_EQ(run_tool({"--config", config, "--json", "ban", "192.0.2.7", "--reason", "x"})
                  .json()["addresses"],
              1);
    EXPECT_EQ(run_tool({"why", "192.0.2.7", "--json", "--config", config}).json()["listed"], true);
    EXPECT_EQ(run_tool({"why", "--config=" + config, "192.0.2.7", "--json"}).json()["listed"],
              true);
    EXPECT_EQ(run_tool({"--json", "zone", "--config", config, "list"}).json().size(), 1U);
    EXPECT_EQ(run_tool({"list", "--json", "--database", site.database().string()}).json().size(),
              1U);
}

TEST(Tool, TakesWordsAsTheyAre) {
    const Site site;
    // A command's name, brackets and a dash are no riddle as values.
    EXPECT_EQ(site({"ban", "list", "--reason", "-x", "--yes"}).status, 0);
    EXPECT_EQ(site({"why", "list", "--json"}).json()["matches"][0]["reason"], "-x");
    EXPECT_EQ(site({"ban", "192.0.2.7", "--reason", "[a,b]"}).status, 0);
    EXPECT_EQ(site({"show", "192.0.2.7", "--json"}).json()[0]["reason"], "[a,b]");
    EXPECT_THAT(site({"ban", "[192.0.2.8,192.0.2.9]", "--reason", "x"}).errors,
                HasSubstr("[192.0.2.8,192.0.2.9]"));
    EXPECT_THAT(site({"ban", "[2001:db8::7]", "--reason", "x"}).errors,
                HasSubstr("write 2001:db8::7"));
    // An empty value is empty; it does not take the next word.
    const Answer empty = site({"ban", "--reason=", "192.0.2.8"});
    EXPECT_EQ(empty.status, 2);
    EXPECT_THAT(empty.errors, HasSubstr("--reason: is empty"));
    EXPECT_EQ(site({"ban", "--reason", "x", "--", "192.0.2.10"}).status, 0);
}

TEST(Tool, SaysWhatIsWrongWithAValue) {
    struct Case {
        std::vector<std::string> words;
        std::string_view message;
    };
    const auto cases = std::to_array<Case>({
        {{"ban", "192.0.2.7/24", "--reason", "x"},
         "the network is 192.0.2.0/24, the address alone 192.0.2.7"},
        {{"ban", "AS0", "--reason", "x"}, "AS numbers are 1 to 4294967295"},
        {{"ban", "193.", "198.51.100", "--reason", "x"}, "the network is 198.51.100.0/24"},
        {{"ban", "192.0.2.7", "--reason", ""}, "--reason: is empty"},
        {{"ban", "192.0.2.7", "--reason", std::string(5000, 'x')},
         "has 5000 bytes, more than 4096"},
        {{"ban", "192.0.2.7", "--reason", "x", "--for", "soon"},
         "write a number and s, m, h, d, w or y, as in 30d"},
        {{"ban", "192.0.2.7", "--reason", "x", "--for", "0s"}, "is over at once"},
        {{"ban", "192.0.2.7", "--reason", "x", "--until", "2001-01-01"}, "is in the past"},
        {{"ban", "192.0.2.7", "--reason", "x", "--until", "tomorrow"}, "write it as 2027-01-31"},
        {{"ban", "192.0.2.7", "--reason", "x", "--for", "1d", "--until", "2999-01-01"},
         "give one of them"},
        {{"ban", "192.0.2.7", "--reason", "x", "--code", "10.0.0.1"}, "as in 127.0.0.9"},
        {{"ban", "192.0.2.7", "--reason", "x", "--code", "127.255.255.3"}, "as in 127.0.0.9"},
        {{"ban", "192.0.2.7", "--reason", "x", "--class", "No Class"},
         "there is none of that name"},
        {{"list", "--class", "phish"}, "there is none of that name"},
        {{"unban", "192.0.2.7", "--reason", "x", "--class", "phish"}, "there is none of that name"},
        {{"import", "-", "--class", "phish"}, "there is none of that name"},
        {{"ban", "192.0.2.7", "--reason", "x", "--class", "phish"}, "there is none of that name"},
        {{"ban", "192.0.2.7", "--reason", "x", "--class", "allow"}, "ostrakon allow"},
        {{"ban", "192.0.2.7", "--reason", "x", "--evidence", "@/nonexistent/mail"},
         "read /nonexistent/mail: No such file"},
        {{"ban", "192.0.2.7", "--reason", "x", "--wait", "soon"}, "duration \"soon\""},
        {{"why", "192.0.2.0/24"}, "ask about one of them"},
        {{"why", "*.example.com"}, "ask about one name"},
        {{"why", "192.0.2.7", "--at", "yesterday"}, "write it as 2027-01-31"},
        {{"list", "--sort", "size"}, "write subject, since"},
        {{"list", "--limit", "0"}, "as in --limit 20"},
        {{"list", "--limit", "many"}, "as in --limit 20"},
        {{"list", "--expiring", "soon"}, "as in 30d"},
        {{"list", "--under", "192.0.2.7/24"}, "the network is 192.0.2.0/24"},
        {{"history", "--since", "soon"}, "write it as 2027-01-31"},
        {{"import", "/nonexistent/list"}, "read /nonexistent/list: No such file"},
        {{"import", "/"}, "read /: Is a directory"},
        {{"import", "-", "--format", "bind"},
         "known are plain, csv, csv:COLUMN, json, ndjson:KEY, iplist"},
        {{"import", "-", "--replace"}, "name the feed with --source NAME"},
    });
    const Site site;
    for (const auto& [words, message] : cases) {
        const Answer answer = site(words);
        EXPECT_EQ(answer.status, 2) << message;
        EXPECT_THAT(answer.output, IsEmpty()) << message;
        EXPECT_THAT(answer.errors, HasSubstr(message));
    }
    EXPECT_EQ(site({"list", "--json"}).status, 4);  // nothing of all this has made a database
}

TEST(Tool, ReportsAllWrongSubjectsAtOnce) {
    const Answer answer = Site{}({"ban", "193.", "192.0.2.7", "example..com", "--reason", "x"});
    EXPECT_EQ(answer.status, 2);
    EXPECT_THAT(answer.errors, HasSubstr("\"193.\""));
    EXPECT_THAT(answer.errors, HasSubstr("\"example..com\""));
    EXPECT_THAT(answer.errors, Not(HasSubstr("\"192.0.2.7\"")));
}

TEST(Tool, FailsWhereItsOutputCannotBeWritten) {
    const Site site;
    ASSERT_EQ(site({"ban", "192.0.2.7", "--reason", "x"}).status, 0);
    const ProcessResult result = run(ProcessOptions{
        .arguments = {OSTRAKON_TOOL, "--config", site.config_file().string(), "list"},
        .output_file = "/dev/full"});
    EXPECT_EQ(result.status, 4);
    EXPECT_THAT(result.errors, HasSubstr("write to standard output: No space left on device"));
}

}  // namespace
}  // namespace ostrakon::test
