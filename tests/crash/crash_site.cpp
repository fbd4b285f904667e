#include "crash_site.hpp"

#include <nlohmann/json.hpp>

#include <csignal>
#include <stdexcept>
#include <thread>

namespace ostrakon::test {
namespace {

using std::chrono::microseconds;
using std::chrono::steady_clock;

constexpr std::size_t kOwnMax = 4000;  // more are brought down again by a restore
constexpr std::size_t kOwnImported = 1000;
constexpr std::size_t kFeedImported = 4000;
constexpr int kKilled = 128 + SIGKILL;

SiteOptions site_options() {
    return {.server = "threads = 2",
            .more = "[lifecycle]\nrepeat_minimum = \"0s\"\nevidence_to_lift = false\n"};
}

std::optional<std::set<std::string>> subjects_of(const ProcessResult& result) {
    const auto json = nlohmann::json::parse(result.output, nullptr, false);
    if (result.status != 0 || !json.is_array()) {
        return std::nullopt;
    }
    std::set<std::string> subjects;
    for (const auto& row : json) {
        subjects.insert(row["subject"].get<std::string>());
    }
    return subjects;
}

std::string difference(const char* name, const std::set<std::string>& expected,
                       const std::set<std::string>& found) {
    std::string text = std::string(name) + ": " + std::to_string(expected.size()) + " expected, " +
                       std::to_string(found.size()) + " found";
    for (const std::string& subject : expected) {
        if (!found.contains(subject)) {
            return text + ", " + subject + " is missing";
        }
    }
    for (const std::string& subject : found) {
        if (!expected.contains(subject)) {
            return text + ", " + subject + " should not be there";
        }
    }
    return text;
}

}  // namespace

std::string in_words(const Listed& expected, const Listed& found) {
    return difference("own", expected.own, found.own) + "; " +
           difference("feed", expected.feed, found.feed);
}

CrashSite::CrashSite(std::uint32_t seed) : site_(site_options()), random_(seed) {
    std::set<std::string> feed;
    const std::string list = some_list(kFeedImported, feed);
    if (run_tool({"ban", "192.0.2.1", "192.0.2.2", "--reason", "x"}).status != 0 ||
        run_tool({"import", "-", "--source", "feed"}, list).status != 0 ||
        run_tool({"backup", (site_.directory() / "base").string()}).status != 0) {
        throw std::runtime_error("the site cannot be made");
    }
    listed_ = backed_up_ = {{"192.0.2.1", "192.0.2.2"}, feed};
}

bool CrashSite::move_to_small_disk(unsigned size_kib, std::string& why_not) {
    disk_ = SmallDisk::mount(site_.database(), size_kib, why_not);
    if (!disk_) {
        return false;
    }
    const ProcessResult made = run_tool({"restore", (site_.directory() / "base").string()});
    why_not = made.errors;
    return made.status == 0;
}

ProcessOptions CrashSite::tool(std::vector<std::string> words, std::string input) const {
    words.insert(words.begin(), program("ostrakon"));
    words.insert(words.end(), {"--config", site_.configuration(), "--yes"});
    return {.arguments = std::move(words), .input = std::move(input)};
}

ProcessResult CrashSite::run_tool(std::vector<std::string> words, std::string input) const {
    return run(tool(std::move(words), std::move(input)));
}

std::optional<Listed> CrashSite::read() const {
    auto own = subjects_of(run_tool({"list", "--json"}));
    auto feed = subjects_of(run_tool({"list", "--source", "*", "--json"}));
    return own && feed ? std::optional{Listed{std::move(*own), std::move(*feed)}} : std::nullopt;
}

std::string CrashSite::some_address() {
    // Few /16 and many neighbours: blocks and buckets are shared.
    const auto bits = static_cast<std::uint32_t>(random_());
    return "198." + std::to_string(18 + bits % 2) + "." + std::to_string(bits >> 8 & 15) + "." +
           std::to_string(bits >> 16 & 255);
}

std::string CrashSite::some_list(std::size_t size, std::set<std::string>& into) {
    std::string list;
    for (std::size_t i = 0; i < size; ++i) {
        const std::string address = some_address();
        list += address + "\n";
        into.insert(address);
    }
    return list;
}

Command CrashSite::some_command() {
    Command command{.kind = {}, .words = {}, .input = {}, .after = listed_};
    Listed& after = command.after;
    const auto make = [&command](std::string kind, std::vector<std::string> words) {
        command.kind = std::move(kind);
        command.words = std::move(words);
    };
    switch (listed_.own.size() > kOwnMax ? 0 : random_() % 9) {
        case 0:
            make("restore", {"restore", (site_.directory() / "base").string()});
            after = backed_up_;
            break;
        case 1:
            make("restore --discard",
                 {"restore", (site_.directory() / "base").string(), "--discard"});
            after = backed_up_;
            break;
        case 2:
            make("import", {"import", "-", "--reason", "x"});
            command.input = some_list(kOwnImported, after.own);
            break;
        case 3:
            make("import --source", {"import", "-", "--source", "feed"});
            command.input = some_list(kFeedImported, after.feed);
            break;
        case 4:
            make("import --replace", {"import", "-", "--source", "feed", "--replace"});
            after.feed.clear();
            command.input = some_list(kFeedImported, after.feed);
            break;
        case 5:
            make("backup", {"backup", (site_.directory() / "copy").string()});
            break;
        case 6:
            if (!listed_.own.empty()) {
                auto at = listed_.own.begin();
                std::advance(at, random_() % listed_.own.size());
                make("unban", {"unban", *at, "--reason", "x"});
                after.own.erase(*at);
                break;
            }
            [[fallthrough]];
        default: {
            const std::string first = some_address();
            const std::string second = some_address();
            make("ban", {"ban", first, second, "--reason", "x"});
            after.own.insert({first, second});
        }
    }
    return command;
}

ProcessResult CrashSite::kill_at_random(const Command& command) {
    const auto begun = steady_clock::now();
    Process process(tool(command.words, command.input));
    const auto known = takes_.find(command.kind);
    if (known != takes_.end()) {  // the first of each kind is measured
        const auto bound = static_cast<std::uint64_t>(known->second.count() * 9 / 8);
        std::this_thread::sleep_until(begun + microseconds{random_() % bound});
        process.signal(SIGKILL);
    }
    ProcessResult result = process.wait();
    if (result.status != kKilled) {
        takes_[command.kind] =
            std::chrono::duration_cast<microseconds>(steady_clock::now() - begun);
    }
    return result;
}

std::string CrashSite::judge(const Command& command, const ProcessResult& result) {
    const auto seen = read();
    // A writer that dies between its commit and the word of it to readers leaves a change that is
    // seen from the next writer on. `expire` is one that changes nothing.
    const ProcessResult next = run_tool({"expire"});
    const auto found = read();
    if (!seen || !found) {
        return "the database cannot be read";
    }
    if (next.status != 0) {
        return "the next writer fails: " + next.errors;
    }
    if (*seen != *found && (result.status != kKilled || *seen != listed_)) {
        return "changed by nobody: " + in_words(*seen, *found);
    }
    const bool is_full = disk_ && result.status == 4 &&
                         (result.errors.find("the disk is full") != std::string::npos ||
                          result.errors.find("No space left") != std::string::npos);
    if (is_full) {
        return *found == listed_ ? check_index() : "failed by half: " + in_words(listed_, *found);
    }
    if (result.status != 0 && result.status != kKilled) {
        return "it failed: " + result.errors;
    }
    const bool is_done = *found == command.after;
    if (!is_done && (result.status == 0 || *found != listed_)) {
        return (result.status == 0 ? "acknowledged and lost: " : "done by half: ") +
               in_words(result.status == 0 ? command.after : listed_, *found);
    }
    listed_ = *found;
    return check_index();
}

std::string CrashSite::check_index() const {
    const ProcessResult checked = run_tool({"check"});
    return checked.status == 0 ? "" : "not as decided: " + checked.output + checked.errors;
}

}  // namespace ostrakon::test
