// A site whose commands are killed in the middle: what each would change is known, and so what may
// be there afterwards.
#pragma once

#include "support/campaign.hpp"
#include "support/live_site.hpp"
#include "support/small_disk.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <vector>

namespace ostrakon::test {

/// What is listed: own bans and the entries of the one feed, as `list` spells them.
struct Listed {
    std::set<std::string> own, feed;
    friend bool operator==(const Listed&, const Listed&) = default;
};
/// A few words for messages, and where the two differ.
std::string in_words(const Listed& expected, const Listed& found);

/// One command, and what is listed once it is done.
struct Command {
    std::string kind;
    std::vector<std::string> words;
    std::string input;
    Listed after;
};

class CrashSite {
public:
    /// With a list in the feed, two own bans, and a backup of that. Throws where that cannot be.
    explicit CrashSite(std::uint32_t seed);
    /// The same with the database on a disk of this size, on which commands may fail; to be called
    /// once. False where that is not possible; `why_not` says why.
    bool move_to_small_disk(unsigned size_kib, std::string& why_not);
    const SmallDisk& disk() const { return *disk_; }

    const LiveSite& site() const { return site_; }
    std::mt19937& random() { return random_; }
    const Listed& listed() const { return listed_; }
    void set_listed(Listed listed) { listed_ = std::move(listed); }

    /// The tool with these words and the site's configuration.
    ProcessOptions tool(std::vector<std::string> words, std::string input = {}) const;
    ProcessResult run_tool(std::vector<std::string> words, std::string input = {}) const;

    /// What the tool says is listed; nothing where it fails.
    std::optional<Listed> read() const;
    /// A command at random: ban, unban, import (own, feed, replace), restore, backup, repair.
    Command some_command();
    /// Runs it and kills it after a random part of the time that this kind took last; the first of
    /// each kind is left alone.
    ProcessResult kill_at_random(const Command& command);
    /// Looks at what there is after a command that ended with this status: all or nothing of it,
    /// all of it where it was acknowledged, and the index as decided. Empty: that is so.
    std::string judge(const Command& command, const ProcessResult& result);

private:
    std::string check_index() const;
    std::string some_address();
    std::string some_list(std::size_t size, std::set<std::string>& into);

    LiveSite site_;
    std::unique_ptr<SmallDisk> disk_;
    std::mt19937 random_;
    Listed listed_;
    Listed backed_up_;
    std::map<std::string, std::chrono::microseconds> takes_;
};

}  // namespace ostrakon::test
