// http:// and https://: from one URL to the next, and what the last answer means.
#include "http_exchange.hpp"
#include "ostrakon/net/private_ranges.hpp"

#include <fmt/format.h>
#include <algorithm>

namespace ostrakon::fetch {
namespace {

constexpr std::size_t kTextShownMax = 120;

bool is_redirect(int status) {
    return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

// The first line that says something; of a web page its title, or else what is left without tags.
std::string first_line(std::string text) {
    constexpr std::string_view kTitle = "<title>";
    if (const std::size_t title = text.find(kTitle); title != std::string::npos) {
        const std::size_t begin = title + kTitle.size();
        text = text.substr(begin, text.find('<', begin) - begin);
    }
    std::string bare;
    bool is_tag = false;
    for (const char c : text) {
        is_tag = c == '<' || (is_tag && c != '>');
        if (!is_tag && c != '>') {
            bare += c;
        }
    }
    const std::size_t begin = std::min(bare.find_first_not_of(" \t\r\n"), bare.size());
    return bare.substr(begin, bare.find_first_of("\r\n", begin) - begin);
}

// Behind a proxy this is all that is known of where a host lies.
bool names_private(std::string_view host) {
    if (host.starts_with('[') && host.ends_with(']')) {
        host = host.substr(1, host.size() - 2);
    }
    const auto address = net::parse_address(host);
    return address ? net::is_private(*address) : host == "localhost";
}

class HttpFetch {
public:
    HttpFetch(const CurlLibrary& curl, Attempt& attempt) : curl_(curl), attempt_(attempt) {}

    Outcome run();

private:
    Expected<HttpUrl, Failure> first_url() const;
    HttpHop hop_to(const HttpUrl& url, bool is_first) const;
    Expected<HttpUrl, Failure> redirected(const HttpUrl& from, const HttpReply& reply);
    // A list of this site may be moved about on its host.
    bool may_be_private(const HttpUrl& url) const {
        return is_origin_private_ && url.is_same_host(origin_);
    }
    Unexpected<Failure> private_refused(const HttpUrl& url) const {
        return attempt_.failed(
            FailureKind::Temporary,
            "is redirected to an address of this site, which no stranger has a say in: " +
                without_secrets(url.text));
    }
    Outcome judged(HttpReply& reply) const;
    Outcome refused_by_status(const HttpReply& reply) const;
    Outcome unchanged(const HttpReply& reply) const;
    Outcome broken(const HttpReply& reply) const;
    Outcome kept(HttpReply& reply) const;
    std::string answered(const HttpReply& reply) const;

    const CurlLibrary& curl_;
    Attempt& attempt_;
    HttpUrl origin_;
    bool is_origin_private_ = false;
};

Expected<HttpUrl, Failure> HttpFetch::first_url() const {
    const Request& request = attempt_.request;
    std::string text = request.url;
    const std::size_t mark = text.find(kKeyMark);
    if (mark != std::string::npos && request.key.empty()) {
        return attempt_.failed(FailureKind::BadRequest, "its URL needs a key, and there is none",
                               "name a key file");
    }
    if (mark == std::string::npos && !request.key.empty() && request.key_header.empty()) {
        return attempt_.failed(FailureKind::BadRequest, "there is a key, but no place for it",
                               "write {key} into the URL, or name the header that takes it");
    }
    if (mark != std::string::npos) {
        const std::string key = percent_encoded(request.key);
        for (std::size_t at = mark; at != std::string::npos;
             at = text.find(kKeyMark, at + key.size())) {
            text.replace(at, kKeyMark.size(), key);
        }
    }
    auto url = read_http_url(curl_, text);
    if (!url) {
        return attempt_.failed(FailureKind::BadRequest, "is no URL that can be read");
    }
    attempt_.secrets.add(url->user);
    attempt_.secrets.add(url->password);
    return *url;
}

HttpHop HttpFetch::hop_to(const HttpUrl& url, bool is_first) const {
    const Request& request = attempt_.request;
    HttpHop hop;
    hop.url = url.text;
    hop.may_be_private = is_first || may_be_private(url);
    if (url.is_same_origin(origin_)) {
        hop.user = origin_.user;
        hop.password = origin_.password;
        if (!request.key.empty() && request.url.find(kKeyMark) == std::string::npos) {
            hop.key_header = request.key_header + ": " + request.key;
        }
    }
    return hop;
}

Expected<HttpUrl, Failure> HttpFetch::redirected(const HttpUrl& from, const HttpReply& reply) {
    const auto failed = [&](std::string_view why) {
        return attempt_.failed(
            FailureKind::Temporary, why,
            "look with a browser whether the list has moved, and change its URL");
    };
    auto to = read_http_url(curl_, reply.redirect);
    if (!to) {
        return failed("is redirected to nothing that can be asked");
    }
    if (from.is_encrypted() && !to->is_encrypted()) {
        return failed("is redirected from https to http, where anybody can change it: " +
                      without_secrets(to->text));
    }
    if (!may_be_private(*to) && names_private(to->host)) {
        return private_refused(*to);
    }
    return *to;
}

Outcome HttpFetch::run() {
    auto url = first_url();
    if (!url) {
        return Unexpected{std::move(url.error())};
    }
    origin_ = *url;
    for (int redirects = 0;; ++redirects) {
        HttpReply reply = exchange(curl_, attempt_, hop_to(*url, redirects == 0));
        if (reply.was_private_refused && reply.headers.status() == 0) {
            return private_refused(*url);
        }
        is_origin_private_ = redirects == 0 ? reply.is_private : is_origin_private_;
        if (!reply.headers.is_whole() || !is_redirect(reply.headers.status())) {
            return judged(reply);
        }
        if (redirects >= attempt_.request.limits.redirects_max) {
            return attempt_.failed(FailureKind::Temporary,
                                   fmt::format("is redirected more than {} times",
                                               attempt_.request.limits.redirects_max));
        }
        url = redirected(*url, reply);
        if (!url) {
            return Unexpected{std::move(url.error())};
        }
    }
}

// "answered 403: key unknown"
std::string HttpFetch::answered(const HttpReply& reply) const {
    const std::string line = attempt_.secrets.clean(first_line(reply.text), kTextShownMax);
    return fmt::format("the server answered {}{}{}", reply.headers.status(),
                       line.empty() ? "" : ": ", line);
}

Outcome HttpFetch::refused_by_status(const HttpReply& reply) const {
    const auto wait = reply.headers.retry_after(curl_, now());
    const int status = reply.headers.status();
    FailureKind kind = FailureKind::Temporary;
    std::string remedy;
    if (status == 429 || (status == 503 && wait)) {
        kind = FailureKind::TooOften;
        remedy = "ask less often";
    } else if (status == 401 || status == 402 || status == 403 || status == 407 || status == 451) {
        kind = FailureKind::Refused;
        remedy = "see whether the key is right and the publisher's terms are met";
    } else if (status == 404 || status == 410) {
        kind = status == 410 ? FailureKind::Ended : FailureKind::Gone;
        remedy = "look whether the list has moved or ended";
    }
    auto failure = attempt_.failed(kind, answered(reply), std::move(remedy));
    failure.value().retry_after = wait;
    return failure;
}

Outcome HttpFetch::unchanged(const HttpReply& reply) const {
    Validators validators = attempt_.request.validators;
    if (validators == Validators{}) {
        return attempt_.failed(FailureKind::Temporary,
                               "the server answered 304, not changed, though no version was named");
    }
    if (const auto etag = reply.headers.value("etag"); !etag.empty()) {
        validators.etag = etag;
    }
    if (const auto modified = reply.headers.value("last-modified"); !modified.empty()) {
        validators.last_modified = modified;
    }
    return Fetched{true, std::move(validators), reply.headers.fresh_until(curl_, now()), 0};
}

// No answer, or half of one.
Outcome HttpFetch::broken(const HttpReply& reply) const {
    switch (reply.code) {
        case CURLE_PEER_FAILED_VERIFICATION:
            return attempt_.failed(FailureKind::Temporary, reply.trouble,
                                   "its certificate is wrong, or the clock of this machine is");
        case CURLE_SSL_CACERT_BADFILE:
            return attempt_.failed(FailureKind::BadRequest, reply.trouble,
                                   "see whether the file of trusted certificates can be read");
        case CURLE_PARTIAL_FILE:
            return attempt_.failed(FailureKind::Temporary,
                                   "was cut off on its way: " + reply.trouble);
        default:
            return attempt_.failed(FailureKind::Temporary, reply.trouble);
    }
}

Outcome HttpFetch::judged(HttpReply& reply) const {
    if (reply.failure) {
        return Attempt::failed(std::move(*reply.failure));
    }
    if (reply.has_too_many_headers) {
        return attempt_.failed(FailureKind::Temporary, "the server sends headers without end");
    }
    if (reply.is_too_large) {
        return attempt_.too_large();
    }
    if (!reply.headers.is_whole()) {
        return broken(reply);
    }
    if (reply.headers.status() == 304) {
        return unchanged(reply);
    }
    if (reply.headers.status() != 200) {
        return refused_by_status(reply);
    }
    if (reply.headers.is_web_page()) {
        return attempt_.failed(FailureKind::NotAList, "is a web page; " + answered(reply),
                               "look at it: the list may have moved, or want a login");
    }
    return reply.code == CURLE_OK ? kept(reply) : broken(reply);
}

Outcome HttpFetch::kept(HttpReply& reply) const {
    // gzip is what many serve .gz files as; it is known by its first bytes, which deflate and br
    // are not.
    const std::string encoding = reply.headers.encoding();
    if (!encoding.empty() && encoding != "gzip" && encoding != "x-gzip" && encoding != "zstd") {
        return attempt_.failed(FailureKind::Temporary, "came in the encoding \"" + encoding +
                                                           "\", which was not asked for");
    }
    if (auto kept = reply.body->keep(); !kept) {
        return Attempt::failed(std::move(kept.error()));
    }
    return Fetched{false,
                   {std::string{reply.headers.value("etag")},
                    std::string{reply.headers.value("last-modified")}},
                   reply.headers.fresh_until(curl_, now()),
                   reply.body->size()};
}

}  // namespace

Outcome fetch_http(Attempt& attempt) {
    static const Result<CurlLibrary> curl = load_curl_library();
    if (!curl) {
        return Attempt::failed(curl.error());
    }
    return HttpFetch{*curl, attempt}.run();
}

}  // namespace ostrakon::fetch
