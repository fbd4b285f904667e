// ostrakon restore: puts a backup in place of what the database holds.
#include "ostrakon/policy/restore.hpp"
#include "arguments.hpp"
#include "backup_text.hpp"
#include "database.hpp"
#include "input.hpp"
#include "json.hpp"
#include "messages.hpp"
#include "new_file.hpp"
#include "ostrakon/store/backup_copy.hpp"
#include "ostrakon/store/backup_seal.hpp"
#include "ostrakon/store/meta.hpp"
#include "output.hpp"
#include "privileges.hpp"
#include "progress.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <cerrno>
#include <cstring>

namespace ostrakon::tool {
namespace {

namespace fs = std::filesystem;

constexpr auto kBefore = "before-restore.mdb";

Result<FileDescriptor> open_file(const std::string& file) {
    // Whoever names a pipe is told so, and does not wait for its other end.
    FileDescriptor descriptor{file == "-" ? dup(STDIN_FILENO)
                                          : open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
    if (!descriptor.is_open()) {
        return wrong_usage("read backup " + input_name(file), std::strerror(errno), "");
    }
    return descriptor;
}

// Whether anything was ever decided here.
Result<bool> has_content(store::Environment& environment) {
    const auto snapshot = store::Snapshot::begin(environment);
    if (!snapshot) {
        return Unexpected{snapshot.error()};
    }
    const bool is_used = store::meta_number(*snapshot, store::meta_key::kNextChange) != 0;
    return snapshot->is_broken() ? Result<bool>{Unexpected{snapshot->failure()}} : is_used;
}

// A backup of what is there, to be kept beside the database once the restore is done.
Result<NewFile> copy_present(store::Environment& environment, const fs::path& place) {
    auto file = NewFile::begin_alone(place);
    if (!file) {
        return file;
    }
    store::SealHash hash;
    auto copied = store::copy_pages(environment, [&](std::string_view bytes) {
        hash.add(bytes);
        return file->write(bytes);
    });
    copied = copied ? file->write(hash.seal(now())) : copied;
    copied = copied ? file->sync() : copied;
    if (!copied) {
        copied.error().remedy = "with --discard no copy is kept of what is there now";
        return Unexpected{std::move(copied.error())};
    }
    return file;
}

class RestoreCommand : public Command {
public:
    Description describe() const override {
        return {.name = "restore",
                .summary = "put a backup in place of what the database holds",
                .details =
                    "Checks a file that `ostrakon backup` has made, and puts its decisions and "
                    "lists in place of the present ones, in one change: a running ostrakond "
                    "answers from the old until it answers from the new. A database that does not "
                    "exist is made. What was there before is kept in before-restore.mdb beside "
                    "the database; restoring that takes the restore back.",
                .examples = {"ostrakon restore /var/backups/ostrakon.mdb",
                             "ostrakon restore /var/backups/ostrakon.mdb --dry-run"}};
    }
    void declare(OptionSet& options) override {
        options.operand("FILE", file_, "the backup");
        options.flag("--discard", discard_, "keep no copy of what is there now");
        options.flag("--dry-run", dry_run_, "only check the backup");
    }
    Result<Outcome> run(const CommonOptions& common) override {
        const policy::Author author = author_of(common, "restore " + input_name(file_));
        const auto settings = read_settings(common);
        if (!settings) {
            return Unexpected{settings.error()};
        }
        auto file = open_file(file_);
        if (!file) {
            return Unexpected{std::move(file.error())};
        }
        // What the file holds is looked at by nobody who may more than the owner of the database.
        if (auto owner = become_owner_of(settings->database.path); !owner) {
            return Unexpected{std::move(owner.error())};
        }
        const auto backup = store::BackupReader::open(std::move(*file), input_name(file_));
        if (!backup) {
            return Unexpected{backup.error()};
        }
        Progress progress{common.quiet};
        const auto figures = policy::verify(*backup, shown(progress, "checking the backup"));
        if (!figures) {
            return Unexpected{figures.error()};
        }
        return dry_run_ ? dry_run(*backup, *figures, common)
                        : carry_out(*settings, *backup, author, progress, common);
    }

private:
    static policy::BackupProgress shown(Progress& progress, std::string stage) {
        return [&progress, stage = std::move(stage)](std::uint64_t done, std::uint64_t total) {
            progress.show(stage, done, total);
        };
    }

    Outcome dry_run(const store::BackupReader& backup, const policy::BackupFigures& figures,
                    const CommonOptions& common) const {
        if (!backup.made_at()) {
            note(kUnsealed, common.quiet);
        }
        if (common.json) {
            return {0, restore_json(std::nullopt, figures, "")};
        }
        return {0, common.quiet ? ""
                                : fmt::format("{} can be restored, nothing has changed\n{}\n",
                                              described(backup), figures_text(figures))};
    }

    Result<Outcome> carry_out(const config::Settings& settings, const store::BackupReader& backup,
                              const policy::Author& author, Progress& progress,
                              const CommonOptions& common) {
        auto database =
            open_for_writing(settings, common, "restore", store::Access::ReadWriteCreate);
        if (!database) {
            std::error_code ignored;
            if (fs::exists(settings.database.path / "data.mdb", ignored) &&
                database.error().code == ErrorCode::Store &&
                database.error().remedy.find("restore it") != std::string::npos) {
                database.error().remedy =
                    "move data.mdb and lock.mdb away, then restore again: a new database is made";
            }
            return Unexpected{std::move(database.error())};
        }
        const auto is_used = has_content(database->environment);
        if (!is_used) {
            return Unexpected{is_used.error()};
        }
        const fs::path before = settings.database.path / kBefore;
        std::optional<NewFile> present;
        if (*is_used && !discard_) {
            auto copied = copy_present(database->environment, before);
            if (!copied) {
                return Unexpected{std::move(copied.error())};
            }
            present.emplace(std::move(*copied));
        }
        auto report =
            policy::restore(database->environment, backup, author, shown(progress, "restoring"));
        progress.clear();
        if (!report) {
            return Unexpected{std::move(report.error())};
        }
        return outcome(*report, backup, present ? keep(*present, before, common) : "", common);
    }

    // The restore is done by now: that its copy cannot be put in place is no failure of it.
    static std::string keep(NewFile& present, const fs::path& place, const CommonOptions& common) {
        if (const auto kept = present.keep(); !kept) {
            note(message(kept.error()), common.quiet);
            return "";
        }
        return place.string();
    }

    Outcome outcome(const policy::RestoreReport& report, const store::BackupReader& backup,
                    const std::string& before, const CommonOptions& common) const {
        if (!backup.made_at()) {
            note(kUnsealed, common.quiet);
        }
        if (common.json) {
            return {0, restore_json(report, report.figures, before)};
        }
        if (common.quiet) {
            return {};
        }
        std::string text =
            fmt::format("{} is restored: {}\nchange {}, serial {}{}\n", described(backup),
                        figures_text(report.figures), report.change, report.serial,
                        report.is_trail_kept ? "" : "; the audit trail is that of the backup");
        text += before.empty() ? "what was there before is not kept\n"
                               : fmt::format("to take it back: ostrakon restore {}\n", before);
        return {0, text};
    }

    std::string described(const store::BackupReader& backup) const {
        const auto at = backup.made_at();
        return input_name(file_) + (at ? " of " + minute_of(*at) : std::string{});
    }

    static constexpr std::string_view kUnsealed =
        "the file has no checksum, as those of `ostrakon backup` have: that its pages fit together "
        "was checked, not that no byte of them has changed";

    std::string file_;
    bool discard_ = false;
    bool dry_run_ = false;
};

}  // namespace

std::unique_ptr<Command> make_restore() {
    return std::make_unique<RestoreCommand>();
}

}  // namespace ostrakon::tool
