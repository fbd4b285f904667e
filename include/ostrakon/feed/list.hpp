// Reads a list of bans, in whatever format it comes, into entries that policy::import takes.
//
// Only spelling is judged here: what is no subject is rejected with its line and a reason. Whether
// an entry may be taken (width, `never`, unknown classes) is policy's matter. Nothing here touches
// a file, a socket or the database.
#pragma once

#include "ostrakon/base/result.hpp"
#include "ostrakon/policy/import.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ostrakon::feed {

/// Bytes of the largest list that is read.
inline constexpr std::size_t kListSizeMax = std::size_t{1} << 30;
/// Entries of the longest list.
inline constexpr std::size_t kEntriesMax = 20'000'000;
/// Data sets of a combined file: every change of the index looks at each of them.
inline constexpr std::size_t kDataSetsMax = 64;
/// Bytes of a line of text, its end not counted; a longer one is rejected.
inline constexpr std::size_t kLineSizeMax = 4096;
/// Bytes of a reason, and of an evidence, in csv and json.
inline constexpr std::size_t kReasonSizeMax = 4096;
inline constexpr std::size_t kEvidenceSizeMax = std::size_t{1} << 20;
/// Rejected lines that are kept with their text; further ones are only counted.
inline constexpr std::size_t kRejectsKeptMax = 100;
/// Bytes of a rejected line's text that are kept.
inline constexpr std::size_t kRejectTextSizeMax = 120;

/// What was found in a list.
struct Contents {
    policy::ImportList list;
    std::vector<policy::ImportReject> rejects;  ///< The first kRejectsKeptMax.
    std::uint64_t rejected = 0;                 ///< All of them.
    bool may_be_empty = false;                  ///< A log in which nobody is to be listed.
    std::optional<UnixTime> expires;  ///< Until when the list says there will be nothing new.
    std::vector<std::string> notes;             ///< What else people should know, a sentence each.
};

/// How often within which time somebody has to be met in a log.
struct LogOptions {
    std::uint32_t threshold = 5;
    Duration within{3600};
};
/// The highest threshold.
inline constexpr std::uint32_t kThresholdMax = 1000;

struct ReadRequest {
    std::string_view file;   ///< What messages call the list: its path, or "standard input".
    std::string_view bytes;  ///< The whole list, packed or not.
    std::size_t size_max = kListSizeMax;  ///< Bytes of the largest list that is read, unpacked.
    std::string_view format;              ///< Empty: recognised by what stands in the list.
    UnixTime now = ostrakon::now();
    LogOptions log = {};
    bool is_feed = true;  ///< For a feed, not for own listings: an entry is then cut up where a
                          ///< format says that its narrowest part counts.
    bool is_unpacked = false;  ///< The bytes have been through unpack().
    /// Which of the addresses that a mail has come through may have sent it; empty: any.
    std::function<bool(const net::Address&)> may_be_listed = {};
    std::function<void(std::uint64_t bytes_done, std::uint64_t bytes_total)>
        progress;  ///< May be empty.
};

/// The bytes of a list or map, unpacked where gzip, xz, zstd, bzip2 or zip (of one file) have
/// packed them; at most kListSizeMax.
Result<std::string> unpack(std::string_view file, std::string bytes);

struct ReadList {
    std::string format;          ///< The name of the format that was taken.
    bool is_recognised = false;  ///< It was a guess.
    Contents contents;
};

/// Reads a list. A line that is no entry is rejected and the rest goes on; what cannot be a list of
/// that format at all (a web page, a packed or UTF-16 file, one that was cut off) is an error of
/// kind Usage.
Result<ReadList> read_list(const ReadRequest& request);

/// A format, for help texts.
struct FormatName {
    std::string_view name;
    std::string_view summary;
};

/// Every format that is known, of maps (feed/map.hpp) too, in the order in which help texts name
/// them.
std::span<const FormatName> format_names();

/// Whether a feed that is pulled can have this format, with or without a variant. Logs and mails
/// (postfix-log, fail2ban, arf) cannot: what they say is for own listings, by their --threshold and
/// sender's addresses, and fail2ban's database needs a reader that is not confined. Nor can
/// patterns (pcre-table), which are own bans alone.
bool can_be_pulled(std::string_view format);

}  // namespace ostrakon::feed
