// A URL as libcurl reads it, so that what is checked is what is asked. Included by this module's
// sources only.
#pragma once

#include "curl_library.hpp"

#include <optional>
#include <string>

namespace ostrakon::fetch {

struct HttpUrl {
    std::string text;  ///< Without user and password.
    std::string scheme, host, port;
    std::string user, password;  ///< Decoded; empty: none.

    bool is_encrypted() const { return scheme == "https"; }
    bool is_same_host(const HttpUrl& other) const { return host == other.host; }
    bool is_same_origin(const HttpUrl& other) const {
        return scheme == other.scheme && host == other.host && port == other.port;
    }
};

/// Nothing where it is none, or is not of HTTP.
std::optional<HttpUrl> read_http_url(const CurlLibrary& curl, const std::string& text);

}  // namespace ostrakon::fetch
