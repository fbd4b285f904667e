// A file that is there whole or not at all: written beside its place, and put there at the end.
#pragma once

#include "ostrakon/base/file_descriptor.hpp"
#include "ostrakon/base/result.hpp"

#include <filesystem>
#include <string>
#include <string_view>

namespace ostrakon::tool {

class NewFile {
public:
    /// Begins a file for its owner alone. Nothing is at `path` yet, or `may_replace`.
    static Result<NewFile> begin(const std::filesystem::path& path, bool may_replace);
    /// Begins one that no other process can be writing: takes the place of what was at `path`, and
    /// of what a process that was killed has left behind.
    static Result<NewFile> begin_alone(const std::filesystem::path& path);
    NewFile(NewFile&& other) noexcept;
    NewFile& operator=(NewFile&&) = delete;
    /// Removes what was not kept.
    ~NewFile();

    Result<Done> write(std::string_view bytes);
    /// Makes what was written durable, in its temporary place.
    Result<Done> sync();
    /// Puts it in its place, and makes that durable.
    Result<Done> keep();

    int descriptor() const { return file_.get(); }

private:
    NewFile(std::filesystem::path path, bool may_replace)
        : path_(std::move(path)), may_replace_(may_replace) {}
    Unexpected<Error> failed(int error) const;

    std::filesystem::path path_;
    std::string temporary_;
    bool may_replace_ = false;
    FileDescriptor file_;
};

}  // namespace ostrakon::tool
