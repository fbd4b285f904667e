// file://: a plain file of this machine, copied.
#include "attempt.hpp"
#include "body_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <fmt/format.h>
#include <cerrno>
#include <cstring>
#include <vector>

namespace ostrakon::fetch {
namespace {

constexpr std::size_t kCopySize = 256UL * 1024;

// file:///path or file://localhost/path (RFC 8089 §2); nothing where another host is named.
std::optional<std::string> path_in(std::string_view url) {
    url.remove_prefix(url.find("://") + 3);
    constexpr std::string_view kLocal = "localhost";
    if (url.substr(0, kLocal.size()) == kLocal) {
        url.remove_prefix(kLocal.size());
    }
    std::string path = percent_decoded(url);
    if (path.empty() || path.front() != '/' || path.find('\0') != std::string::npos) {
        return std::nullopt;
    }
    return path;
}

std::string version_of(const struct stat& status) {
    return fmt::format("{}.{:09}-{}", status.st_mtim.tv_sec, status.st_mtim.tv_nsec,
                       status.st_size);
}

Outcome copied(const Attempt& attempt, int from, const struct stat& status) {
    auto body = BodyFile::create(attempt.request.body);
    if (!body) {
        return Attempt::failed(std::move(body.error()));
    }
    std::vector<char> buffer(kCopySize);
    for (;;) {
        const ssize_t size = ::read(from, buffer.data(), buffer.size());
        if (size < 0 && errno == EINTR) {
            continue;
        }
        if (size < 0) {
            return attempt.failed(FailureKind::Temporary, std::strerror(errno));
        }
        if (size == 0) {
            break;
        }
        if (body->size() + static_cast<std::uint64_t>(size) > attempt.request.limits.size_max) {
            return attempt.too_large();
        }
        if (attempt.left().count() == 0) {
            return attempt.timed_out();
        }
        if (auto written = body->write({buffer.data(), static_cast<std::size_t>(size)}); !written) {
            return Attempt::failed(std::move(written.error()));
        }
        attempt.tell_progress(body->size(), static_cast<std::uint64_t>(status.st_size));
    }
    struct stat after {};
    if (::fstat(from, &after) != 0 || version_of(after) != version_of(status) ||
        body->size() != static_cast<std::uint64_t>(status.st_size)) {
        return attempt.failed(FailureKind::Temporary, "was changed while it was being copied",
                              "write it under another name and rename it when it is whole");
    }
    if (auto kept = body->keep(); !kept) {
        return Attempt::failed(std::move(kept.error()));
    }
    return Fetched{false, {version_of(status), ""}, std::nullopt, body->size()};
}

}  // namespace

Outcome fetch_file(const Attempt& attempt) {
    const auto path = path_in(attempt.request.url);
    if (!path) {
        return attempt.failed(FailureKind::BadRequest, "names no file of this machine",
                              "write it as file:///path/to/file");
    }
    // O_NONBLOCK: a named pipe is opened, and then refused, without waiting for who writes to it.
    const FileDescriptor file{::open(path->c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
    struct stat status {};
    if (!file.is_open() || ::fstat(file.get(), &status) != 0) {
        const int error = errno;
        const FailureKind kind = error == ENOENT || error == ENOTDIR ? FailureKind::Gone
                                 : error == EACCES || error == EPERM ? FailureKind::Refused
                                                                     : FailureKind::Temporary;
        return attempt.failed(kind, std::strerror(error));
    }
    if (!S_ISREG(status.st_mode)) {
        return attempt.failed(FailureKind::NotAList, "is no plain file");
    }
    if (version_of(status) == attempt.request.validators.etag) {
        return Fetched{true, attempt.request.validators, std::nullopt, 0};
    }
    if (static_cast<std::uint64_t>(status.st_size) > attempt.request.limits.size_max) {
        return attempt.too_large();
    }
    return copied(attempt, file.get(), status);
}

}  // namespace ostrakon::fetch
