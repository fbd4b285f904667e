#include "acceptance.hpp"

#include "ostrakon/policy/map_import.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace ostrakon::pull {
namespace {

constexpr double kRejectedShareMax = 0.01;
constexpr std::uint64_t kRejectedMax = 20;
constexpr std::size_t kRejectsShown = 3;

bool is_of_the_database(const Error& error) {
    return error.code == ErrorCode::Store || error.code == ErrorCode::System;
}

std::string examples_of(const std::vector<policy::ImportReject>& rejects) {
    std::string text;
    for (std::size_t i = 0; i < std::min(rejects.size(), kRejectsShown); ++i) {
        text += fmt::format("{}line {}: {}: {}", i == 0 ? ": " : "; ", rejects[i].line,
                            rejects[i].text, rejects[i].why);
    }
    return text;
}

// Why lines that are no entries speak against a version. As many as an earlier one had, which
// somebody has accepted, are known.
std::string too_many_rejected(const Swap& swap, const policy::PulledVersion& version,
                              const std::vector<policy::ImportReject>& rejects) {
    const std::uint64_t lines = version.entries + version.rejected;
    const bool is_much =
        version.rejected > kRejectedMax ||
        static_cast<double>(version.rejected) > static_cast<double>(lines) * kRejectedShareMax;
    const bool is_known = swap.served != nullptr && version.rejected <= swap.served->rejected;
    return !is_much || is_known ? std::string{}
                                : fmt::format("{} of {} lines are no entries{}", version.rejected,
                                              lines, examples_of(rejects));
}

// Why the number of entries speaks against it. How far lists of bans may go in a step is compared
// by policy.
std::string odd_count(const Swap& swap, const policy::PulledVersion& version) {
    const config::FeedSettings& feed = swap.feed;
    if (version.entries < feed.min_entries) {
        return fmt::format("it has {} entries, fewer than min_entries ({})", version.entries,
                           feed.min_entries);
    }
    if (!feed.is_map || swap.served == nullptr || swap.served->entries == 0) {
        return "";
    }
    const auto before = static_cast<double>(swap.served->entries);
    const auto after = static_cast<double>(version.entries);
    if (after < before * (1 - feed.max_shrink)) {
        return fmt::format("it would shrink from {} to {} ranges, more than max_shrink ({:.0f} %)",
                           swap.served->entries, version.entries, feed.max_shrink * 100);
    }
    if (after > before * (1 + feed.max_growth)) {
        return fmt::format("it would grow from {} to {} ranges, more than max_growth ({:.0f} %)",
                           swap.served->entries, version.entries, feed.max_growth * 100);
    }
    return "";
}

void fill_in(FeedReport& report, const policy::ImportReport& counts) {
    report.change = counts.change;
    report.added = counts.added;
    report.changed = counts.changed;
    report.removed = counts.removed;
    if (counts.rejected > report.rejected) {
        report.rejected = counts.rejected;
        report.rejects = counts.rejects;
    }
    report.notes = counts.notes;
}

std::function<void(std::string_view, std::uint64_t, std::uint64_t)> progress_of(const Swap& swap) {
    return [&swap](std::string_view stage, std::uint64_t done, std::uint64_t total) {
        if (swap.site.progress) {
            swap.site.progress(swap.feed.name, stage, done, total);
        }
    };
}

auto along_of(const Swap& swap, policy::PulledVersion& version) {
    return [&swap, &version](store::WriteTransaction& transaction,
                             const policy::ImportReport& counts) {
        version.added = counts.added;
        version.removed = counts.removed;
        swap.along(transaction);
    };
}

// An error of the database ends the pull; any other holds the version.
Result<Swapped> held_or_error(const Error& error) {
    if (is_of_the_database(error)) {
        return Unexpected{error};
    }
    return Swapped{error.why};
}

Result<Swapped> swap_list_in(const Swap& swap, feed::Contents&& contents,
                             policy::PulledVersion& version, FeedReport& report) {
    policy::Import import;
    import.list = std::move(contents.list);
    if (!swap.is_accepted) {  // else a person knows of them, however many they are
        import.rejects = std::move(contents.rejects);
        import.rejected = contents.rejected;
    }
    import.notes = std::move(contents.notes);
    import.source = swap.feed.name;
    import.may_be_empty = contents.may_be_empty || swap.feed.min_entries == 0 || swap.is_accepted;
    import.replace = true;
    import.confirmed = swap.is_accepted;
    import.dry_run = swap.dry_run;
    import.covered_max = swap.feed.max_covered;
    import.along = along_of(swap, version);
    import.progress = progress_of(swap);
    auto job = policy::ImportJob::prepare(swap.site.settings, std::move(import), swap.author);
    if (!job) {
        return held_or_error(job.error());
    }
    if (auto compared = job->compare(&swap.site.environment); !compared) {
        return held_or_error(compared.error());
    }
    if (const auto dry_run = job->dry_run_report()) {
        fill_in(report, *dry_run);
        return Swapped{};
    }
    const auto lock = swap.site.lock(swap.author.command);
    if (!lock) {
        return Unexpected{lock.error()};
    }
    const auto written = job->write(swap.site.environment);
    if (!written) {
        return held_or_error(written.error());
    }
    fill_in(report, *written);
    return Swapped{};
}

Result<Swapped> swap_map_in(const Swap& swap, feed::ReadMap&& map, policy::PulledVersion& version,
                            FeedReport& report) {
    policy::MapImport import;
    import.contents = std::move(map.contents);
    import.name = swap.feed.name;
    import.format = std::move(map.format);
    import.replace = true;
    import.confirmed = swap.is_accepted;
    import.dry_run = swap.dry_run;
    import.along = along_of(swap, version);
    import.progress = progress_of(swap);
    const auto lock = swap.site.lock(swap.author.command);
    if (!lock) {
        return Unexpected{lock.error()};
    }
    const auto written = policy::import_map(swap.site.environment, swap.site.settings,
                                            std::move(import), swap.author);
    if (!written) {
        return held_or_error(written.error());
    }
    fill_in(report, written->counts);
    return Swapped{};
}

}  // namespace

Result<Swapped> swap_in(const Swap& swap, feed::ReadOutcome&& outcome,
                        policy::PulledVersion& version, FeedReport& report) {
    const bool is_map = outcome.map.has_value();
    const auto& rejects = is_map ? outcome.map->contents.rejects : outcome.list->contents.rejects;
    version.entries = is_map ? outcome.map->contents.size() : outcome.list->contents.list.size();
    version.rejected = is_map ? outcome.map->contents.rejected : outcome.list->contents.rejected;
    report.after = version.entries;
    report.rejected = version.rejected;
    report.rejects = rejects;
    if (!swap.is_accepted) {
        std::string odd = too_many_rejected(swap, version, rejects);
        odd = odd.empty() ? odd_count(swap, version) : odd;
        if (!odd.empty()) {
            return Swapped{std::move(odd)};
        }
    }
    return is_map ? swap_map_in(swap, std::move(*outcome.map), version, report)
                  : swap_list_in(swap, std::move(outcome.list->contents), version, report);
}

}  // namespace ostrakon::pull
