// The top-level domains that there are, as IANA publishes them.
//
// Reads the text of https://data.iana.org/TLD/tlds-alpha-by-domain.txt; config/ knows where the
// file lies, verdict/ what follows from it.
#pragma once

#include "ostrakon/base/result.hpp"
#include "ostrakon/base/time.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace ostrakon::zone {

/// Bytes that the text may have; it has ten thousand.
inline constexpr std::size_t kTopLevelDomainsTextMax = std::size_t{1} << 20;
/// A list that is older is not used: what has come since would be taken for a mistake.
inline constexpr std::int64_t kTopLevelDomainsAgeMaxSeconds = std::int64_t{365} * 24 * 3600;

/// Immutable, shared by all threads.
class TopLevelDomains {
public:
    /// Reads the list. One that lacks its end, or what every list has, is refused whole: a list
    /// that was cut off would take half of the world for a mistake. `file` is for the error.
    static Result<TopLevelDomains> parse(std::string_view text, std::string_view file);

    /// Whether a label, lower-cased, is one of them. Allocates nothing.
    bool has(std::string_view label) const noexcept;

    /// The day of the list's version.
    UnixTime date() const noexcept { return date_; }
    bool is_fresh(UnixTime now) const noexcept {
        return now.seconds - date_.seconds <= kTopLevelDomainsAgeMaxSeconds;
    }
    std::size_t size() const noexcept { return labels_.size(); }

private:
    std::vector<std::string> labels_;  // sorted
    UnixTime date_;
};

/// The top-level domain of a name, by its key (dns::reversed_key).
std::string_view top_level_of(std::string_view key) noexcept;

/// Whether a name whose top-level domain is unknown is to be listed for that: it has two labels or
/// more, and is not what an address, the hash of a mail address or an old key makes of one.
bool is_listed_for_top_level(std::string_view key) noexcept;

}  // namespace ostrakon::zone
