#include "ostrakon/base/printable.hpp"
#include "ostrakon/fetch/fetch.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <fmt/format.h>
#include <array>
#include <cerrno>
#include <cstring>

namespace ostrakon::fetch {
namespace {

constexpr std::size_t kKeyFileSizeMax = 4096;
constexpr std::size_t kShownKeyPathMax = 256;

Unexpected<Error> refuse_key(std::string file, std::string why, std::string remedy) {
    return Unexpected{Error{ErrorCode::Usage, std::move(file), std::move(why), std::move(remedy)}};
}

}  // namespace

Result<FileDescriptor> open_key(const std::filesystem::path& file) {
    const auto refuse = [&file](std::string why, std::string remedy) {
        return refuse_key("key file " + printable(file.native(), kShownKeyPathMax), std::move(why),
                          std::move(remedy));
    };
    // O_NONBLOCK: a named pipe is opened, and then refused, without waiting for who writes to it.
    FileDescriptor opened{::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
    struct stat status {};
    if (!opened.is_open() || ::fstat(opened.get(), &status) != 0) {
        return refuse(std::strerror(errno), "put the key into it, as one line");
    }
    if (!S_ISREG(status.st_mode)) {
        return refuse("is no plain file", "");
    }
    if ((status.st_mode & S_IRWXO) != 0) {
        return refuse("others than its owner and group may read or write it",
                      "chmod 0640 and give it to the group that may");
    }
    return opened;
}

Result<std::string> read_key(const FileDescriptor& file) {
    const auto refuse = [](std::string why, std::string remedy) {
        return refuse_key("the key file", std::move(why), std::move(remedy));
    };
    std::array<char, kKeyFileSizeMax + 1> bytes{};
    std::size_t size = 0;
    while (size < bytes.size()) {
        const ssize_t got = ::read(file.get(), bytes.data() + size, bytes.size() - size);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got < 0) {
            return refuse(std::strerror(errno), "");
        }
        if (got == 0) {
            break;
        }
        size += static_cast<std::size_t>(got);
    }
    if (size > kKeyFileSizeMax) {
        return refuse(fmt::format("has more than {} bytes", kKeyFileSizeMax), "it holds one key");
    }
    constexpr std::string_view kBlanks = " \t\r\n";
    std::string_view key{bytes.data(), size};
    key.remove_prefix(std::min(key.find_first_not_of(kBlanks), key.size()));
    key = key.substr(0, key.find_last_not_of(kBlanks) + 1);
    if (key.empty()) {
        return refuse("is empty", "put the key into it, as one line");
    }
    if (key.find_first_of("\r\n") != std::string_view::npos) {
        return refuse("has more than one line", "it holds one key");
    }
    return std::string{key};
}

}  // namespace ostrakon::fetch
