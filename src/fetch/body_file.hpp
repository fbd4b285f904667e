// The file that takes a list on its way: within its limit, and gone again unless it was kept.
// Included by this module's sources only.
#pragma once

#include "ostrakon/base/file_descriptor.hpp"
#include "ostrakon/base/result.hpp"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>

namespace ostrakon::fetch {

/// A name in the directory that is removed with this object, unless it is to stay.
class RemovedFile {
public:
    explicit RemovedFile(std::filesystem::path path) : path_(std::move(path)) {}
    RemovedFile(const RemovedFile&) = delete;
    RemovedFile& operator=(const RemovedFile&) = delete;
    ~RemovedFile();
    const std::filesystem::path& path() const { return path_; }
    void keep() { is_kept_ = true; }

private:
    std::filesystem::path path_;
    bool is_kept_ = false;
};

class BodyFile {
public:
    /// Removes what has this name and makes the file anew.
    static Result<BodyFile> create(const std::filesystem::path& path);

    Result<Done> write(std::span<const char> bytes);
    /// The bytes are on the disk and the file stays when this returns.
    Result<Done> keep();
    std::uint64_t size() const { return size_; }

private:
    BodyFile(std::unique_ptr<RemovedFile> name, FileDescriptor file)
        : name_(std::move(name)), file_(std::move(file)) {}
    std::unique_ptr<RemovedFile> name_;
    FileDescriptor file_;
    std::uint64_t size_ = 0;
};

/// Makes a file that another program wrote as one of this class would be: its mode, and on the
/// disk.
Result<Done> sync_file(const std::filesystem::path& path);

/// fsync of the directory that holds `path`.
Result<Done> sync_directory_of(const std::filesystem::path& path);

}  // namespace ostrakon::fetch
