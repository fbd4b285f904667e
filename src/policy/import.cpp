#include "ostrakon/policy/import.hpp"

#include "ban_plan.hpp"
#include "change_set.hpp"
#include "feed_import.hpp"
#include "ostrakon/policy/guard.hpp"
#include "ostrakon/zone/listing_class.hpp"

#include <fmt/format.h>
#include <algorithm>

namespace ostrakon::policy {
namespace {

constexpr std::uint64_t kProgressStep = 10'000;

Unexpected<Error> unusable(const Author& author, std::string why, std::string remedy) {
    return Unexpected{Error{ErrorCode::Usage, author.command, std::move(why), std::move(remedy)}};
}

// Rejects entries whose class no one knows or whose code cannot be an answer, and what `never`
// holds wholly.
void reject_unfit(const config::Settings& settings, Import& import) {
    const bool own = import.source.empty();
    std::vector<ImportEntry> fit;
    fit.reserve(import.entries.size());
    for (ImportEntry& entry : import.entries) {
        std::string why;
        const std::string& named =
            entry.listing_class.empty() ? import.listing_class : entry.listing_class;
        if (!entry.listing_class.empty()) {
            if (const auto known = check_class(settings, entry.listing_class); !known) {
                why = message(known.error());
            }
        }
        if (why.empty() && entry.code && !zone::is_valid_code(*entry.code)) {
            why = message(check_code(*entry.code).error());
        }
        if (why.empty() && own && named != zone::kAllowClass &&
            never_overlap(settings.protect, entry.subject) == NeverOverlap::Wholly) {
            why = "it lies wholly inside [protect] never";
        }
        if (why.empty()) {
            fit.push_back(std::move(entry));
        } else {
            reject(import, entry.line, to_string(entry.subject), std::move(why));
        }
    }
    import.entries = std::move(fit);
}

Result<Done> check_whole(const config::Settings& settings, const Import& import,
                         const Author& author) {
    if (import.replace && import.source.empty()) {
        return unusable(author, "--replace is for feeds", "name the feed with --source");
    }
    if (!import.listing_class.empty()) {
        if (auto known = check_class(settings, import.listing_class); !known) {
            return known;
        }
    }
    if (import.code) {
        if (auto valid = check_code(*import.code); !valid) {
            return valid;
        }
    }
    const bool has_exception =
        std::any_of(import.entries.begin(), import.entries.end(),
                    [](const ImportEntry& entry) { return entry.is_exception; });
    if (import.source.empty() && has_exception) {
        return unusable(author, "the file has exceptions (\"!\"), which own listings do not know",
                        "import it as a feed with --source NAME");
    }
    return Done{};
}

Result<Done> check_rejects(const Import& import, const Author& author) {
    const std::string first =
        import.rejects.empty()
            ? std::string{}
            : fmt::format("; line {}: {}: {}", import.rejects.front().line,
                          import.rejects.front().text, import.rejects.front().why);
    if (import.strict && import.rejected > 0) {
        return unusable(author,
                        fmt::format("{} lines are no valid entries{}", import.rejected, first),
                        "without --strict they are left out");
    }
    if (import.entries.empty()) {
        return unusable(author, "nothing in it is a valid entry" + first,
                        "name the right format with --format");
    }
    if (import.rejected > import.entries.size()) {
        return unusable(author,
                        fmt::format("{} lines are no valid entries, {} are{}", import.rejected,
                                    import.entries.size(), first),
                        "name the right format with --format");
    }
    return Done{};
}

std::string class_of(const Import& import, const ImportEntry& entry) {
    if (!entry.listing_class.empty()) {
        return entry.listing_class;
    }
    return import.listing_class.empty() ? std::string{default_class(entry.subject)}
                                        : import.listing_class;
}

Result<ImportReport> import_own(ChangeSet& change, const config::Settings& settings,
                                const Import& import, ImportReport&& report) {
    Coverage total;
    std::vector<Subject> names;
    for (const ImportEntry& entry : import.entries) {
        total += coverage(entry.subject);
        if (std::holds_alternative<NameSubject>(entry.subject)) {
            names.push_back(entry.subject);
        }
    }
    if (auto allowed = check_blast_radius(settings, names, total, import.confirmed); !allowed) {
        return Unexpected{allowed.error()};
    }
    std::uint64_t done = 0;
    for (const ImportEntry& entry : import.entries) {
        BanPlan plan{.subject = entry.subject,
                     .listing_class = class_of(import, entry),
                     .code = std::nullopt,
                     .reason = entry.reason.empty() ? import.reason : entry.reason,
                     .evidence = entry.evidence,
                     .expiry = entry.until ? Expiry{true, entry.until} : import.expiry,
                     .override_never = false};
        plan.code = own_code(settings, plan.listing_class, entry.code ? entry.code : import.code);
        switch (carry_out(change, settings.lifecycle, plan).kind) {
            case PlannedBan::Kind::Added:
                ++report.added;
                break;
            case PlannedBan::Kind::Changed:
                ++report.changed;
                break;
            case PlannedBan::Kind::Unchanged:
                ++report.unchanged;
                break;
        }
        if (++done % kProgressStep == 0 && import.progress) {
            import.progress("recording", done, import.entries.size());
        }
    }
    if (import.dry_run) {
        return std::move(report);
    }
    if (!change.has_changes()) {
        if (auto kept = change.finish_unchanged(); !kept) {
            return Unexpected{kept.error()};
        }
        return std::move(report);
    }
    change.tell("", "",
                fmt::format("{} added, {} changed, {} unchanged", report.added, report.changed,
                            report.unchanged),
                import.reason);
    if (import.progress) {
        import.progress("indexing", 0, 0);
    }
    auto id = change.finish(total);
    if (!id) {
        return Unexpected{id.error()};
    }
    report.change = *id;
    return std::move(report);
}

}  // namespace

void reject(Import& import, std::uint32_t line, std::string text, std::string why) {
    ++import.rejected;
    if (import.rejects.size() < kRejectsKept) {
        import.rejects.push_back({line, std::move(text), std::move(why)});
    }
}

Result<ImportReport> import(store::Environment& environment, const config::Settings& settings,
                            Import&& import, const Author& author) {
    ImportReport report;
    report.read = import.entries.size() + import.rejected;
    if (auto whole = check_whole(settings, import, author); !whole) {
        return Unexpected{whole.error()};
    }
    reject_unfit(settings, import);
    if (auto enough = check_rejects(import, author); !enough) {
        return Unexpected{enough.error()};
    }
    report.rejected = import.rejected;
    report.rejects = import.rejects;
    auto change = ChangeSet::begin(environment, author);
    if (!change) {
        return Unexpected{change.error()};
    }
    adopt_feed_settings(*change, settings);
    if (import.source.empty()) {
        return import_own(*change, settings, import, std::move(report));
    }
    return import_feed(*change, settings, import, std::move(report));
}

}  // namespace ostrakon::policy
