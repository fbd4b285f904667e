// ostrakon backup: a consistent copy of the database while all is running.
#include "arguments.hpp"
#include "backup_text.hpp"
#include "database.hpp"
#include "json.hpp"
#include "messages.hpp"
#include "new_file.hpp"
#include "ostrakon/policy/restore.hpp"
#include "ostrakon/store/backup_copy.hpp"
#include "ostrakon/store/backup_seal.hpp"
#include "output.hpp"
#include "owner_child.hpp"
#include "progress.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <array>
#include <cerrno>
#include <cstring>

namespace ostrakon::tool {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kPipePieceSize = std::size_t{1} << 16;

Result<Done> write_all(int descriptor, std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t written = write(descriptor, bytes.data(), bytes.size());
        if (written < 0 && errno != EINTR) {
            return Unexpected{
                Error{ErrorCode::System, "write the backup", std::strerror(errno), ""}};
        }
        bytes.remove_prefix(static_cast<std::size_t>(written < 0 ? 0 : written));
    }
    return Done{};
}

// The files of the database itself: a backup in their place would be its end.
Result<Done> check_place(const fs::path& file, const fs::path& database) {
    std::error_code ignored;
    const fs::path target = fs::weakly_canonical(fs::absolute(file), ignored);
    if (target.parent_path() == fs::weakly_canonical(database, ignored) &&
        (target.filename() == "data.mdb" || target.filename() == "lock.mdb" ||
         target.filename() == "writer")) {
        return wrong_usage(file.string(), "is a file of the database itself", "name another one");
    }
    return Done{};
}

class BackupCommand : public Command {
public:
    Description describe() const override {
        return {.name = "backup",
                .summary = "a consistent copy of the database while all is running",
                .details =
                    "Writes the whole database to one file, for `ostrakon restore`: decisions with "
                    "their evidence, lists, audit trail. Waits for nobody and stops nobody. The "
                    "file is for its owner alone, is read again before it is put in its place, "
                    "and replaces another one only with --yes. With - it goes to standard output.",
                .examples = {"ostrakon backup /var/backups/ostrakon.mdb",
                             "ostrakon backup /var/backups/ostrakon.mdb --compact --yes",
                             "ostrakon backup - --compact | zstd > ostrakon.mdb.zst"}};
    }
    void declare(OptionSet& options) override {
        options.operand("FILE", file_, "where it goes; - is standard output");
        options.flag("--compact", compact_, "leave out pages that are free");
    }
    Result<Outcome> run(const CommonOptions& common) override {
        const auto settings = read_settings(common);
        if (!settings) {
            return Unexpected{settings.error()};
        }
        return file_ == "-" ? to_output(*settings, common) : to_file(*settings, common);
    }

private:
    Result<Outcome> to_output(const config::Settings& settings, const CommonOptions& common) {
        if (isatty(STDOUT_FILENO) != 0) {
            return wrong_usage("FILE -", "would fill the terminal", "name a file, or use a pipe");
        }
        auto copied =
            copy(settings, [](std::string_view bytes) { return write_all(STDOUT_FILENO, bytes); });
        if (!copied) {
            return Unexpected{std::move(copied.error())};
        }
        note(
            fmt::format("backup of {} written to standard output", settings.database.path.string()),
            common.quiet);
        return Outcome{};
    }

    Result<Outcome> to_file(const config::Settings& settings, const CommonOptions& common) {
        if (auto place = check_place(file_, settings.database.path); !place) {
            return Unexpected{std::move(place.error())};
        }
        auto file = NewFile::begin(file_, common.yes);
        if (!file) {
            return Unexpected{std::move(file.error())};
        }
        auto copied =
            copy(settings, [&file](std::string_view bytes) { return file->write(bytes); });
        if (!copied) {
            return Unexpected{std::move(copied.error())};
        }
        if (auto synced = file->sync(); !synced) {
            return Unexpected{std::move(synced.error())};
        }
        auto report = read_again(settings, *file, common);
        if (!report) {
            return Unexpected{std::move(report.error())};
        }
        if (auto kept = file->keep(); !kept) {
            return Unexpected{std::move(kept.error())};
        }
        return Outcome{0, common.quiet && !common.json ? "" : *report};
    }

