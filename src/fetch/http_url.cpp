#include "http_url.hpp"

#include <algorithm>
#include <cctype>
#include <memory>

namespace ostrakon::fetch {
namespace {

std::string part_of(const CurlLibrary& curl, CURLU* url, CURLUPart part, unsigned flags = 0) {
    char* raw = nullptr;
    if (curl.url_get(url, part, &raw, flags) != CURLUE_OK || raw == nullptr) {
        return {};
    }
    const std::unique_ptr<char, decltype(&curl_free)> owned{raw, curl.free};
    return raw;
}

}  // namespace

std::optional<HttpUrl> read_http_url(const CurlLibrary& curl, const std::string& text) {
    const std::unique_ptr<CURLU, decltype(&curl_url_cleanup)> owned{curl.url_new(), curl.url_free};
    CURLU* const url = owned.get();
    if (url == nullptr || curl.url_set(url, CURLUPART_URL, text.c_str(), 0) != CURLUE_OK) {
        return std::nullopt;
    }
    HttpUrl result;
    result.scheme = part_of(curl, url, CURLUPART_SCHEME);
    result.host = part_of(curl, url, CURLUPART_HOST);
    std::transform(result.host.begin(), result.host.end(), result.host.begin(), [](char c) {
        return static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    });
    result.port = part_of(curl, url, CURLUPART_PORT, CURLU_DEFAULT_PORT);
    result.user = part_of(curl, url, CURLUPART_USER, CURLU_URLDECODE);
    result.password = part_of(curl, url, CURLUPART_PASSWORD, CURLU_URLDECODE);
    for (const CURLUPart part :
         {CURLUPART_USER, CURLUPART_PASSWORD, CURLUPART_OPTIONS, CURLUPART_FRAGMENT}) {
        if (curl.url_set(url, part, nullptr, 0) != CURLUE_OK) {
            return std::nullopt;
        }
    }
    result.text = part_of(curl, url, CURLUPART_URL);
    if ((result.scheme != "http" && result.scheme != "https") || result.host.empty() ||
        result.text.empty()) {
        return std::nullopt;
    }
    return result;
}

}  // namespace ostrakon::fetch
