#include "ostrakon/pull/body_store.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sha2.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <vector>

namespace ostrakon::pull {
namespace {

constexpr std::string_view kBodySuffix = ".body";

Unexpected<Error> cannot(const std::string& attempt, const std::filesystem::path& path) {
    return Unexpected{
        Error{ErrorCode::System, attempt + " " + path.string(), std::strerror(errno), ""}};
}

Result<Done> make_directory(const std::filesystem::path& path) {
    constexpr mode_t kMode = 0750;
    return mkdir(path.c_str(), kMode) == 0 || errno == EEXIST ? Result<Done>{Done{}}
                                                              : cannot("make", path);
}

// What the directory says of its files is on the disk when this returns.
Result<Done> sync_directory(const std::filesystem::path& path) {
    const FileDescriptor directory{::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
    return directory.is_open() && fsync(directory.get()) == 0 ? Result<Done>{Done{}}
                                                              : cannot("write", path);
}

bool is_named(const policy::PullState& state, const std::string& file) {
    const auto has_file = [&file](const policy::PulledVersion& version) {
        return file == fmt::format("{}{}", version.number, kBodySuffix);
    };
    return std::any_of(state.versions.begin(), state.versions.end(), has_file) ||
           (state.held && has_file(state.held->version));
}

}  // namespace

std::optional<std::string> digest_of(const std::filesystem::path& file) {
    std::array<char, SHA256_DIGEST_STRING_LENGTH> text{};
    return SHA256File(file.c_str(), text.data()) == nullptr
               ? std::nullopt
               : std::optional{std::string{text.data()}};
}

BodyStore::BodyStore(const std::filesystem::path& database, const std::string& name)
    : directory_(database / "pulled" / name) {}

std::filesystem::path BodyStore::body(std::uint64_t number) const {
    return directory_ / fmt::format("{}{}", number, kBodySuffix);
}

Result<Done> BodyStore::prepare(const policy::PullState& state) const {
    for (const auto& path : {directory_.parent_path(), directory_}) {
        if (auto made = make_directory(path); !made) {
            return made;
        }
    }
    tidy(state);
    return Done{};
}

Result<Done> BodyStore::keep(std::uint64_t number) const {
    if (std::rename(incoming().c_str(), body(number).c_str()) != 0) {
        return cannot("keep", incoming());
    }
    return sync_directory(directory_);
}

void BodyStore::tidy(const policy::PullState& state) const {
    std::vector<std::filesystem::path> unnamed;
    std::error_code ignored;  // what cannot be removed is in nobody's way
    for (const auto& file : std::filesystem::directory_iterator{directory_, ignored}) {
        if (!is_named(state, file.path().filename().string())) {
            unnamed.push_back(file.path());
        }
    }
    for (const auto& file : unnamed) {
        std::filesystem::remove(file, ignored);
    }
}

Result<FileDescriptor> BodyStore::open(const policy::PulledVersion& version) const {
    const std::filesystem::path path = body(version.number);
    FileDescriptor file{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW)};
    if (!file.is_open() || digest_of(path) != version.digest) {
        return Unexpected{Error{
            ErrorCode::Absent, "read " + path.string(),
            file.is_open() ? "it is no longer what was fetched" : std::string{std::strerror(errno)},
            "pull the feed again"}};
    }
    return file;
}

void remove_bodies(const std::filesystem::path& database, const std::string& name) {
    std::error_code ignored;
    std::filesystem::remove_all(database / "pulled" / name, ignored);
}

}  // namespace ostrakon::pull
