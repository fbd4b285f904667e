#include "ostrakon/server/cookie_secrets.hpp"

#include "ostrakon/base/file_descriptor.hpp"
#include "ostrakon/base/printable.hpp"

#include <fcntl.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <string_view>
#include <vector>

namespace ostrakon::server {
namespace {

constexpr std::size_t kSecretFileSizeMax = 1024;
constexpr std::size_t kSecretsMax = 2;
constexpr std::size_t kShownSecretPathMax = 256;
constexpr std::string_view kSecretBlanks = " \t\r";

Unexpected<Error> refuse_secrets(const std::string& file, std::string why, std::string remedy) {
    return Unexpected{Error{ErrorCode::Usage,
                            "[server] cookie_secret_file " + printable(file, kShownSecretPathMax),
                            std::move(why), std::move(remedy)}};
}

constexpr const char* kHowToMake = "a line made by `openssl rand -hex 16`, or two";

std::optional<dns::SipHashKey> parse_secret(std::string_view digits) {
    dns::SipHashKey key;
    if (digits.size() != key.size() * 2) {
        return std::nullopt;
    }
    for (std::size_t i = 0; i < key.size(); ++i) {
        const char* const at = digits.data() + 2 * i;
        const auto [end, error] = std::from_chars(at, at + 2, key[i], 16);
        if (error != std::errc{} || end != at + 2) {
            return std::nullopt;
        }
    }
    return key;
}

// What the file holds; errors never do.
Result<std::string> read_secret_file(const std::string& file) {
    // O_NONBLOCK: a named pipe is opened, and then refused, without waiting for who writes to it.
    const FileDescriptor opened{::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
    struct stat status {};
    if (!opened.is_open() || ::fstat(opened.get(), &status) != 0) {
        return refuse_secrets(file, std::strerror(errno), kHowToMake);
    }
    if (!S_ISREG(status.st_mode)) {
        return refuse_secrets(file, "is no plain file", kHowToMake);
    }
    if ((status.st_mode & S_IRWXO) != 0) {
        return refuse_secrets(file, "others than its owner and group may read or write it",
                              "chmod 0600, and let [server] user own it");
    }
    std::string text(kSecretFileSizeMax + 1, '\0');
    std::size_t size = 0;
    while (size < text.size()) {
        const ssize_t got = ::read(opened.get(), text.data() + size, text.size() - size);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got < 0) {
            return refuse_secrets(file, std::strerror(errno), "");
        }
        if (got == 0) {
            break;
        }
        size += static_cast<std::size_t>(got);
    }
    text.resize(size);
    return text;
}

dns::SipHashKey random_secret() {
    dns::SipHashKey key;
    // So few bytes come whole, once the kernel has begun to give any (getrandom(2)).
    while (::getrandom(key.data(), key.size(), 0) != static_cast<ssize_t>(key.size())) {
    }
    return key;
}

}  // namespace

Result<dns::CookieSecrets> cookie_secrets(const std::string& file) {
    if (file.empty()) {
        static const dns::SipHashKey own = random_secret();
        return dns::CookieSecrets{.newest = own, .other = std::nullopt};
    }
    const auto text = read_secret_file(file);
    if (!text) {
        return Unexpected{text.error()};
    }
    std::vector<dns::SipHashKey> keys;
    std::string_view rest = *text;
    for (int line = 1; !rest.empty(); ++line) {
        std::string_view digits = rest.substr(0, rest.find('\n'));
        rest.remove_prefix(std::min(digits.size() + 1, rest.size()));
        digits.remove_prefix(std::min(digits.find_first_not_of(kSecretBlanks), digits.size()));
        digits = digits.substr(0, digits.find_last_not_of(kSecretBlanks) + 1);
        if (digits.empty()) {
            continue;
        }
        const auto key = parse_secret(digits);
        if (!key) {
            return refuse_secrets(
                file, fmt::format("line {} is no secret of 32 hexadecimal digits", line),
                kHowToMake);
        }
        keys.push_back(*key);
    }
    if (keys.empty() || keys.size() > kSecretsMax) {
        return refuse_secrets(file, fmt::format("has {} secrets", keys.size()), kHowToMake);
    }
    return dns::CookieSecrets{.newest = keys.front(),
                              .other = keys.size() > 1 ? std::optional{keys.back()} : std::nullopt};
}

}  // namespace ostrakon::server
