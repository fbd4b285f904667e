#include "ostrakon/fetch/fetch.hpp"

#include "attempt.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <cctype>

namespace ostrakon::fetch {
namespace {

constexpr std::size_t kUrlSizeMax = 4096;

bool is_plain_ascii(std::string_view text, char first) {
    return std::all_of(text.begin(), text.end(),
                       [first](char c) { return c >= first && c <= '~'; });
}

std::string scheme_of(std::string_view url) {
    const std::size_t end = url.find("://");
    if (end == std::string_view::npos) {
        return url.find("::") == std::string_view::npos ? "" : "rsync";
    }
    std::string scheme{url.substr(0, end)};
    std::transform(scheme.begin(), scheme.end(), scheme.begin(), [](char c) {
        return static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    });
    return scheme;
}

}  // namespace

Unexpected<Failure> Attempt::failed(FailureKind kind, std::string_view why,
                                    std::string remedy) const {
    const ErrorCode code = kind == FailureKind::BadRequest ? ErrorCode::Usage : ErrorCode::System;
    return Unexpected{
        Failure{kind,
                Error{code, "fetch " + secrets.clean(without_secrets(request.url), kUrlSizeMax),
                      secrets.clean(why, 2 * kShownTextMax), std::move(remedy)},
                std::nullopt}};
}

Unexpected<Failure> Attempt::timed_out() const {
    return failed(FailureKind::Temporary,
                  fmt::format("was not complete within {} s", request.limits.total.seconds));
}

Unexpected<Failure> Attempt::too_large() const {
    return failed(FailureKind::NotAList,
                  fmt::format("has more than {} bytes", request.limits.size_max),
                  "look at it; if it is what you want, allow it a larger size");
}

Outcome fetch(const Request& request) {
    Attempt attempt{request, {}, Clock::now() + std::chrono::seconds{request.limits.total.seconds}};
    attempt.secrets.add(request.key);
    if (request.url.size() > kUrlSizeMax || !is_plain_ascii(request.url, '!')) {
        return attempt.failed(FailureKind::BadRequest,
                              "is no URL: it has blanks, letters that are not ASCII, or too many",
                              "write them as %XX");
    }
    if (!is_plain_ascii(request.key, ' ') || !is_plain_ascii(request.user_agent, ' ') ||
        !is_plain_ascii(request.key_header, '!')) {
        return attempt.failed(FailureKind::BadRequest,
                              "the key or its header has characters that are not printable ASCII",
                              "write the key anew into its file, as one line");
    }
    const std::string scheme = scheme_of(request.url);
    if (scheme == "http" || scheme == "https") {
        return fetch_http(attempt);
    }
    if (scheme == "file") {
        return fetch_file(attempt);
    }
    if (scheme == "rsync") {
        return fetch_rsync(attempt);
    }
    if (scheme == "axfr") {
        return fetch_axfr(attempt);
    }
    return attempt.failed(FailureKind::BadRequest, "is no URL of a kind that is known",
                          "it begins with https://, http://, rsync://, axfr:// or file://");
}

}  // namespace ostrakon::fetch
