// The inverse of one large change set, in a file beside the database.
#include "inverse_records.hpp"
#include "ostrakon/base/file_descriptor.hpp"
#include "ostrakon/store/codec.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <system_error>

namespace ostrakon::policy {
namespace {

constexpr const char* kFilePrefix = "inverse.";
constexpr mode_t kInverseMode = 0660;
constexpr std::size_t kRecordSizeMax = std::size_t{64} << 20;

bool write_all(int fd, std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t written = write(fd, bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR) {
            continue;
        }
        if (written <= 0) {
            return false;
        }
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
}

Unexpected<Error> cannot_write(const std::filesystem::path& file) {
    return Unexpected{Error{ErrorCode::Store, "write " + file.string(), std::strerror(errno), ""}};
}

}  // namespace

std::filesystem::path inverse_file(const std::filesystem::path& directory, store::ChangeId change) {
    return directory / fmt::format("{}{}", kFilePrefix, change);
}

Result<Done> write_inverse_file(const std::filesystem::path& file,
                                const std::vector<std::string>& records) {
    const FileDescriptor out{
        open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, kInverseMode)};
    if (!out.is_open()) {
        return cannot_write(file);
    }
    for (const std::string& record : records) {
        std::string size;
        store::append_raw(size, static_cast<std::uint32_t>(record.size()));
        if (!write_all(out.get(), size) || !write_all(out.get(), record)) {
            return cannot_write(file);
        }
    }
    // The end of the file: one that is cut off is told from a whole one.
    std::string end;
    store::append_raw(end, std::uint32_t{0});
    if (!write_all(out.get(), end) || fsync(out.get()) != 0) {
        return cannot_write(file);
    }
    return Done{};
}

bool read_inverse_file(const std::filesystem::path& file, Inverse& inverse) {
    std::ifstream in{file, std::ios::binary};
    std::string record;
    while (in) {
        std::uint32_t size = 0;
        in.read(reinterpret_cast<char*>(&size), sizeof size);
        if (!in || size > kRecordSizeMax) {
            return false;
        }
        if (size == 0) {
            return true;
        }
        record.resize(size);
        in.read(record.data(), static_cast<std::streamsize>(size));
        if (!in || !decode_record(record, inverse)) {
            return false;
        }
    }
    return false;
}

void remove_other_inverse_files(const std::filesystem::path& file) {
    std::error_code ignored;
    for (const auto& entry : std::filesystem::directory_iterator{file.parent_path(), ignored}) {
        if (entry.path().filename().string().starts_with(kFilePrefix) && entry.path() != file) {
            std::filesystem::remove(entry.path(), ignored);
        }
    }
}

}  // namespace ostrakon::policy
