#include "readable_database.hpp"

#include <sys/stat.h>

#include <mutex>

namespace ostrakon::web {

std::optional<ReadableDatabase::FileId> ReadableDatabase::file_id() const {
    struct stat status {};
    if (::stat((settings_.path / "data.mdb").c_str(), &status) != 0) {
        return std::nullopt;
    }
    return FileId{status.st_dev, status.st_ino};
}

bool ReadableDatabase::is_usable() const {
    return environment_ && !environment_->is_outgrown() && file_id() == open_file_;
}

Result<Done> ReadableDatabase::reopen() {
    const std::unique_lock lock(mutex_);
    if (is_usable()) {
        return Done{};
    }
    // LMDB knows a file once in a process: the old one goes first.
    environment_.reset();
    open_file_ = file_id();
    auto opened = store::Environment::open({.directory = settings_.path,
                                            .access = store::Access::ReadOnly,
                                            .size_bytes = settings_.size_bytes});
    if (!opened) {
        return Unexpected{std::move(opened.error())};
    }
    environment_.emplace(std::move(*opened));
    return Done{};
}

}  // namespace ostrakon::web
