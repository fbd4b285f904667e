// Opens the database for a command, in the order that keeps privileges apart: the configuration and
// the files that the user names are read as whoever called; then root becomes the owner of the
// database; then the database is opened.
#pragma once

#include "command.hpp"
#include "ostrakon/config/settings.hpp"
#include "ostrakon/store/environment.hpp"
#include "ostrakon/store/writer_lock.hpp"

#include <optional>
#include <string>

namespace ostrakon::tool {

/// The configuration for this call: --config, else the default file where there is one, else the
/// defaults; --database in place of [database] path. Its warnings are not printed.
Result<config::Settings> read_settings(const CommonOptions& common);

/// Opens an existing database for reading. To be called after all files have been read.
Result<store::Environment> open_for_reading(const config::Settings& settings);

/// The same, for commands that need nothing else of the configuration.
Result<store::Environment> open_for_reading(const CommonOptions& common);

/// The right to write, and what is written to. The lock is released last.
struct WritableDatabase {
    store::WriterLock lock;
    store::Environment environment;
};

/// Opens a database that is there for writing, before the writer lock is had, so that much can be
/// found out without it; nothing where it cannot be opened, for which open_for_writing then says
/// why. To be called after all files have been read.
Result<std::optional<store::Environment>> open_early(const config::Settings& settings);

/// Takes the writer lock; waits for another writer as --wait says.
Result<store::WriterLock> lock_for_writing(const config::Settings& settings,
                                           const CommonOptions& common, const std::string& command);

/// Takes the right to fetch feeds, which one process has at a time, and which keeps no writer out;
/// waits as --wait says.
Result<store::WriterLock> lock_for_pulling(const config::Settings& settings,
                                           const CommonOptions& common, const std::string& command);

/// Takes the writer lock and opens the database for writing; waits for another writer as --wait
/// says. To be called after all files have been read.
Result<WritableDatabase> open_for_writing(const config::Settings& settings,
                                          const CommonOptions& common, const std::string& command,
                                          store::Access access);

}  // namespace ostrakon::tool
