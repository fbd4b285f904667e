// What shells offer: nothing that the help texts know is missing, and the shells themselves agree.
#include "help_tables.hpp"
#include "site.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <array>
#include <cstdlib>

namespace ostrakon::test {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr std::array<std::string_view, 3> kShells{"bash", "zsh", "fish"};

std::string script_for(std::string_view shell) {
    const Answer answer = run_tool({"completion", std::string{shell}});
    EXPECT_EQ(answer.status, 0) << answer.errors;
    return answer.output;
}

TEST(Completion, HasEveryCommandAndOption) {
    const auto commands = commands_in_help();
    for (const std::string_view shell : kShells) {
        SCOPED_TRACE(shell);
        const std::string script = script_for(shell);
        // fish takes the names of options without their dashes.
        const auto spelled = [shell](const std::string& option) {
            return shell == "fish" ? "-l " + option.substr(2) + " " : option;
        };
        for (const std::string& option : options_in_help({})) {
            EXPECT_THAT(script, HasSubstr(spelled(option)));
        }
        for (const auto& command : commands) {
            EXPECT_THAT(script, HasSubstr(command.back()));
            for (const std::string& option : options_in_help(command)) {
                EXPECT_THAT(script, HasSubstr(spelled(option)));
            }
        }
        EXPECT_THAT(script, Not(HasSubstr("manual")));
    }
}

TEST(Completion, RefusesShellsItDoesNotKnow) {
    const Answer answer = run_tool({"completion", "tcsh"});
    EXPECT_EQ(answer.status, 2);
    EXPECT_THAT(answer.errors, HasSubstr("write bash, zsh or fish"));
}

// zsh completes only where somebody types: in a terminal, which zpty is. Each argument is typed,
// and what is listed below it is printed up to the next prompt.
constexpr std::string_view kTypist = R"(
zmodload zsh/zpty
zpty typed 'TERM=dumb zsh -f -i'
zpty -w typed "fpath=($1 \$fpath); autoload -U compinit; compinit -u -D"
shift
zpty -w typed 'LISTMAX=1000; bindkey "^T" list-choices; setopt no_always_last_prompt; PS1="@""@>"'
zpty -r typed seen '*@@>*'
for line in "$@"; do
    zpty -w -n typed "$line"
    zpty -w -n typed $'\C-T'
    zpty -r typed seen '*@@>*'
    print -r -- "${${(f)seen}[2,-2]}@@"
    zpty -w -n typed $'\C-U\n'
    zpty -r typed seen '*@@>*'
done
)";

// A site that shells can be asked about, and the tool in their PATH.
class Shells : public ::testing::Test {
protected:
    Shells()
        : site_("[classes]\nphish = \"127.0.0.7\"\n[[feed]]\nname = \"partners\"\n"),
          bash_(site_.write("ostrakon.bash", script_for("bash"))),
          zsh_(site_.write("_ostrakon", script_for("zsh"))),
          fish_(site_.write("ostrakon.fish", script_for("fish"))) {
        site_.write_zone("wl.example.org");
    }

    std::string run_shell(std::vector<std::string> words) const {
        const std::string tools = std::filesystem::path{OSTRAKON_TOOL}.parent_path().string();
        const ProcessResult result =
            run(ProcessOptions{.arguments = std::move(words),
                               .environment = {{"PATH", tools + ":" + std::getenv("PATH")},
                                               {"HOME", site_.path().string()},
                                               {"TERM", "dumb"}}});
        EXPECT_EQ(result.errors, "");
        EXPECT_EQ(result.status, 0);
        return result.output;
    }

    std::vector<std::string> words_in(const std::string& text) const {
        std::istringstream lines{text};
        std::vector<std::string> words;
        for (std::string line; std::getline(lines, line);) {
            words.push_back(line.substr(0, line.find('\t')));
        }
        return words;
    }

    // What bash offers for the last of these words.
    std::vector<std::string> bash(const std::vector<std::string>& words) const {
        std::vector<std::string> call{
            "bash", "-c",
            "source \"$1\"; shift; COMP_WORDS=(ostrakon \"$@\"); COMP_CWORD=$#; _ostrakon; "
            "((${#COMPREPLY[@]} == 0)) || printf '%s\\n' \"${COMPREPLY[@]}\"",
            "bash", bash_.string()};
        call.insert(call.end(), words.begin(), words.end());
        return words_in(run_shell(call));
    }

