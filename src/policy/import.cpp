#include "ostrakon/policy/import.hpp"

#include "ban_plan.hpp"
#include "canaries.hpp"
#include "change_set.hpp"
#include "feed_import.hpp"
#include "feed_settings.hpp"
#include "import_origins.hpp"
#include "ostrakon/policy/guard.hpp"
#include "ostrakon/policy/values.hpp"
#include "ostrakon/zone/listing_class.hpp"
#include "value_numbers.hpp"

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

// The class of an entry; empty where neither it nor the import names one.
const std::string& class_said(const Import& import, const Statement& said) {
    return said.listing_class.empty() ? import.listing_class : said.listing_class;
}

// Rejects entries whose class no one knows or whose code cannot be an answer, and what `never`
// holds wholly.
void reject_unfit(const config::Settings& settings, Import& import) {
    const bool own = import.source.empty();
    std::vector<std::string> mistakes;
    std::vector<bool> heeds_never;
    for (const Statement& statement : import.list.statements) {
        mistakes.push_back(unfit(settings, statement));
        heeds_never.push_back(own && class_said(import, statement) != zone::kAllowClass);
    }
    if (!own) {
        for (const auto& entry : import.list.patterns) {
            reject(import, entry.line, to_string(Subject{entry.subject}),
                   "patterns can be own bans alone");
        }
        import.list.patterns.clear();
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
    std::erase_if(import.list.mails, is_unfit);
    std::erase_if(import.list.origins, is_unfit);
    std::erase_if(import.list.patterns, is_unfit);
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
    if (import.list.size() == 0 && import.rejected == 0 && import.may_be_empty) {
        return Done{};
    }
    if (import.list.size() == 0) {
        return unusable(author, "nothing in it is a valid entry" + first,
                        "name the right format with --format");
    }
    if (import.rejected > import.list.line_count()) {
        return unusable(author,
                        fmt::format("{} lines are no valid entries, {} are{}", import.rejected,
                                    import.list.line_count(), first),
                        "name the right format with --format");
    }
    return Done{};
}

// Own listings have one text for all that they cover: their subject stands in it.
void fill_in_subject(BanPlan& plan) {
    const std::string subject = to_string(plan.subject);
    for (std::size_t at = 0; (at = plan.reason.find(kSubjectMark, at)) != std::string::npos;
         at += subject.size()) {
        plan.reason.replace(at, 1, subject);
    }
}

// The ban that an entry asks for.
BanPlan plan_of(const config::Settings& settings, const Import& import, Subject subject,
                const Statement& said) {
    BanPlan plan{.subject = std::move(subject),
                 .listing_class = class_said(import, said),
                 .code = std::nullopt,
                 .reason = reason_said(import, said),
                 .evidence = said.evidence,
                 .expiry = said.until ? Expiry{true, said.until} : import.expiry,
                 .override_never = false,
                 .seen = said.seen};
    if (plan.listing_class.empty()) {
        plan.listing_class = default_class(plan.subject);
    }
    const bool says_nothing =
        !said.code && !import.code && import.listing_class.empty() && said.listing_class.empty();
    plan.code = own_code(settings, plan.listing_class,
                         says_nothing ? import.list.default_code
                         : said.code  ? said.code
                                      : import.code);
    fill_in_subject(plan);
    return plan;
}

Coverage own_coverage(const ImportList& list) {
    Coverage total;
    list.for_each([&](const auto& entry) { total += coverage(Subject{entry.subject}); });
    return total;
}

// A list that would ban a canary is held as a whole.
Result<Done> check_own_canaries(const config::Settings& settings, const Import& import) {
    const Canaries canaries{settings.protect};
    if (canaries.is_empty() || import.confirmed) {
        return Done{};
    }
    Result<Done> checked{Done{}};
    const auto check = [&](const auto& entry) {
        const Statement& said = import.list.statements[entry.statement];
        if (!checked || class_said(import, said) == zone::kAllowClass) {
            return;
        }
        const Subject subject{entry.subject};
        checked = check_canary(fmt::format("line {}: {}", entry.line, to_string(subject)),
                               canaries.in(subject), false);
    };
    const ImportList& list = import.list;
    list.for_each(check);
    return checked;
}

Result<Done> check_own(const config::Settings& settings, const Import& import) {
    if (auto fit = check_own_canaries(settings, import); !fit) {
        return fit;
    }
    std::vector<Subject> names;
    const auto add = [&names](const auto& entry) { names.emplace_back(entry.subject); };
    std::for_each(import.list.names.begin(), import.list.names.end(), add);
    std::for_each(import.list.patterns.begin(), import.list.patterns.end(), add);
    return check_blast_radius(settings, names, own_coverage(import.list), import.confirmed);
}

// In the order of subjects, lines of one subject in theirs: what is near each other in the
// database is then written together.
template <class S>
void sort_by_subject(std::vector<ImportEntry<S>>& entries) {
    std::stable_sort(
        entries.begin(), entries.end(),
        [](const ImportEntry<S>& a, const ImportEntry<S>& b) { return a.subject < b.subject; });
}

Result<Done> write_own(ChangeSet& change, const config::Settings& settings, const Import& import,
                       ImportReport& report) {
    const ImportList& list = import.list;
    const auto of_origins =
        check_imported_origins(change, settings, import, own_coverage(list), report.notes);
    if (!of_origins) {
        return Unexpected{of_origins.error()};
    }
    std::uint64_t done = 0;
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
            import.progress("recording", done, list.size());
        }
    });
    if (import.dry_run) {
        return Done{};
    }
    if (!change.has_changes()) {
        return change.finish_unchanged();
    }
    change.tell("", "",
                fmt::format("{} added, {} changed, {} unchanged", report.added, report.changed,
                            report.unchanged),
                import.reason);
    if (import.progress) {
        import.progress("indexing", 0, 0);
    }
    Coverage total = own_coverage(list);
    total += *of_origins;
    const auto id = change.finish(total);
    if (!id) {
        return Unexpected{id.error()};
    }
    report.change = *id;
    return Done{};
}

}  // namespace

