// The database as pages read it: opened when it is first asked for, and again where its file has
// been replaced or outgrown.
#pragma once

#include "ostrakon/base/result.hpp"
#include "ostrakon/config/settings.hpp"
#include "ostrakon/store/environment.hpp"

#include <sys/types.h>

#include <optional>
#include <shared_mutex>
#include <utility>

namespace ostrakon::web {

class ReadableDatabase {
public:
    explicit ReadableDatabase(config::DatabaseSettings settings) : settings_(std::move(settings)) {}

    /// What `read` makes of it. Several threads at once.
    template <class Read>
    auto with(Read&& read) -> decltype(read(std::declval<store::Environment&>())) {
        for (;;) {
            {
                const std::shared_lock lock(mutex_);
                if (is_usable()) {
                    return read(*environment_);
                }
            }
            if (auto opened = reopen(); !opened) {
                return Unexpected{std::move(opened.error())};
            }
        }
    }

private:
    using FileId = std::pair<dev_t, ino_t>;
    std::optional<FileId> file_id() const;
    bool is_usable() const;
    Result<Done> reopen();

    config::DatabaseSettings settings_;
    std::shared_mutex mutex_;
    std::optional<store::Environment> environment_;
    std::optional<FileId> open_file_;
};

}  // namespace ostrakon::web
