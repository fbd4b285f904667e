#include "import_map.hpp"

#include "database.hpp"
#include "import_text.hpp"
#include "input.hpp"
#include "json.hpp"
#include "messages.hpp"
#include "ostrakon/policy/map_import.hpp"
#include "output.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <filesystem>

namespace ostrakon::tool {
namespace {

constexpr std::size_t kStepsShownMax = 50;

std::string step_text(const policy::OriginStep& step) {
    return fmt::format("{}: {}, {} → {}, {}", step.subject,
                       counted(step.prefixes_before, "prefix", "prefixes"),
                       counted(step.addresses_before, "address", "addresses"),
                       grouped(step.prefixes), grouped(step.addresses));
}

// What the map makes of what is listed: a line for each AS or country that changes, and for each
// that no map knows.
std::vector<std::string> steps_text(const policy::MapReport& report) {
    std::vector<std::string> lines;
    std::uint64_t unchanged = 0;
    std::uint64_t further = 0;
    for (const policy::OriginStep& step : report.steps) {
        const bool is_unknown = step.prefixes == 0;
        if (!step.differs && !is_unknown) {
            ++unchanged;
        } else if (lines.size() >= kStepsShownMax) {
            ++further;
        } else {
            lines.push_back(is_unknown ? step_text(step) +
                                             " (no map knows it; what is recorded of "
                                             "it is kept)"
                                       : step_text(step));
        }
    }
    if (further > 0) {
        lines.push_back(fmt::format("and {} more", grouped(further)));
    }
    if (unchanged > 0) {
        lines.push_back(counted(unchanged, "listed AS or country", "listed AS and countries") +
                        (unchanged == 1 ? " stays as it is" : " stay as they are"));
    }
    return lines;
}

std::string map_text(const policy::MapReport& report, const MapOptions& options,
                     const std::string& format, bool is_recognised) {
    const policy::ImportReport& counts = report.counts;
    std::string text = fmt::format("{}: {} read as {}{}\n", input_name(options.file),
                                   counted(counts.read, "row", "rows"), format,
                                   is_recognised ? " (recognised; --format names another)" : "");
    text +=
        fmt::format("map {}: {} added, {} changed, {} removed, {} unchanged, {} rejected\n",
                    options.name, counted(counts.added, "range", "ranges"), grouped(counts.changed),
                    grouped(counts.removed), grouped(counts.unchanged), grouped(counts.rejected));
    if (options.dry_run) {
        for (const std::string& line : steps_text(report)) {
            text += line + "\n";
        }
        text += "dry run, nothing has changed\n";
    } else if (counts.change) {
        text += fmt::format("change {}\n", *counts.change);
    } else {
        text += "nothing to change\n";
    }
    return text;
}

// Where there is no database yet, a dry run makes none.
Result<policy::MapReport> carry_out(const config::Settings& settings, const CommonOptions& common,
                                    policy::MapImport&& import, const policy::Author& author) {
    if (auto fit = policy::check_map(settings, import, author); !fit) {
        return Unexpected{std::move(fit.error())};
    }
    auto early = open_early(settings);
    if (!early) {
        return Unexpected{std::move(early.error())};
    }
    if (*early) {
        const auto lock = lock_for_writing(settings, common, "import");
        return lock ? policy::import_map(**early, settings, std::move(import), author)
                    : Unexpected{lock.error()};
    }
    if (import.dry_run) {
        return policy::first_map_report(import);
    }
    auto database = open_for_writing(settings, common, "import", store::Access::ReadWriteCreate);
    return database ? policy::import_map(database->environment, settings, std::move(import), author)
                    : Unexpected{std::move(database.error())};
}

}  // namespace

Result<ImportFile> read_import_file(const std::string& file) {
    auto bytes = read_input(file, feed::kListSizeMax);
    if (!bytes) {
        return Unexpected{std::move(bytes.error())};
    }
    std::error_code ignored;
    const std::string md5_file = file + ".md5";
    std::optional<bool> matches;
    std::string md5;
    if (file != "-" && std::filesystem::is_regular_file(md5_file, ignored)) {
        constexpr std::size_t kMd5FileSizeMax = 4096;
        md5 = read_input(md5_file, kMd5FileSizeMax).value_or("");
        matches = feed::matches_md5(*bytes, md5);
    }
    auto unpacked = feed::unpack(input_name(file), std::move(*bytes));
    if (!unpacked) {
        return Unexpected{std::move(unpacked.error())};
    }
    if (matches == false) {
        matches = feed::matches_md5(*unpacked, md5);  // of a file that is served packed as well
    }
    return ImportFile{std::move(*unpacked), matches};
}

Result<Outcome> take_map_in(const config::Settings& settings, const CommonOptions& common,
                            feed::ReadMap&& map, const MapOptions& options,
                            const policy::Author& author, Progress& progress) {
    policy::MapImport request;
    request.contents = std::move(map.contents);
    request.name = options.name;
    request.format = map.format;
    request.reason = options.reason;
    request.replace = options.replace;
    request.strict = options.strict;
    request.confirmed = common.yes;
    request.dry_run = options.dry_run;
    request.progress = [&progress](std::string_view stage, std::uint64_t done,
                                   std::uint64_t total) { progress.show(stage, done, total); };
    std::vector<std::string> shown;
    request.show = [&](const policy::MapReport& report) {
        shown = steps_text(report);
        if (!options.dry_run) {
            progress.clear();
            notes(shown, common.quiet);
        }
    };
    const auto rejects = request.contents.rejects;
    const auto rejected = request.contents.rejected;
    const auto report = carry_out(settings, common, std::move(request), author);
    progress.clear();
    if (!report) {
        notes(options.dry_run ? shown : std::vector<std::string>{}, common.quiet);
        print_rejects(rejects, rejected, common);
        return Unexpected{report.error()};
    }
    notes(report->counts.notes, common.quiet);
    print_rejects(report->counts.rejects, report->counts.rejected, common);
    if (common.json) {
        return Outcome{0, map_json(*report, options.name)};
    }
    return Outcome{0,
                   common.quiet ? "" : map_text(*report, options, map.format, map.is_recognised)};
}

}  // namespace ostrakon::tool
