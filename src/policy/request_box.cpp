#include "ostrakon/policy/request_box.hpp"

#include "ostrakon/base/file_descriptor.hpp"

#include <fcntl.h>
#include <sys/random.h>
#include <sys/stat.h>

#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <fstream>

namespace ostrakon::policy {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kMagic = "ostrakon request 1\n";
constexpr std::string_view kSuffix = ".request";
constexpr std::string_view kUnfinished = ".new";
constexpr std::chrono::hours kUnfinishedAgeMax{1};
constexpr std::string_view kDigits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";  // Crockford's 32
constexpr std::size_t kReferenceDigits = 16;
constexpr std::size_t kGroup = 4;
constexpr std::size_t kFileSizeMax = kRequestEvidenceSizeMax + (std::size_t{64} << 10);

Error cannot(std::string attempt, int number) {
    return {ErrorCode::System, std::move(attempt), std::strerror(number), ""};
}

fs::path file_of(const fs::path& box, std::string_view reference) {
    return box / (std::string(reference) + std::string(kSuffix));
}

bool is_complete_write(int file, std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t written = ::write(file, bytes.data(), bytes.size());
        if (written < 0) {
            return false;
        }
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    return ::fsync(file) == 0;
}

struct Waiting {
    std::vector<fs::path> files;  // Oldest first.
    std::uintmax_t size = 0;      // Of all, in bytes.
};

Waiting waiting_in(const fs::path& box) {
    Waiting waiting;
    std::vector<std::pair<fs::file_time_type, fs::path>> found;
    std::error_code error;
    for (fs::directory_iterator entry(box, error), end; !error && entry != end;
         entry.increment(error)) {
        if (entry->path().extension() == kSuffix && found.size() < 2 * kWaitingRequestsMax) {
            std::error_code ignored;
            found.emplace_back(entry->last_write_time(ignored), entry->path());
            const std::uintmax_t size = entry->file_size(ignored);
            waiting.size += ignored ? 0 : size;
        }
    }
    std::sort(found.begin(), found.end());
    waiting.files.reserve(found.size());
    for (auto& [time, path] : found) {
        waiting.files.push_back(std::move(path));
    }
    return waiting;
}

// Whoever was killed while filing has acknowledged nothing.
void remove_unfinished(const fs::path& box) {
    const auto old = fs::file_time_type::clock::now() - kUnfinishedAgeMax;
    std::error_code error;
    for (fs::directory_iterator entry(box, error), end; !error && entry != end;
         entry.increment(error)) {
        std::error_code ignored;
        if (entry->path().extension() == kUnfinished && entry->last_write_time(ignored) < old &&
            !ignored) {
            ::unlink(entry->path().c_str());
        }
    }
}

// Empty for what is no request. An error where it cannot be known.
Result<std::optional<Request>> read_file(const fs::path& path) {
    // Not followed where it is a link, not waited for where it is a pipe.
    const FileDescriptor file(::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
    if (!file.is_open() && errno != ELOOP && errno != ENOENT && errno != ENXIO) {
        return Unexpected{cannot("read " + path.filename().string(), errno)};
    }
    struct stat found {};
    if (!file.is_open() || ::fstat(file.get(), &found) != 0 || !S_ISREG(found.st_mode) ||
        static_cast<std::size_t>(found.st_size) > kFileSizeMax) {
        return std::optional<Request>{};
    }
    std::string bytes(static_cast<std::size_t>(found.st_size), '\0');
    const ssize_t size = ::read(file.get(), bytes.data(), bytes.size());
    if (size < 0) {
        return Unexpected{cannot("read " + path.filename().string(), errno)};
    }
    if (size != found.st_size || !bytes.starts_with(kMagic)) {
        return std::optional<Request>{};
    }
    auto request = decode_request(0, std::string_view(bytes).substr(kMagic.size()));
    const std::string reference = path.stem().string();
    if (!request || request->reference != reference ||
        normalised_reference(reference) != reference) {
        return std::optional<Request>{};
    }
    // The rest is not for a stranger to say.
    Request filed;
    filed.kind = request->kind;
    filed.subject = std::move(request->subject);
    filed.contact = std::move(request->contact);
    filed.evidence = std::move(request->evidence);
    filed.reference = std::move(request->reference);
    filed.received = UnixTime{found.st_mtime};
    return std::optional{std::move(filed)};
}

void sync_directory(const fs::path& directory) {
    const FileDescriptor opened(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (opened.is_open()) {
        ::fsync(opened.get());
    }
}

}  // namespace

fs::path request_box(const fs::path& database) {
    return database / "requests";
}

std::string make_reference() {
    std::array<std::uint8_t, kReferenceDigits> bytes{};
    if (::getrandom(bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size())) {
        return {};
    }
    std::string reference;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        if (i != 0 && i % kGroup == 0) {
            reference += '-';
        }
        reference += kDigits[bytes[i] % kDigits.size()];
    }
    return reference;
}

std::string normalised_reference(std::string_view text) {
    std::string reference;
    std::size_t digits = 0;
    for (char c : text) {
        if (c == '-' || c == ' ') {
            continue;
        }
        if (c >= 'a' && c <= 'z') {
            c = static_cast<char>(c - 'a' + 'A');
        }
        c = c == 'O' ? '0' : (c == 'I' || c == 'L') ? '1' : c;
        if (kDigits.find(c) == std::string_view::npos || digits == kReferenceDigits) {
            return {};
        }
        if (digits != 0 && digits % kGroup == 0) {
            reference += '-';
        }
        reference += c;
        ++digits;
    }
    return digits == kReferenceDigits ? reference : std::string{};
}

Result<Done> file_request(const fs::path& box, const Request& request) {
    const std::string attempt = "file a request in " + box.string();
    const Waiting waiting = waiting_in(box);
    const std::string bytes = std::string(kMagic) + encode(request);
    if (waiting.files.size() >= kWaitingRequestsMax ||
        waiting.size + bytes.size() > kWaitingSizeMax) {
        return Unexpected{Error{ErrorCode::Refused, attempt,
                                fmt::format("{} wait already", waiting.files.size()),
                                "`ostrakon request list` takes them in"}};
    }
    const fs::path path = file_of(box, request.reference);
    const fs::path temporary = box / ("." + request.reference + std::string(kUnfinished));
    const FileDescriptor file(
        ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0660));
    if (!file.is_open()) {
        return Unexpected{cannot(attempt, errno)};
    }
    if (!is_complete_write(file.get(), bytes) || ::rename(temporary.c_str(), path.c_str()) != 0) {
        const int number = errno;
        ::unlink(temporary.c_str());
        return Unexpected{cannot(attempt, number)};
    }
    sync_directory(box);
    return Done{};
}

