#include "input.hpp"

#include "arguments.hpp"
#include "ostrakon/base/file_descriptor.hpp"
#include "ostrakon/feed/list.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>
#include <algorithm>
#include <cerrno>
#include <cstring>

namespace ostrakon::tool {
namespace {

constexpr std::size_t kPieceSize = std::size_t{1} << 20;

Unexpected<Error> cannot_read(const std::string& path, const char* why) {
    return wrong_usage("read " + input_name(path), why, "");
}

Result<std::string> read_descriptor(int fd, const std::string& path, std::size_t size_max) {
    std::string bytes;
    struct stat status {};
    if (fstat(fd, &status) == 0) {
        if (S_ISDIR(status.st_mode)) {
            return cannot_read(path, std::strerror(EISDIR));
        }
        if (S_ISREG(status.st_mode)) {
            bytes.reserve(std::min(size_max, static_cast<std::size_t>(status.st_size)) + 1);
        }
    }
    while (true) {
        const std::size_t have = bytes.size();
        const std::size_t room = std::max(bytes.capacity() - have, kPieceSize);
        bytes.resize(have + std::min(room, size_max + 1 - have));
        const ssize_t got = read(fd, bytes.data() + have, bytes.size() - have);
        bytes.resize(have + static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
        if (got == 0) {
            return bytes;
        }
        if (got < 0 && errno != EINTR) {
            return cannot_read(path, std::strerror(errno));
        }
        if (bytes.size() > size_max) {
            return wrong_usage("read " + input_name(path),
                               fmt::format("it has more than {} bytes", size_max), "");
        }
    }
}

}  // namespace

std::string input_name(const std::string& path) {
    return path == "-" ? "standard input" : path;
}

Result<std::string> read_input(const std::string& path, std::size_t size_max) {
    if (path == "-") {
        return read_descriptor(STDIN_FILENO, path, size_max);
    }
    const FileDescriptor file{open(path.c_str(), O_RDONLY | O_CLOEXEC)};
    if (!file.is_open()) {
        return cannot_read(path, std::strerror(errno));
    }
    return read_descriptor(file.get(), path, size_max);
}

Result<std::string> read_evidence(const std::optional<std::string>& word) {
    if (!word) {
        return std::string{};
    }
    if (*word == "-") {
        return read_input(*word, feed::kEvidenceSizeMax);
    }
    if (!word->empty() && word->front() == '@') {
        return read_input(word->substr(1), feed::kEvidenceSizeMax);
    }
    struct stat status {};
    if (!word->empty() && stat(word->c_str(), &status) == 0 && !S_ISDIR(status.st_mode)) {
        return read_input(*word, feed::kEvidenceSizeMax);
    }
    return *word;
}

}  // namespace ostrakon::tool
