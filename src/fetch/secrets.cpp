#include "secrets.hpp"

#include "ostrakon/base/printable.hpp"
#include "ostrakon/fetch/fetch.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <cctype>

namespace ostrakon::fetch {
namespace {

constexpr std::string_view kHidden = "***";
constexpr std::size_t kShownUrlMax = 256;
constexpr std::size_t kWordSizeMin = 8;

// Names of parameters that carry a secret, or a part of them: auth-key, license_key,
// X-Amz-Signature.
constexpr std::array<std::string_view, 10> kSecretNames{
    "key", "token", "pass", "pwd", "secret", "auth", "sig", "licen", "credential", "session"};

bool is_secret_name(std::string_view name) {
    std::string lowered{name};
    std::transform(lowered.begin(), lowered.end(), lowered.begin(), [](char c) {
        return static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    });
    return std::any_of(kSecretNames.begin(), kSecretNames.end(), [&](std::string_view part) {
        return lowered.find(part) != std::string::npos;
    });
}

std::string without_secret_parameters(std::string_view query) {
    std::string shown;
    for (;;) {
        const std::size_t end = query.find_first_of("&;");
        const std::string_view parameter = query.substr(0, end);
        const std::size_t equals = parameter.find('=');
        const bool is_secret = equals != std::string_view::npos &&
                               parameter.substr(equals + 1) != "{key}" &&
                               is_secret_name(percent_decoded(parameter.substr(0, equals)));
        shown += is_secret ? std::string{parameter.substr(0, equals + 1)}.append(kHidden)
                           : std::string{parameter};
        if (end == std::string_view::npos) {
            return shown;
        }
        shown += query[end];
        query.remove_prefix(end + 1);
    }
}

}  // namespace

std::string percent_encoded(std::string_view text) {
    std::string encoded;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 0x80 &&
            (std::isalnum(byte) != 0 || c == '-' || c == '.' || c == '_' || c == '~')) {
            encoded += c;
        } else {
            encoded += fmt::format("%{:02X}", byte);
        }
    }
    return encoded;
}

std::string percent_decoded(std::string_view text) {
    const auto digit = [](char c) {
        return c >= '0' && c <= '9'   ? c - '0'
               : c >= 'a' && c <= 'f' ? c - 'a' + 10
               : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                      : -1;
    };
    std::string decoded;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] == '%' && at + 2 < text.size() && digit(text[at + 1]) >= 0 &&
            digit(text[at + 2]) >= 0) {
            decoded += static_cast<char>(digit(text[at + 1]) * 16 + digit(text[at + 2]));
            at += 2;
        } else {
            decoded += text[at];
        }
    }
    return decoded;
}

void Secrets::add(std::string_view secret) {
    const auto keep = [this](std::string text) {
        if (!text.empty() && std::find(texts_.begin(), texts_.end(), text) == texts_.end()) {
            texts_.push_back(std::move(text));
        }
    };
    keep(std::string{secret});
    keep(percent_encoded(secret));
    keep(percent_decoded(secret));
    // "Bearer WORD", "hmac-sha256:NAME:WORD": a server may give back the word alone.
    for (std::string_view rest = secret; !rest.empty();) {
        const std::size_t end = rest.find_first_of(" :");
        if (const std::string_view word = rest.substr(0, end); word.size() >= kWordSizeMin) {
            keep(std::string{word});
        }
        rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    }
    std::stable_sort(texts_.begin(), texts_.end(), [](const std::string& a, const std::string& b) {
        return a.size() > b.size();
    });
}

std::string Secrets::clean(std::string_view text, std::size_t size_max) const {
    std::string cleaned{text};
    for (const std::string& secret : texts_) {
        for (std::size_t at = cleaned.find(secret); at != std::string::npos;
             at = cleaned.find(secret, at + kHidden.size())) {
            cleaned.replace(at, secret.size(), kHidden);
        }
    }
    return printable(cleaned, size_max);
}

std::string without_secrets(std::string_view url) {
    std::string shown;
    if (const std::size_t scheme = url.find("://"); scheme != std::string_view::npos) {
        shown = url.substr(0, scheme + 3);
        url.remove_prefix(scheme + 3);
        // Up to the last @ before the path: a password may hold one that is not encoded.
        const std::size_t at = url.substr(0, url.find_first_of("/?#")).rfind('@');
        url.remove_prefix(at == std::string_view::npos ? 0 : at + 1);
    } else if (const std::size_t at = url.substr(0, url.find("::")).rfind('@');
               at != std::string_view::npos) {
        url.remove_prefix(at + 1);
    }
    const std::size_t fragment = url.find('#');
    url = url.substr(0, fragment);
    const std::size_t query = url.find('?');
    shown += url.substr(0, query);
    if (query != std::string_view::npos) {
        shown += '?' + without_secret_parameters(url.substr(query + 1));
    }
    return printable(shown, kShownUrlMax);
}

}  // namespace ostrakon::fetch
