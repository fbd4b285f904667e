#include "curl_library.hpp"

#include "ostrakon/base/shared_library.hpp"

namespace ostrakon::fetch {

Result<CurlLibrary> load_curl_library() {
    auto library = SharedLibrary::open("libcurl.so.4", "libcurl4");
    if (!library) {
        return Unexpected{std::move(library.error())};
    }
    CurlLibrary curl{};
    library->find(curl.global_init, "curl_global_init");
    library->find(curl.easy_init, "curl_easy_init");
    library->find(curl.easy_cleanup, "curl_easy_cleanup");
    library->find(curl.set, "curl_easy_setopt");
    library->find(curl.get, "curl_easy_getinfo");
    library->find(curl.perform, "curl_easy_perform");
    library->find(curl.error_text, "curl_easy_strerror");
    library->find(curl.list_append, "curl_slist_append");
    library->find(curl.list_free, "curl_slist_free_all");
    library->find(curl.date, "curl_getdate");
    library->find(curl.url_new, "curl_url");
    library->find(curl.url_free, "curl_url_cleanup");
    library->find(curl.url_set, "curl_url_set");
    library->find(curl.url_get, "curl_url_get");
    library->find(curl.free, "curl_free");
    if (auto whole = library->whole(); !whole) {
        return Unexpected{std::move(whole.error())};
    }
    if (curl.global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
        return Unexpected{Error{ErrorCode::System, "open library libcurl.so.4", "it does not start",
                                "see whether there is memory left"}};
    }
    return curl;
}

}  // namespace ostrakon::fetch
