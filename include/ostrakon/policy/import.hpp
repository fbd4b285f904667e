// Taking a list in: as own listings, or as the entries of a feed. One change set, all or nothing.
#pragma once

#include "ostrakon/policy/decide.hpp"
#include "ostrakon/policy/import_list.hpp"
#include "ostrakon/store/transaction.hpp"

#include <functional>
#include <memory>

namespace ostrakon::policy {

struct ImportReject {
    std::uint32_t line = 0;
    std::string text;  ///< At most 120 bytes of it.
    std::string why;
};

struct ImportReport;

struct Import {
    ImportList list;
    std::vector<ImportReject>
        rejects;  ///< What the format could not read; counted on, and added to, here.
    std::uint64_t rejected =
        0;  ///< How many lines were rejected in all; `rejects` keeps the first 100.
    std::vector<std::string> notes = {};  ///< What the format has to tell; the report has it too.
    std::string source;                   ///< Empty: own listings. Else the feed's name.
    std::string listing_class;            ///< For entries without their own.
    std::optional<net::Ipv4> code;
    std::string reason;
    Expiry expiry;
    bool may_be_empty = false;  ///< A log in which nobody is to be listed.
    bool replace = false;
    bool strict = false;
    bool confirmed = false;  ///< --yes.
    bool dry_run = false;
    /// The share of unicast IPv4 space that a feed's entries may cover; nothing: any.
    std::optional<double> covered_max = {};
    /// What is written in the same transaction, in the end; also where the list changes nothing.
    /// May be empty.
    std::function<void(store::WriteTransaction& transaction, const ImportReport& report)> along =
        {};
    std::function<void(std::string_view stage, std::uint64_t done, std::uint64_t total)>
        progress;  ///< May be empty.
};

/// Rejects that are kept to be shown; further ones are only counted.
inline constexpr std::size_t kRejectsKept = 100;
/// Counts a rejected line and keeps it while there is room.
void reject(Import& import, std::uint32_t line, std::string text, std::string why);

struct ImportReport {
    std::optional<store::ChangeId> change;
    std::uint64_t read = 0;  ///< Entries and rejected lines.
    std::uint64_t added = 0, changed = 0, removed = 0, unchanged = 0, rejected = 0;
    std::vector<ImportReject> rejects;
    std::vector<std::string> notes;
};

struct FeedComparison;

/// An import on its way into the database: judged by itself, compared with what is there, written.
/// Only the last needs the writer lock, so that others wait for no more than the writing.
class ImportJob {
public:
    /// Judges the list by itself. The settings outlive the job. Errors: Usage (more rejected than
    /// accepted, nothing valid, --strict), Refused (blast radius).
    static Result<ImportJob> prepare(const config::Settings& settings, Import&& import,
                                     const Author& author);
    ImportJob(ImportJob&&) noexcept;
    ImportJob& operator=(ImportJob&&) = delete;
    ~ImportJob();

    /// What an own import is going to cover; nothing for that of a feed.
    Coverage cost() const;
    /// Compares a feed's list with what the database holds; null where there is none yet. An own
    /// import has nothing to compare. Errors: Refused (shrink, growth, width), Store.
    Result<Done> compare(store::Environment* environment);
    /// What a dry run would do, where that is known without the lock: after compare(), of a feed.
    std::optional<ImportReport> dry_run_report() const;
    /// Writes, for which the caller holds the writer lock. Compares first if that was not done, or
    /// the feed has changed since. Errors: as both of the others.
    Result<ImportReport> write(store::Environment& environment);

private:
    ImportJob(const config::Settings& settings, Import&& import, const Author& author);
    Result<Done> compare_with(const store::Transaction* transaction);

    const config::Settings* settings_;
    Import import_;
    Author author_;
    ImportReport report_;
    std::unique_ptr<FeedComparison> comparison_;
};

/// All of it at once. Errors: Usage (more rejected than accepted, nothing valid, --strict), Refused
/// (never, blast radius, shrink, growth, width), Store. The caller holds the writer lock.
Result<ImportReport> import(store::Environment& environment, const config::Settings& settings,
                            Import&& import, const Author& author);

}  // namespace ostrakon::policy
