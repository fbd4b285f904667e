// One request and its answer: no redirect is followed here, and nothing is judged. Included by this
// module's sources only.
#pragma once

#include "attempt.hpp"
#include "body_file.hpp"
#include "http_headers.hpp"
#include "http_url.hpp"

namespace ostrakon::fetch {

/// What one request differs in from the next of the same attempt.
struct HttpHop {
    std::string url;
    std::string user, password;  ///< Empty: none.
    std::string key_header;      ///< "Auth-Key: …", or empty.
    bool may_be_private = true;  ///< Whether it may be asked of an address of this site.
};

struct HttpReply {
    CURLcode code = CURLE_OK;
    std::string trouble;  ///< What libcurl says about `code`.
    HttpHeaders headers;
    std::optional<BodyFile> body;  ///< Where a list came.
    std::string text;              ///< The beginning of what came instead of one.
    std::string redirect;          ///< Where to, as a whole URL; empty: nowhere.
    std::optional<Error> failure;  ///< Of this machine: the file cannot be written.
    bool is_too_large = false;
    bool has_too_many_headers = false;
    bool was_private_refused = false;
    bool is_private = false;  ///< It was asked of an address of this site.
};

HttpReply exchange(const CurlLibrary& curl, const Attempt& attempt, const HttpHop& hop);

}  // namespace ostrakon::fetch
