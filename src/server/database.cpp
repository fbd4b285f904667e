#include "ostrakon/server/database.hpp"

#include <sys/stat.h>

#include <utility>

namespace ostrakon::server {
namespace {

constexpr const char* kDataFile = "data.mdb";

}  // namespace

Database::Database(config::DatabaseSettings settings) : settings_(std::move(settings)) {}

Result<Done> Database::open() {
    environment_.reset();
    // Taken before opening: a file that is put there in between is noticed the next time, not
    // overlooked.
    open_file_ = file_id();
    auto opened = store::Environment::open({.directory = settings_.path,
                                            .access = store::Access::ReadOnly,
                                            .size_bytes = settings_.size_bytes});
    if (!opened) {
        return Unexpected{opened.error()};
    }
    environment_.emplace(std::move(*opened));
    return Done{};
}

Database::File Database::look_at_file() const {
    const auto present = file_id();
    if (!present) {
        return File::Missing;
    }
    if (present != open_file_) {
        return File::Replaced;
    }
    return environment_ && environment_->is_outgrown() ? File::Outgrown : File::Same;
}

std::optional<Database::FileId> Database::file_id() const {
    struct stat status {};
    if (::stat((settings_.path / kDataFile).c_str(), &status) != 0) {
        return std::nullopt;
    }
    return FileId{status.st_dev, status.st_ino};
}

}  // namespace ostrakon::server
