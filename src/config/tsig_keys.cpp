#include "ostrakon/config/tsig_keys.hpp"

#include "ostrakon/base/file_descriptor.hpp"
#include "problems.hpp"

#include <fcntl.h>
#include <pwd.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>
#include <array>
#include <cerrno>
#include <cstring>

namespace ostrakon::config {
namespace {

constexpr std::size_t kSecretFileSizeMax = 4096;
constexpr std::string_view kSecretBlanks = " \t\r\n";

class KeyReader {
public:
    explicit KeyReader(const std::string& user) : user_(user) {
        const passwd* const known = user == "root" ? nullptr : ::getpwnam(user.c_str());
        if (known != nullptr) {
            user_id_ = known->pw_uid;
        }
    }

    void read(const std::string& zone, const std::vector<zone::SignatureKey>& keys) {
        for (const zone::SignatureKey& named : keys) {
            const auto name = tsig::key_name(named.name);
            const auto algorithm = tsig::algorithm_named(named.algorithm);
            auto secret = read_secret(named);
            if (name && algorithm && secret) {
                read_.keys.push_back({zone, {*name, *algorithm, std::move(*secret)}});
            }
        }
    }

    Result<SiteKeys> result() {
        if (problems_.mistake_count() > 0) {
            return Unexpected{problems_.error()};
        }
        read_.warnings = problems_.warnings();
        return std::move(read_);
    }

private:
    std::nullopt_t refuse(const zone::SignatureKey& named, std::string_view why) {
        problems_.mistake(
            named.place, {},
            fmt::format("[[tsig]] secret_file {}: {}", named.secret_file.string(), why));
        return std::nullopt;
    }

    std::optional<std::string> read_secret(const zone::SignatureKey& named) {
        // O_NONBLOCK: a named pipe is opened, and then refused, without waiting for who writes to
        // it.
        const FileDescriptor file{
            ::open(named.secret_file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
        struct stat status {};
        if (!file.is_open() || ::fstat(file.get(), &status) != 0) {
            const int error = errno;
            return refuse(named, fmt::format("{}{}", std::strerror(error),
                                             error == EACCES ? how_to_own(named) : std::string{}));
        }
        if (!S_ISREG(status.st_mode)) {
            return refuse(named, "is no plain file");
        }
        if ((status.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
            return refuse(named,
                          fmt::format("others than its owner have rights to it (chmod 0600 {})",
                                      named.secret_file.string()));
        }
        if (::geteuid() == 0 && user_id_ && status.st_uid != *user_id_) {
            problems_.warning(
                named.place, {},
                fmt::format("[[tsig]] secret_file {}: is not {}'s, who has to read it "
                            "again at SIGHUP{}",
                            named.secret_file.string(), user_, how_to_own(named)));
        }
        std::array<char, kSecretFileSizeMax + 1> bytes{};
        const ssize_t size = ::read(file.get(), bytes.data(), bytes.size());
        if (size < 0) {
            return refuse(named, std::strerror(errno));
        }
        std::string_view text{bytes.data(), static_cast<std::size_t>(size)};
        text.remove_prefix(std::min(text.find_first_not_of(kSecretBlanks), text.size()));
        text = text.substr(0, text.find_last_not_of(kSecretBlanks) + 1);
        auto secret = tsig::decode_secret(text);
        ::explicit_bzero(bytes.data(), bytes.size());
        if (!secret) {
            return refuse(
                named, fmt::format("holds no secret, expected 1 to {} bytes in base64, as `openssl "
                                   "rand -base64 32` makes them",
                                   tsig::kSecretSizeMax));
        }
        return secret;
    }

    std::string how_to_own(const zone::SignatureKey& named) const {
        return fmt::format(" (chown {} {})", user_, named.secret_file.string());
    }

    const std::string user_;
    std::optional<uid_t> user_id_;
    Problems problems_;
    SiteKeys read_;
};

}  // namespace

Result<SiteKeys> read_tsig_keys(const Settings& settings, const Zones& zones) {
    KeyReader reader{settings.server.user};
    reader.read("", settings.tsig_keys);
    for (const zone::Zone& zone : zones.zones) {
        reader.read(zone.name, zone.keys);
    }
    return reader.result();
}

}  // namespace ostrakon::config
