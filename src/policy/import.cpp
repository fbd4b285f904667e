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

// Why nothing can be taken that says this; empty where it can.
std::string unfit(const config::Settings& settings, const Statement& statement) {
    if (!statement.listing_class.empty()) {
        if (const auto known = check_class(settings, statement.listing_class); !known) {
            return message(known.error());
        }
    }
    if (statement.code && !zone::is_valid_code(*statement.code)) {
        return message(check_code(*statement.code).error());
    }
    return "";
}

// Rejects entries whose class no one knows or whose code cannot be an answer, and what `never`
// holds wholly.
void reject_unfit(const config::Settings& settings, Import& import) {
    const bool own = import.source.empty();
    std::vector<std::string> mistakes;
    std::vector<bool> heeds_never;
    for (const Statement& statement : import.list.statements) {
        mistakes.push_back(unfit(settings, statement));
        heeds_never.push_back(own && (statement.listing_class.empty()
                                          ? import.listing_class
                                          : statement.listing_class) != zone::kAllowClass);
    }
    const auto is_unfit = [&](const auto& entry) {
        const std::string& mistake = mistakes[entry.statement];
        if (!mistake.empty()) {
            reject(import, entry.line, to_string(Subject{entry.subject}), mistake);
            return true;
        }
        if (heeds_never[entry.statement] &&
            never_overlap(settings.protect, Subject{entry.subject}) == NeverOverlap::Wholly) {
            reject(import, entry.line, to_string(Subject{entry.subject}),
                   "it lies wholly inside [protect] never");
            return true;
        }
        return false;
    };
    std::erase_if(import.list.ipv4, is_unfit);
    std::erase_if(import.list.ipv6, is_unfit);
    std::erase_if(import.list.names, is_unfit);
    std::sort(import.rejects.begin(), import.rejects.end(),
              [](const ImportReject& a, const ImportReject& b) { return a.line < b.line; });
}

bool has_exception(const ImportList& list) {
    bool found = false;
    list.for_each(
        [&](const auto& entry) { found = found || list.statements[entry.statement].is_exception; });
    return found;
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
    if (import.source.empty() && has_exception(import.list)) {
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
    if (import.list.size() == 0) {
        return unusable(author, "nothing in it is a valid entry" + first,
                        "name the right format with --format");
    }
    if (import.rejected > import.list.size()) {
        return unusable(author,
                        fmt::format("{} lines are no valid entries, {} are{}", import.rejected,
                                    import.list.size(), first),
                        "name the right format with --format");
    }
    return Done{};
}

// The ban that an entry asks for.
BanPlan plan_of(const config::Settings& settings, const Import& import, Subject subject,
                const Statement& said) {
    BanPlan plan{
        .subject = std::move(subject),
        .listing_class = said.listing_class.empty() ? import.listing_class : said.listing_class,
        .code = std::nullopt,
        .reason = said.reason.empty() ? import.reason : said.reason,
        .evidence = said.evidence,
        .expiry = said.until ? Expiry{true, said.until} : import.expiry,
        .override_never = false};
    if (plan.listing_class.empty()) {
        plan.listing_class = default_class(plan.subject);
    }
    plan.code = own_code(settings, plan.listing_class, said.code ? said.code : import.code);
    return plan;
}

Coverage coverage_of(const ImportList& list) {
    Coverage total;
    list.for_each([&](const auto& entry) { total += coverage(Subject{entry.subject}); });
    return total;
}

Result<ImportReport> import_own(ChangeSet& change, const config::Settings& settings,
                                const Import& import, ImportReport&& report) {
    const Coverage total = coverage_of(import.list);
    std::vector<Subject> names;
    for (const auto& entry : import.list.names) {
        names.emplace_back(entry.subject);
    }
    if (auto allowed = check_blast_radius(settings, names, total, import.confirmed); !allowed) {
        return Unexpected{allowed.error()};
    }
    std::uint64_t done = 0;
    const ImportList& list = import.list;
    list.for_each([&](const auto& entry) {
        const BanPlan plan =
            plan_of(settings, import, Subject{entry.subject}, list.statements[entry.statement]);
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
            import.progress("recording", done, import.list.size());
        }
    });
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
    report.read = import.list.size() + import.rejected;
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
