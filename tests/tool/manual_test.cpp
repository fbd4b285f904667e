// The man pages: nothing that the help texts know is missing in them, and mandoc finds no fault.
#include "help_tables.hpp"
#include "site.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <map>

namespace ostrakon::test {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

// All pages, as `ostrakon manual` writes them while the program is built.
class Manual : public ::testing::Test {
protected:
    void SetUp() override {
        const Answer answer = run_tool({"manual", directory_.path().string()});
        ASSERT_EQ(answer.status, 0) << answer.errors;
        for (const auto& entry : fs::directory_iterator{directory_.path()}) {
            pages_[entry.path().filename().string()] = read_file(entry.path());
        }
    }

    // As a reader sees it, without line breaks.
    std::string shown(const std::string& page) const {
        const ProcessResult result =
            run({"mandoc", "-T", "utf8", "-O", "width=400", (directory_.path() / page).string()});
        EXPECT_EQ(result.status, 0) << result.errors;
        std::string text;
        for (const char c : result.output) {
            if (c == '\b') {
                text.pop_back();  // bold is written twice, underlined over a line
            } else {
                text += c;
            }
        }
        return text;
    }

    TemporaryDirectory directory_;
    std::map<std::string, std::string> pages_;
};

std::vector<std::string> lines_of(std::string_view text) {
    std::vector<std::string> lines{""};
    for (const char c : text) {
        if (c == '\n') {
            lines.emplace_back();
        } else {
            lines.back() += c;
        }
    }
    return lines;
}

TEST_F(Manual, HasEveryCommandAndOption) {
    const std::string overview = shown("ostrakon.1");
    for (const std::string& option : options_in_help({})) {
        EXPECT_THAT(overview, HasSubstr(option));
    }
    for (const auto& command : commands_in_help()) {
        const std::string page = "ostrakon-" + command.front() + ".1";
        ASSERT_TRUE(pages_.contains(page)) << page;
        const std::string text = shown(page);
        std::string name = "ostrakon";
        for (const std::string& word : command) {
            name += " " + word;
        }
        EXPECT_THAT(text, HasSubstr(name));
        EXPECT_THAT(overview, HasSubstr(name.substr(name.find(' ') + 1)));
        for (const std::string& option : options_in_help(command)) {
            EXPECT_THAT(text, HasSubstr(option)) << page;
        }
    }
}

TEST_F(Manual, HasTheOptionsOfTheServer) {
    const std::string text = shown("ostrakond.8");
    const ProcessResult help = run({fs::path{OSTRAKON_TOOL}.parent_path() / "ostrakond", "--help"});
    ASSERT_EQ(help.status, 0);
    for (const std::string& option : options_in(help.output)) {
        EXPECT_THAT(text, HasSubstr(option));
    }
    for (const char* option : {"--config", "--check", "--version"}) {
        EXPECT_THAT(help.output, HasSubstr(option));
    }
}

TEST_F(Manual, SaysNothingOfWhatIsHidden) {
    EXPECT_FALSE(pages_.contains("ostrakon-manual.1"));
    EXPECT_FALSE(pages_.contains("ostrakon-names.1"));
    EXPECT_EQ(pages_["ostrakon.1"].find("manual 1"), std::string::npos);
}

TEST_F(Manual, NamesNoPageThatIsNotThere) {
    for (const auto& [page, text] : pages_) {
        for (const std::string& line : lines_of(text)) {
            if (line.starts_with(".Xr ")) {
                const std::string name = line.substr(4, line.find(' ', 4) - 4);
                const char section = line[5 + name.size()];
                EXPECT_TRUE(pages_.contains(fmt::format("{}.{}", name, section)))
                    << page << ": " << line;
            }
        }
    }
}

TEST_F(Manual, HasNothingThatMandocMinds) {
    std::vector<std::string> call{"mandoc", "-T", "lint"};
    for (const auto& [page, text] : pages_) {
        call.push_back((directory_.path() / page).string());
    }
    for (const std::string& line : lines_of(run(call).output)) {
        // They are not installed here; the test above looks for them.
        if (line.find("referenced manual not found") == std::string::npos) {
            EXPECT_EQ(line, "");
        }
    }
}

TEST_F(Manual, ComesWithAnExampleThatChangesNothing) {
    const Site site;
    const auto example = site.path() / "example/ostrakon.toml";
    site.write("example/keep", "");
    ASSERT_EQ(run_tool({"manual", directory_.path().string(), "--example", example}).status, 0);
    const std::string text = read_file(example);
    EXPECT_THAT(text, HasSubstr("\n#path = \"/var/lib/ostrakon\"\n"));
    const Answer answer = run_tool({"--config", example, "names", "classes"});
    EXPECT_EQ(answer.status, 0) << answer.errors;
    EXPECT_EQ(answer.errors, "");
}

TEST_F(Manual, BearsTheDateOfTheSources) {
    const TemporaryDirectory directory;
    const Answer answer =
        run_tool({"manual", directory.path().string()}, "", {{"SOURCE_DATE_EPOCH", "1767225600"}});
    ASSERT_EQ(answer.status, 0);
    EXPECT_THAT(read_file(directory.path() / "ostrakond.8"), HasSubstr(".Dd January 1, 2026\n"));
}

}  // namespace
}  // namespace ostrakon::test