std::size_t waiting_requests(const fs::path& box) {
    return waiting_in(box).files.size();
}

OpenRequests filed_requests(const fs::path& box, std::size_t oldest_max) {
    const auto files = waiting_in(box).files;
    OpenRequests filed{{}, files.size()};
    for (std::size_t i = 0; i < std::min(files.size(), oldest_max); ++i) {
        if (auto request = read_file(files[i]); request && *request) {
            filed.oldest.push_back(std::move(**request));
        }
    }
    return filed;
}

std::optional<Request> waiting_request(const fs::path& box, std::string_view reference) {
    if (normalised_reference(reference) != reference || reference.empty()) {
        return std::nullopt;
    }
    auto request = read_file(file_of(box, reference));
    return request ? std::move(*request) : std::nullopt;
}

Result<TakenIn> take_in_requests(store::Environment& environment, const fs::path& box,
                                 const Author& author) {
    TakenIn result;
    remove_unfinished(box);
    for (const fs::path& file : waiting_in(box).files) {
        const auto read = read_file(file);
        if (!read) {
            result.left.push_back(message(read.error()));
            continue;
        }
        const std::optional<Request>& filed = *read;
        if (!filed) {
            result.left.push_back(file.filename().string() + ": it is no request");
            ::unlink(file.c_str());
            continue;
        }
        // It may have been taken in, and its file have been left, when a process was killed.
        if (!request_of_reference(environment, filed->reference)) {
            const auto taken = add_request(environment, *filed, author);
            if (!taken && taken.error().code != ErrorCode::Usage) {
                return Unexpected{taken.error()};
            }
            if (!taken) {
                result.left.push_back(file.filename().string() + ": " + message(taken.error()));
            } else {
                ++result.taken;
            }
        }
        ::unlink(file.c_str());
    }
    return result;
}

}  // namespace ostrakon::policy
