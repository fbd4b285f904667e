// The database as the server holds it: open read-only, and noticed when its file is replaced.
#pragma once

#include "ostrakon/base/result.hpp"
#include "ostrakon/config/settings.hpp"
#include "ostrakon/store/environment.hpp"

#include <sys/types.h>

#include <optional>

namespace ostrakon::server {

class Database {
public:
    explicit Database(config::DatabaseSettings settings);

    /// Opens it, or opens it anew: what was open is closed before, since a process must not have
    /// one environment open twice. Nobody may be reading from it.
    Result<Done> open();

    /// Nothing while it could not be opened.
    store::Environment* environment() noexcept { return environment_ ? &*environment_ : nullptr; }

    /// How the file that lies there now relates to the one that is open. Outgrown: another process
    /// made it larger than what is mapped here.
    enum class File { Same, Replaced, Outgrown, Missing };
    File look_at_file() const;

private:
    struct FileId {
        dev_t device = 0;
        ino_t inode = 0;
        friend bool operator==(const FileId&, const FileId&) = default;
    };
    std::optional<FileId> file_id() const;

    config::DatabaseSettings settings_;
    std::optional<store::Environment> environment_;
    std::optional<FileId> open_file_;
};

}  // namespace ostrakon::server
