// What the headers of an answer say about the list and about when to come again. Included by this
// module's sources only.
#pragma once

#include "curl_library.hpp"
#include "ostrakon/base/time.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace ostrakon::fetch {

class HttpHeaders {
public:
    /// One line as it came. False where it is more than is borne: then the answer is given up.
    bool take(std::string_view line);

    bool is_whole() const { return is_whole_; }  ///< The empty line behind them has come.
    int status() const { return status_; }       ///< 0: none yet.
    /// The value of the last header of this name, which is in lower case; empty: none.
    std::string_view value(std::string_view name) const;

    bool is_web_page() const;
    /// As Content-Encoding says, in lower case; empty where it is "identity" or nothing.
    std::string encoding() const;
    std::optional<std::uint64_t> length() const;
    /// From Retry-After, a number of seconds or a date (RFC 9110 §10.2.3), at most a day.
    std::optional<Duration> retry_after(const CurlLibrary& curl, UnixTime at) const;
    /// From Cache-Control or Expires (RFC 9111 §5), at most a day from `at`.
    std::optional<UnixTime> fresh_until(const CurlLibrary& curl, UnixTime at) const;

private:
    int status_ = 0;
    bool is_whole_ = false;
    std::size_t bytes_ = 0;
    std::map<std::string, std::string, std::less<>> values_;
};

}  // namespace ostrakon::fetch