void reject(Import& import, std::uint32_t line, std::string text, std::string why) {
    ++import.rejected;
    if (import.rejects.size() < kRejectsKept) {
        import.rejects.push_back({line, std::move(text), std::move(why)});
    }
}

ImportJob::ImportJob(const config::Settings& settings, Import&& import, const Author& author)
    : settings_(&settings), import_(std::move(import)), author_(author) {}
ImportJob::ImportJob(ImportJob&&) noexcept = default;
ImportJob::~ImportJob() = default;

Result<ImportJob> ImportJob::prepare(const config::Settings& settings, Import&& import,
                                     const Author& author) {
    std::replace(import.reason.begin(), import.reason.end(), kSubjectMark, ' ');
    const std::uint64_t read = import.list.line_count() + import.rejected;
    if (auto whole = check_whole(settings, import, author); !whole) {
        return Unexpected{whole.error()};
    }
    if (auto named =
            import.source.empty() ? Result<Done>{Done{}} : check_feed_name(settings, import.source);
        !named) {
        return Unexpected{named.error()};
    }
    reject_unfit(settings, import);
    if (auto enough = check_rejects(import, author); !enough) {
        return Unexpected{enough.error()};
    }
    if (import.source.empty()) {
        sort_by_subject(import.list.ipv4);
        sort_by_subject(import.list.ipv6);
        sort_by_subject(import.list.names);
        sort_by_subject(import.list.mails);
        sort_by_subject(import.list.origins);
        sort_by_subject(import.list.patterns);
    }
    if (auto allowed = import.source.empty() ? check_own(settings, import) : Result<Done>{Done{}};
        !allowed) {
        return Unexpected{allowed.error()};
    }
    ImportJob job{settings, std::move(import), author};
    job.report_.read = read;
    job.report_.notes = std::move(job.import_.notes);
    job.report_.rejected = job.import_.rejected;
    job.report_.rejects = std::move(job.import_.rejects);
    return job;
}

Coverage ImportJob::cost() const {
    return import_.source.empty() ? own_coverage(import_.list) : Coverage{};
}

Result<Done> ImportJob::compare(store::Environment* environment) {
    if (import_.source.empty()) {
        return Done{};
    }
    if (environment == nullptr) {
        return compare_with(nullptr);
    }
    const auto snapshot = store::Snapshot::begin(*environment);
    if (!snapshot) {
        return Unexpected{snapshot.error()};
    }
    return compare_with(&*snapshot);
}

Result<Done> ImportJob::compare_with(const store::Transaction* transaction) {
    comparison_.reset();
    if (import_.progress) {
        import_.progress("comparing", 0, 0);
    }
    auto compared = compare_with_feed(transaction, *settings_, import_);
    if (!compared) {
        return Unexpected{std::move(compared.error())};
    }
    if (transaction != nullptr && transaction->is_broken()) {
        return Unexpected{transaction->failure()};
    }
    comparison_ = std::make_unique<FeedComparison>(std::move(*compared));
    report_.added = comparison_->added;
    report_.changed = comparison_->changed;
    report_.removed = comparison_->removed;
    report_.unchanged = comparison_->unchanged;
    return Done{};
}

std::optional<ImportReport> ImportJob::dry_run_report() const {
    return import_.dry_run && comparison_ ? std::optional{report_} : std::nullopt;
}

Result<ImportReport> ImportJob::write(store::Environment& environment) {
    auto change = ChangeSet::begin(environment, author_);
    if (!change) {
        return Unexpected{change.error()};
    }
    const bool is_own = import_.source.empty();
    if (!is_own &&
        (!comparison_ || !is_current(*comparison_, change->transaction(), import_.source))) {
        if (auto compared = compare_with(&change->transaction()); !compared) {
            return Unexpected{compared.error()};
        }
    }
    if (auto report = dry_run_report()) {
        return std::move(*report);
    }
    adopt_feed_settings(*change, *settings_);
    const auto done =
        is_own ? write_own(*change, *settings_, import_, report_)
               : write_feed(*change, *settings_, import_, std::move(*comparison_), report_);
    comparison_.reset();
    if (!done) {
        return Unexpected{done.error()};
    }
    return std::move(report_);
}

Result<ImportReport> import(store::Environment& environment, const config::Settings& settings,
                            Import&& import, const Author& author) {
    auto job = ImportJob::prepare(settings, std::move(import), author);
    if (!job) {
        return Unexpected{std::move(job.error())};
    }
    if (auto compared = job->compare(&environment); !compared) {
        return Unexpected{std::move(compared.error())};
    }
    if (auto report = job->dry_run_report()) {
        return std::move(*report);
    }
    return job->write(environment);
}

}  // namespace ostrakon::policy
