// The documents tell the truth: README.md and doc/*.md are walked, and what they show is done.
//
// Each document has a machine of its own, where the programs are installed, ostrakond is not yet
// set up, and tests/mail/documents/NAME has the files that commands read; prelude.bash stands
// before its commands. Its blocks are done in their order, by what follows the opening ```:
//
// - `sh`: run by bash, which ends at the first command that fails. ostrakon's exit status 1 is an
//   answer ("no", "nothing there"), no failure. systemctl starts and reloads ostrakond.
// - `sh not-run: WHY`: not run. How many of them there are is in kNotRun, so that no block becomes
//   one unseen.
// - `toml zone`, `toml ostrakon.toml`: what stands there is added to a site of the least
//   configuration, which ostrakond has to take.
// - LANGUAGE FILE, FILE with a path: written there, for the commands behind it.
// - `text`: what programs print; nobody runs it.
//
// Any other block, also an indented one, is a mistake, as is a link to a file that is not there. A
// document in which no block says anything is skipped, and the summary of tools/test names it.
#include "mail/document.hpp"
#include "mail/own_machine.hpp"
#include "support/live_site.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fmt/format.h>
#include <algorithm>
#include <map>

namespace ostrakon::test {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kNotRun = "not-run: ";
// By document; what is not here has none.
const std::map<std::string, int> kNotRunBlocks{
    {"README.md", 1},         {"doc/decisions.md", 1}, {"doc/evidence.md", 2}, {"doc/feeds.md", 1},
    {"doc/installing.md", 6}, {"doc/logs.md", 1},      {"doc/rbldnsd.md", 1}};

std::vector<std::string> document_names() {
    std::vector<std::string> names{"README.md"};
    for (const auto& entry : fs::directory_iterator{fs::path{OSTRAKON_SOURCES} / "doc"}) {
        if (entry.path().extension() == ".md") {
            names.push_back("doc/" + entry.path().filename().string());
        }
    }
    std::sort(names.begin(), names.end());
    return names;
}

// A configuration to which a block is added.
constexpr std::string_view kLeastZone =
    "origin = \"bl.example.org\"\nns = [\"ns1.example.net\"]\ncontact = "
    "\"hostmaster@example.org\"\n";

class Documents : public testing::TestWithParam<std::string> {
protected:
    static fs::path file() { return fs::path{OSTRAKON_SOURCES} / GetParam(); }
};

std::string quoted(const std::string& text) {
    std::string result = "'";
    for (const char c : text) {
        result += c == '\'' ? std::string{"'\\''"} : std::string{c};
    }
    return result + "'";
}

// A block as a piece of the script.
std::string step(const Block& block) {
    const std::string place = fmt::format("at={}\n", block.line);
    if (block.language == "sh") {
        return place + block.text;
    }
    if (!block.argument.starts_with("/")) {
        return {};
    }
    return fmt::format("{0}mkdir -p {1}\nprintf %s {2} >{3}\n", place,
                       quoted(fs::path{block.argument}.parent_path().string()), quoted(block.text),
                       quoted(block.argument));
}

bool is_marked(const Document& document) {
    return std::any_of(document.blocks.begin(), document.blocks.end(), [](const Block& block) {
        return block.language == "sh" || !block.argument.empty();
    });
}

void install_programs() {
    for (const char* name : {"ostrakon", "ostrakond"}) {
        fs::remove(fs::path{"/usr/bin"} / name);
        fs::create_symlink(program(name), fs::path{"/usr/bin"} / name);
    }
    for (const char* directory : {"/etc/ostrakon", "/usr/share/ostrakon", "/var/lib/ostrakon"}) {
        fs::remove_all(directory);
    }
    fs::create_directories("/usr/share/ostrakon");
    for (const auto& file : fs::directory_iterator{fs::path{OSTRAKON_SOURCES} / "share"}) {
        fs::create_symlink(file.path(), "/usr/share/ostrakon" / file.path().filename());
    }
    fs::create_directory_symlink(fs::path{OSTRAKON_SOURCES} / "monitoring",
                                 "/usr/share/ostrakon/monitoring");
    for (const char* directory : {"/var/lib/ostrakon", "/run/ostrakon"}) {
        make_directory_of(directory, "root");
    }
    fs::create_directories("/var/backups");
}

TEST_P(Documents, DoWhatTheySay) {
    if (const std::string why_not = enter_own_machine(); !why_not.empty()) {
        GTEST_SKIP() << why_not;
    }
    install_programs();
    const Document document = read_document(file());
    std::string script =
        read_file(fs::path{OSTRAKON_SOURCES} / "tests/mail/documents/prelude.bash");
    for (const Block& block : document.blocks) {
        if (!block.argument.starts_with(kNotRun)) {
            script += step(block);
        }
    }
    const TemporaryDirectory directory;
    const fs::path files = fs::path{OSTRAKON_SOURCES} / "tests/mail/documents" / file().stem();
    if (fs::exists(files)) {
        fs::copy(files, directory.path(), fs::copy_options::recursive);
    }
    if (fs::exists(directory.path() / "root")) {  // files that lie elsewhere
        fs::copy(directory.path() / "root", "/",
                 fs::copy_options::recursive | fs::copy_options::overwrite_existing);
    }
    directory.write("script", script);
    const ProcessResult result =
        run(ProcessOptions{.arguments = {"unshare", "--pid", "--fork", "--kill-child=SIGKILL",
                                         "--mount-proc", "--uts", "bash", "script"},
                           .environment = {{"NO_COLOR", "1"}, {"USER", "root"}},
                           .directory = directory.path()});
    EXPECT_EQ(result.status, 0) << GetParam() << "\n" << result.output << result.errors;
}

TEST_P(Documents, ShowSettingsThatAreTaken) {
    const Document document = read_document(file());
    for (const Block& block : document.blocks) {
        if (!is_marked(document) || block.language != "toml" || block.argument.starts_with("/")) {
            continue;
        }
        SCOPED_TRACE(fmt::format("{}:{}", GetParam(), block.line));
        const TemporaryDirectory site;
        const bool is_zone = block.argument == "zone";
        ASSERT_TRUE(is_zone || block.argument == "ostrakon.toml") << block.argument;
        const std::string more = block.text;
        const bool has_origin = more.find("origin  =") != std::string::npos ||
                                more.find("\norigin =") != std::string::npos;
        site.write("zones/bl.toml", is_zone ? (has_origin ? "" : std::string{kLeastZone}) + more
                                            : std::string{kLeastZone});
        const std::string database = "[database]\npath = \"" + site.path().string() + "/db\"\n";
        // A key that transfers and partners may be named by.
        const std::string keys =
            is_zone && more.find("key:partner") != std::string::npos
                ? "[[tsig]]\nname = \"partner\"\nsecret_file = \"partner.key\"\n"
                : "";
        site.write("ostrakon.toml", database + keys + (is_zone ? "" : more));
        const ProcessResult result =
            run({program("ostrakon"), "--config", site.path() / "ostrakon.toml", "zone", "check"});
        EXPECT_EQ(result.status, 0) << result.errors;
    }
}

TEST_P(Documents, HaveNothingThatNobodyRuns) {
    const Document document = read_document(file());
    const std::size_t count = document.blocks.size() + document.indented_lines.size();
    if (count > 0 && !is_marked(document)) {
        GTEST_SKIP() << GetParam() << ": nobody runs its " << count << " blocks";
    }
    int not_run = 0;
    for (const Block& block : document.blocks) {
        SCOPED_TRACE(fmt::format("{}:{}", GetParam(), block.line));
        const bool is_not_run = block.argument.starts_with(kNotRun);
        not_run += is_not_run ? 1 : 0;
        EXPECT_TRUE(is_not_run || block.language == "text" ||
                    (block.language == "sh" && block.argument.empty()) ||
                    (block.language == "toml" &&
                     (block.argument == "zone" || block.argument == "ostrakon.toml")) ||
                    (!block.language.empty() && block.argument.starts_with("/")))
            << "```" << block.language << " " << block.argument;
    }
    const auto allowed = kNotRunBlocks.find(GetParam());
    EXPECT_EQ(not_run, allowed == kNotRunBlocks.end() ? 0 : allowed->second) << GetParam();
    EXPECT_THAT(document.indented_lines, testing::IsEmpty()) << GetParam();
    for (const auto& [link, line] : document.links) {
        EXPECT_TRUE(fs::exists(file().parent_path() / link))
            << GetParam() << ":" << line << ": " << link;
    }
}

INSTANTIATE_TEST_SUITE_P(All, Documents, testing::ValuesIn(document_names()),
                         [](const testing::TestParamInfo<std::string>& param) {
                             std::string name = fs::path{param.param}.stem().string();
                             std::replace_if(
                                 name.begin(), name.end(),
                                 [](char c) {
                                     return std::isalnum(static_cast<unsigned char>(c)) == 0;
                                 },
                                 '_');
                             return name;
                         });

}  // namespace
}  // namespace ostrakon::test
