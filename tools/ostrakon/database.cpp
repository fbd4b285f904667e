#include "database.hpp"

#include "messages.hpp"
#include "privileges.hpp"

#include <filesystem>
#include <system_error>

namespace ostrakon::tool {
namespace {

constexpr Duration kWaitDefault{60};

Result<Duration> wait_of(const CommonOptions& common) {
    return common.wait ? parse_duration(*common.wait) : Result<Duration>{kWaitDefault};
}

Result<store::WriterLock> take_lock(const config::Settings& settings, const CommonOptions& common,
                                    store::WriterLock::Request request) {
    const auto wait = wait_of(common);
    if (!wait) {
        return Unexpected{wait.error()};
    }
    request.directory = settings.database.path;
    request.wait = *wait;
    request.tell = [&common](std::string_view text) { note(text, common.quiet); };
    return store::WriterLock::take(request);
}

}  // namespace

Result<config::Settings> read_settings(const CommonOptions& common) {
    if (const auto wait = wait_of(common); !wait) {
        return Unexpected{wait.error()};
    }
    // One that is there and cannot be looked at is not passed over: reading it says why.
    std::error_code ignored;
    const bool has_default_file = std::filesystem::status(config::kDefaultFile, ignored).type() !=
                                  std::filesystem::file_type::not_found;
    auto settings = common.config_file ? config::read_settings(*common.config_file)
                    : has_default_file ? config::read_settings(config::kDefaultFile)
                                       : Result<config::Settings>{config::default_settings()};
    if (settings && common.database) {
        if (common.database->empty()) {
            return Unexpected{Error{ErrorCode::Usage, "--database", "names no directory", ""}};
        }
        settings->database.path = std::filesystem::absolute(*common.database);
        settings->hits.file.clear();
    }
    return settings;
}

Result<store::Environment> open_for_reading(const config::Settings& settings) {
    if (auto owner = become_owner_of(settings.database.path); !owner) {
        return Unexpected{std::move(owner.error())};
    }
    return store::Environment::open({.directory = settings.database.path,
                                     .access = store::Access::ReadOnly,
                                     .size_bytes = settings.database.size_bytes});
}

Result<store::Environment> open_for_reading(const CommonOptions& common) {
    const auto settings = read_settings(common);
    return settings ? open_for_reading(*settings) : Unexpected{settings.error()};
}

Result<std::optional<store::Environment>> open_early(const config::Settings& settings) {
    if (auto owner = become_owner_of(settings.database.path); !owner) {
        return Unexpected{std::move(owner.error())};
    }
    auto environment = store::Environment::open({.directory = settings.database.path,
                                                 .access = store::Access::ReadWrite,
                                                 .size_bytes = settings.database.size_bytes});
    return environment ? std::optional{std::move(*environment)} : std::nullopt;
}

Result<store::WriterLock> lock_for_writing(const config::Settings& settings,
                                           const CommonOptions& common,
                                           const std::string& command) {
    return take_lock(settings, common, {.directory = {}, .command = command});
}

Result<store::WriterLock> lock_for_pulling(const config::Settings& settings,
                                           const CommonOptions& common,
                                           const std::string& command) {
    return take_lock(
        settings, common,
        {.directory = {}, .file = "puller", .attempt = "pull feeds into", .command = command});
}

Result<WritableDatabase> open_for_writing(const config::Settings& settings,
                                          const CommonOptions& common, const std::string& command,
                                          store::Access access) {
    if (auto owner = become_owner_of(settings.database.path); !owner) {
        return Unexpected{std::move(owner.error())};
    }
    auto lock = lock_for_writing(settings, common, command);
    if (!lock) {
        return Unexpected{std::move(lock.error())};
    }
    auto environment = store::Environment::open({.directory = settings.database.path,
                                                 .access = access,
                                                 .size_bytes = settings.database.size_bytes});
    if (!environment) {
        return Unexpected{std::move(environment.error())};
    }
    return WritableDatabase{std::move(*lock), std::move(*environment)};
}

}  // namespace ostrakon::tool
