#include "ostrakon/tsig/key.hpp"

#include <resolv.h>
#include <string.h>

#include <array>
#include <vector>

namespace ostrakon::tsig {
namespace {

struct NamedAlgorithm {
    std::string_view text;
    std::string_view wire;
    Algorithm algorithm;
};
constexpr std::array<NamedAlgorithm, 5> kAlgorithms{{
    {"hmac-sha1", {"\x09hmac-sha1\0", 11}, Algorithm::Sha1},
    {"hmac-sha224", {"\x0Bhmac-sha224\0", 13}, Algorithm::Sha224},
    {"hmac-sha256", {"\x0Bhmac-sha256\0", 13}, Algorithm::Sha256},
    {"hmac-sha384", {"\x0Bhmac-sha384\0", 13}, Algorithm::Sha384},
    {"hmac-sha512", {"\x0Bhmac-sha512\0", 13}, Algorithm::Sha512},
}};

}  // namespace

std::optional<Algorithm> algorithm_named(std::string_view text) noexcept {
    for (const NamedAlgorithm& each : kAlgorithms) {
        if (each.text == text) {
            return each.algorithm;
        }
    }
    return std::nullopt;
}

std::string_view wire_name(Algorithm algorithm) noexcept {
    return kAlgorithms[static_cast<std::size_t>(algorithm)].wire;
}

std::optional<dns::Name> key_name(std::string_view text) {
    if (text.ends_with('.')) {
        text.remove_suffix(1);
    }
    std::vector<std::string> labels;
    for (std::size_t begin = 0; begin <= text.size();) {
        const std::size_t end = std::min(text.find('.', begin), text.size());
        labels.emplace_back(text.substr(begin, end - begin));
        begin = end + 1;
    }
    const auto name = dns::Name::from_labels(labels);
    return name ? std::optional{*name} : std::nullopt;
}

std::optional<std::string> decode_secret(std::string_view base64) {
    std::string text{base64};
    // b64_pton() wants three bytes more than it gives.
    std::vector<std::uint8_t> bytes(kSecretSizeMax + 3);
    const int size = ::b64_pton(text.c_str(), bytes.data(), bytes.size());
    std::optional<std::string> secret;
    if (size > 0 && static_cast<std::size_t>(size) <= kSecretSizeMax &&
        text.find('\0') == std::string::npos) {
        secret.emplace(bytes.begin(), bytes.begin() + size);
    }
    ::explicit_bzero(bytes.data(), bytes.size());
    ::explicit_bzero(text.data(), text.size());
    return secret;
}

}  // namespace ostrakon::tsig
