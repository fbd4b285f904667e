#include "ostrakon/store/writer_lock.hpp"

#include "file_mode.hpp"
#include "ostrakon/base/printable.hpp"
#include "ostrakon/base/time.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <array>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <cstring>
#include <thread>

namespace ostrakon::store {
namespace {

constexpr std::size_t kHolderSizeMax = 256;
constexpr std::size_t kPidSizeMax = 20;
constexpr auto kPollInterval = std::chrono::milliseconds{20};
constexpr auto kSilence = std::chrono::seconds{1};  // who waits no longer than this hears nothing

bool try_lock(int fd) {
    struct flock lock {};
    lock.l_type = F_WRLCK;
    lock.l_whence = SEEK_SET;
    return fcntl(fd, F_OFD_SETLK, &lock) == 0;
}

// What the holder wrote: "pid\ncommand\nunix time\n".
std::string describe_holder(int fd) {
    std::array<char, kHolderSizeMax> buffer{};
    const ssize_t size = pread(fd, buffer.data(), buffer.size() - 1, 0);
    const std::string_view text{buffer.data(), size > 0 ? static_cast<std::size_t>(size) : 0};
    const auto first = text.find('\n');
    const auto second = first == std::string_view::npos ? first : text.find('\n', first + 1);
    if (second == std::string_view::npos) {
        return "another writer";
    }
    std::int64_t since = 0;
    std::from_chars(text.data() + second + 1, text.data() + text.size(), since);
    const std::int64_t present = now().seconds;
    return fmt::format("`{}`, pid {}, {} s",
                       printable(text.substr(first + 1, second - first - 1), kHolderSizeMax),
                       printable(text.substr(0, first), kPidSizeMax),
                       since >= 0 && since <= present ? present - since : 0);
}

void write_holder(int fd, const std::string& command) {
    const std::string text = fmt::format("{}\n{}\n{}\n", getpid(), command, now().seconds);
    if (ftruncate(fd, 0) == 0) {
        // Only a message for those who wait: a failure to write it changes nothing.
        [[maybe_unused]] const ssize_t written = pwrite(fd, text.data(), text.size(), 0);
    }
}

}  // namespace

Result<WriterLock> WriterLock::take(const Request& request) {
    const std::filesystem::path path = request.directory / request.file;
    FileDescriptor fd{::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, kFileMode)};
    if (!fd.is_open()) {
        return Unexpected{
            Error{ErrorCode::Store, "open " + path.string(), std::strerror(errno),
                  errno == ENOENT ? "make the directory, or name another with --database" : ""}};
    }
    const auto start = std::chrono::steady_clock::now();
    bool told = false;
    while (!try_lock(fd.get())) {
        const auto waited = std::chrono::steady_clock::now() - start;
        if (!request.wait.forever && waited >= std::chrono::seconds{request.wait.seconds}) {
            return Unexpected{Error{ErrorCode::Store,
                                    request.attempt + " database " + request.directory.string(),
                                    fmt::format("gave up after {} of waiting for {}",
                                                to_string(request.wait), describe_holder(fd.get())),
                                    "try again later, or wait longer with --wait"}};
        }
        if (!told && waited >= kSilence && request.tell) {
            request.tell("waiting for " + describe_holder(fd.get()));
            told = true;
        }
        std::this_thread::sleep_for(kPollInterval);
    }
    write_holder(fd.get(), request.command);
    return WriterLock{std::move(fd)};
}

}  // namespace ostrakon::store
