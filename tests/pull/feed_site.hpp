// A site with feeds: ostrakon pulls them, ostrakond serves what has come.
#pragma once

#include "support/live_site.hpp"
#include "tool/site.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ostrakon::test {

/// The name of the feed where a test has but one.
inline constexpr const char* kFeed = "list";

/// Where a feed is pulled from, and how.
struct Publication {
    std::string url;
    std::string format = "plain";
    std::string more = {};  ///< Further keys of its [[feed]], as TOML.
};

class FeedSite {
public:
    /// `sections` stand in ostrakon.toml before the feeds.
    explicit FeedSite(std::string sections = {});

    /// Takes a feed into the configuration, or changes it.
    void configure(const Publication& publication, const std::string& name = kFeed);
    /// Takes it out again.
    void unconfigure(const std::string& name = kFeed);
    /// A new version of a file, older or newer than any before, whatever the clock says: returns
    /// its file:// address.
    std::string publish(std::string_view text, const std::string& file = "published/list") const;

    const LiveSite& files() const { return site_; }
    std::filesystem::path pulled(const std::string& name = kFeed) const {
        return site_.database() / "pulled" / name;
    }
    /// The tool with these words.
    Answer operator()(std::vector<std::string> words, std::string input = {}) const;
    ProcessOptions tool(std::vector<std::string> words) const;

    /// `pull` with these words and --json: what became of the feed. The exit status has to agree.
    Json pull(const std::vector<std::string>& words = {}, const std::string& name = kFeed) const;
    /// The same with --force, for a feed that is not due.
    Json pull_again(const std::string& name = kFeed) const;
    /// What `feeds` says of it; null where it does not know it.
    Json row(const std::string& name = kFeed) const;

    /// The running server, which starts with the first call.
    LiveServer& server();
    /// What the running server says: the codes, none where it is not listed.
    std::vector<std::string> codes(const std::string& address);
    bool answers(const std::string& address) { return !codes(address).empty(); }
    bool answers_name(const std::string& name);
    /// The TXT of it.
    std::vector<std::string> texts(const std::string& address);

    /// Every file beside the database, and the database itself, as bytes.
    std::string raw_bytes() const;
    /// Files of DIR/pulled/NAME that `feeds` does not name.
    std::vector<std::string> stray_files(const std::string& name = kFeed) const;
    /// Makes the feed one that was last refreshed so many seconds ago.
    void age(std::int64_t seconds, const std::string& name = kFeed) const;

private:
    void write_configuration() const;

    std::string sections_;
    std::map<std::string, Publication> feeds_;
    LiveSite site_;
    std::unique_ptr<LiveServer> server_;
};

/// Gives a file a time that no file had before, so that its new version is one.
void touch_anew(const std::filesystem::path& file);

/// That many addresses from 198.18.0.0 + `first` on, a line each.
std::string addresses(std::uint32_t count, std::uint32_t first = 0);
/// The address 198.18.0.0 + `number`.
std::string address(std::uint32_t number);

/// What a person reads in a report or a row.
std::string message_in(const Json& object);

}  // namespace ostrakon::test
