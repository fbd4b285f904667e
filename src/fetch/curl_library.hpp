// The functions of libcurl that are used, loaded when something is to be got over HTTP. Included by
// this module's sources only.
#pragma once

#include "ostrakon/base/result.hpp"

#include <curl/curl.h>

namespace ostrakon::fetch {

struct CurlLibrary {
    decltype(&curl_global_init) global_init;
    decltype(&curl_easy_init) easy_init;
    decltype(&curl_easy_cleanup) easy_cleanup;
    decltype(&curl_easy_setopt) set;
    decltype(&curl_easy_getinfo) get;
    decltype(&curl_easy_perform) perform;
    decltype(&curl_easy_strerror) error_text;
    decltype(&curl_slist_append) list_append;
    decltype(&curl_slist_free_all) list_free;
    decltype(&curl_getdate) date;
    decltype(&curl_url) url_new;
    decltype(&curl_url_cleanup) url_free;
    decltype(&curl_url_set) url_set;
    decltype(&curl_url_get) url_get;
    decltype(&curl_free) free;
};

Result<CurlLibrary> load_curl_library();

}  // namespace ostrakon::fetch