    // The database is read by a child that has become its owner; what it reads comes through a
    // pipe and is written by who has called.
    Result<Done> copy(const config::Settings& settings, const store::CopySink& sink) {
        std::array<int, 2> ends{};
        if (pipe2(ends.data(), O_CLOEXEC) != 0) {
            return Unexpected{Error{ErrorCode::System, "make a pipe", std::strerror(errno), ""}};
        }
        FileDescriptor read_end{ends[0]};
        FileDescriptor write_end{ends[1]};
        auto child = OwnerChild::start(settings.database.path, [&]() -> Result<std::string> {
            read_end.reset();
            auto written = copy_into(settings, write_end.get());
            return written ? Result<std::string>{std::string{}}
                           : Unexpected{std::move(written.error())};
        });
        if (!child) {
            return Unexpected{std::move(child.error())};
        }
        write_end.reset();
        store::SealHash hash;
        std::string piece(kPipePieceSize, '\0');
        while (true) {
            const ssize_t got = read(read_end.get(), piece.data(), piece.size());
            if (got == 0) {
                break;
            }
            if (got < 0 && errno != EINTR) {
                return Unexpected{
                    Error{ErrorCode::System, "read a pipe", std::strerror(errno), ""}};
            }
            const std::string_view bytes{piece.data(), static_cast<std::size_t>(got < 0 ? 0 : got)};
            hash.add(bytes);
            if (auto written = sink(bytes); !written) {
                return written;
            }
        }
        if (auto read = child->finish(); !read) {
            return Unexpected{std::move(read.error())};
        }
        return sink(hash.seal(now()));
    }

    Result<Done> copy_into(const config::Settings& settings, int descriptor) const {
        auto environment = open_for_reading(settings);
        if (!environment) {
            return Unexpected{std::move(environment.error())};
        }
        return compact_ ? store::copy_compacted(*environment, descriptor)
                        : store::copy_pages(*environment, [descriptor](std::string_view bytes) {
                              return write_all(descriptor, bytes);
                          });
    }

    // What cannot be restored is no backup. Read by a child too: the content is the owner's.
    Result<std::string> read_again(const config::Settings& settings, const NewFile& file,
                                   const CommonOptions& common) const {
        auto child = OwnerChild::start(settings.database.path, [&]() -> Result<std::string> {
            auto backup = store::BackupReader::open(FileDescriptor{dup(file.descriptor())}, file_);
            if (!backup) {
                return Unexpected{std::move(backup.error())};
            }
            Progress progress{common.quiet};
            const auto figures =
                policy::verify(*backup, [&](std::uint64_t done, std::uint64_t total) {
                    progress.show("reading it again", done, total);
                });
            if (!figures) {
                return Unexpected{figures.error()};
            }
            return common.json
                       ? backup_json(file_, backup->size_bytes(), *figures)
                       : fmt::format("backup of {} to {}: {}\n{}\n",
                                     settings.database.path.string(), file_,
                                     bytes_text(backup->size_bytes()), figures_text(*figures));
        });
        if (!child) {
            return Unexpected{std::move(child.error())};
        }
        auto report = child->finish();
        if (!report) {  // it was no input, so it is not the call that is wrong
            report.error().code = ErrorCode::Store;
            report.error().remedy = "`ostrakon check` looks at the database";
        }
        return report;
    }

    std::string file_;
    bool compact_ = false;
};

}  // namespace

std::unique_ptr<Command> make_backup() {
    return std::make_unique<BackupCommand>();
}

}  // namespace ostrakon::tool
