// A child process that becomes the owner of the database for good, while this one stays who it is.
//
// For commands that read the database as its owner and at the same time write a file as the caller.
#pragma once

#include "ostrakon/base/file_descriptor.hpp"
#include "ostrakon/base/result.hpp"

#include <sys/types.h>

#include <filesystem>
#include <functional>
#include <string>

namespace ostrakon::tool {

class OwnerChild {
public:
    using Task = std::function<Result<std::string>()>;
    /// Runs `task` in the child, as the owner of `database`. It dies with this process.
    static Result<OwnerChild> start(const std::filesystem::path& database, const Task& task);
    OwnerChild(OwnerChild&& other) noexcept;
    OwnerChild& operator=(OwnerChild&&) = delete;
    /// Kills it if it still runs.
    ~OwnerChild();

    /// Waits for its end and returns what the task returned.
    Result<std::string> finish();

private:
    OwnerChild(pid_t pid, FileDescriptor result) : pid_(pid), result_(std::move(result)) {}
    pid_t pid_ = -1;
    FileDescriptor result_;
};

}  // namespace ostrakon::tool
