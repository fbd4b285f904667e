// Keeps the keys of partners as their files have them: looks every second, reads what has changed.
#pragma once

#include "ostrakon/base/result.hpp"
#include "ostrakon/partner/zone_keys.hpp"
#include "ostrakon/server/log.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace ostrakon::server {

/// A line for the log.
struct KeyNews {
    LogLevel level = LogLevel::Info;
    std::string text;
};

/// Belongs to the main thread.
class KeyWatch {
public:
    /// Reads the keys of these zones, which are another generation's. After an error all is as it
    /// was.
    Result<Done> take(const std::vector<zone::Zone>& zones);

    /// Reads the files again that are not as they were; the zones are those of the last take(). A
    /// file that cannot be taken leaves the zone's keys as they are, which is told once. True: some
    /// keys are new.
    bool look(const std::vector<zone::Zone>& zones);

    const partner::ZoneKeys& keys() const { return keys_; }
    const partner::UseCounters& counters() const { return counters_; }
    /// What look() has to tell, once.
    std::vector<KeyNews> take_news();

private:
    /// By what a file is known to be another one, or to have been written to.
    struct FileState {
        int error = 0;  ///< Of stat(2).
        std::uint64_t device = 0, inode = 0;
        std::int64_t size = 0, modified_ns = 0, changed_ns = 0;
        friend bool operator==(const FileState&, const FileState&) = default;
    };
    static FileState state_of(const std::string& file);
    bool look_at(const zone::Zone& zone, const std::vector<zone::Zone>& zones, std::size_t number);

    partner::UseCounters counters_;
    partner::ZoneKeys keys_;
    std::vector<FileState> states_;  ///< As keys_.
    std::vector<KeyNews> news_;
};

}  // namespace ostrakon::server