    std::vector<std::string> fish(const std::vector<std::string>& words) const {
        std::string line = "ostrakon";
        for (const std::string& word : words) {
            line += " " + word;
        }
        return words_in(run_shell({"fish", "--no-config", "-c",
                                   "source $argv[1]; complete -C $argv[2]", fish_.string(), line}));
    }

    // What zsh lists for each of these lines.
    std::vector<std::string> zsh(const std::vector<std::string>& lines) const {
        std::vector<std::string> call{"zsh", "-f", site_.write("typist.zsh", kTypist).string(),
                                      site_.path().string()};
        call.insert(call.end(), lines.begin(), lines.end());
        std::vector<std::string> listed{""};
        for (const char c : run_shell(call)) {
            if (c != '@') {
                listed.back() += c;
            } else if (!listed.back().empty()) {
                listed.emplace_back();
            }
        }
        listed.pop_back();
        return listed;
    }

    Site site_;
    std::filesystem::path bash_, zsh_, fish_;
};

TEST_F(Shells, ReadTheirScripts) {
    run_shell({"bash", "-n", bash_.string()});
    run_shell({"shellcheck", "--shell=bash", bash_.string()});
    run_shell({"zsh", "-n", zsh_.string()});
    run_shell({"fish", "--no-execute", fish_.string()});
}

TEST_F(Shells, OfferCommandsOptionsAndValues) {
    const std::string config = site_.config_file().string();
    struct Case {
        std::vector<std::string> words;  // the last is what is being written
        std::vector<std::string> offered;
    };
    const std::vector<Case> cases{
        {{"ba"}, {"ban", "backup"}},
        {{"feeds", "a"}, {"accept", "add"}},
        {{"help", "unb"}, {"unban"}},
        {{"--by", "ban", "all"}, {"allow"}},
        {{"ban", "192.0.2.7", "--rea"}, {"--reason"}},
        {{"zone", "--con"}, {"--config"}},
        {{"--config", config, "ban", "--class", "ph"}, {"phish"}},
        {{"--config", config, "export", "--zone", ""}, {"bl.example.org", "wl.example.org"}},
        {{"--config", config, "zone", "retire", "wl"}, {"wl.example.org"}},
        {{"--config", config, "pull", "pa"}, {"partners"}},
        {{"feeds", "add", "spamhaus-drop-v"}, {"spamhaus-drop-v6"}},
        {{"export", "--format", "rp"}, {"rpz"}},
        {{"list", "--sort", "str"}, {"strikes"}},
        {{"request", "add", "192.0.2.7", "--kind", "re"}, {"removal"}},
        {{"completion", "z"}, {"zsh"}},
        {{"import", site_.path().string() + "/ostrakon.to"}, {config}},
    };
    std::vector<std::string> typed;
    for (const Case& one : cases) {
        typed.push_back(fmt::format("ostrakon {}", fmt::join(one.words, " ")));
    }
    const std::vector<std::string> listed = zsh(typed);
    ASSERT_EQ(listed.size(), cases.size());
    for (std::size_t at = 0; at < cases.size(); ++at) {
        const Case& one = cases[at];
        SCOPED_TRACE(typed[at]);
        for (const std::string& word : one.offered) {
            EXPECT_THAT(listed[at], HasSubstr(word.substr(word.rfind('/') + 1))) << "zsh";
        }
        EXPECT_THAT(bash(one.words), testing::UnorderedElementsAreArray(one.offered)) << "bash";
        EXPECT_THAT(fish(one.words), testing::UnorderedElementsAreArray(one.offered)) << "fish";
    }
}

TEST(Names, AreThoseOfTheSite) {
    const Site site{"[classes]\nphish = \"127.0.0.7\"\n[[feed]]\nname = \"partners\"\n"};
    EXPECT_EQ(site({"names", "zones"}).output, "bl.example.org\n");
    EXPECT_EQ(site({"names", "feeds"}).output, "partners\n");
    EXPECT_THAT(site({"names", "classes"}).output, HasSubstr("misconfigured\nphish\nupstream\n"));
    EXPECT_THAT(site({"names", "catalogue"}).output, HasSubstr("\nspamhaus-drop\n"));
    EXPECT_EQ(site({"names", "nonsense"}).output, "");
}

}  // namespace
}  // namespace ostrakon::test
