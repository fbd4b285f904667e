// ostrakon import: bans in bulk, and maps.
#include "ostrakon/policy/import.hpp"

#include "arguments.hpp"
#include "database.hpp"
#include "decision.hpp"
#include "import_map.hpp"
#include "import_text.hpp"
#include "input.hpp"
#include "json.hpp"
#include "messages.hpp"
#include "ostrakon/feed/list.hpp"
#include "ostrakon/feed/map.hpp"
#include "ostrakon/policy/guard.hpp"
#include "output.hpp"
#include "progress.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <filesystem>

namespace ostrakon::tool {
namespace {

std::vector<Term> format_terms() {
    std::vector<Term> terms;
    for (const feed::FormatName& format : feed::format_names()) {
        terms.push_back({std::string{format.name}, std::string{format.summary}});
    }
    return terms;
}

std::string import_text(const policy::ImportReport& report, const feed::ReadList& list,
                        const std::string& file, const std::string& source, bool is_dry_run) {
    std::string text =
        fmt::format("{}: {} read as {}{}\n", file,
                    list.format == "arf" ? counted(report.read, "message", "messages")
                                         : counted(report.read, "line", "lines"),
                    list.format, list.is_recognised ? " (recognised; --format names another)" : "");
    text += fmt::format("{}: {} added, {} changed, {} removed, {} unchanged, {} rejected\n",
                        source.empty() ? "own listings" : "feed " + source, grouped(report.added),
                        grouped(report.changed), grouped(report.removed), grouped(report.unchanged),
                        grouped(report.rejected));
    if (is_dry_run) {
        text += "dry run, nothing has changed\n";
    } else if (report.change) {
        text += fmt::format("change {}\n", *report.change);
    } else {
        text += "nothing to change\n";
    }
    return text;
}

class ImportCommand : public Command {
public:
    Description describe() const override {
        return {.name = "import",
                .summary = "take in a list of bans, or a map of AS or countries",
                .details =
                    "Takes a list in as own bans or, with --source, as the entries of a feed of "
                    "that name; all "
                    "or nothing. Lines that are no entry are left out and reported with their "
                    "number; if they "
                    "are more than the others, nothing is taken. A map says which addresses belong "
                    "to which AS "
                    "or country: it bans nothing, --source names it, and it takes the place of "
                    "what it said "
                    "before, at once for every AS and country that is banned.",
                .terms_title = "Formats",
                .terms = format_terms(),
                .examples = {"ostrakon import bans.txt --reason \"moved from the firewall\"",
                             "ostrakon import drop.txt --source spamhaus-drop --replace",
                             "zcat bans.csv.gz | ostrakon import - --format csv --dry-run",
                             "ostrakon import ip2asn-combined.tsv.gz --source iptoasn --dry-run"}};
    }
    void declare(OptionSet& options) override {
        options.operand("FILE", file_, "the list, or - for standard input");
        options.value("--format", "FORMAT", format_, "what the file is; else it is recognised");
        options.value("--source", "NAME", source_,
                      "the entries of this feed, not own bans; the name of a map");
        options.value("--class", "CLASS", class_, "for entries that do not say");
        options.value("--code", "ADDRESS", code_, "the answer for entries that do not say");
        options.value("--reason", "TEXT", reason_, "for entries that do not say");
        declare_expiry(options, length_, until_);
        options.value("--threshold", "N", threshold_,
                      "how many rejects of an address in a log make an entry; else 5");
        options.value("--within", "DURATION", within_, "within which time; else 1h");
        options.flag("--replace", replace_, "with --source: what the file does not have goes");
        options.flag("--strict", strict_, "any line that is no entry is an error");
        options.flag("--dry-run", dry_run_, "only say what would be done");
    }
    Result<Outcome> run(const CommonOptions& common) override {
        policy::Author author = author_of(common, "import " + file_label());
        label_ = input_name(file_);
        const auto settings = read_settings(common);
        if (!settings) {
            return Unexpected{settings.error()};
        }
        auto request = import_of(*settings, author.at);
        if (!request) {
            return Unexpected{std::move(request.error())};
        }
        request->confirmed = common.yes;
        Progress progress{common.quiet};
        const auto log = log_options();
        if (!log) {
            return Unexpected{log.error()};
        }
        const auto file = read_import_file(file_);
        if (!file) {
            return Unexpected{file.error()};
        }
        const feed::ReadRequest reading = reading_of(*settings, *file, *log, author.at, progress);
        auto map = feed::read_map(reading);
        if (!map) {
            return Unexpected{std::move(map.error())};
        }
        if (*map) {
            return import_map(*settings, common, std::move(**map), *file, author, progress);
        }
        auto list = feed::read_list(reading);
        if (!list) {
            return Unexpected{std::move(list.error())};
        }
        request->list = std::move(list->contents.list);
        request->rejects = list->contents.rejects;
        request->rejected = list->contents.rejected;
        request->notes = list->contents.notes;
        request->may_be_empty = list->contents.may_be_empty;
        request->progress = [&progress](std::string_view stage, std::uint64_t done,
                                        std::uint64_t total) { progress.show(stage, done, total); };
        const auto report = carry_out(*settings, common, std::move(*request), author);
        progress.clear();
        if (!report) {
            notes(list->contents.notes, common.quiet);
            print_rejects(list->contents.rejects, list->contents.rejected, common);
            return Unexpected{report.error()};
        }
        return outcome(*report, *list, common);
    }

private:
    // The lock is held for the writing alone, and the database is made for an import that is
    // accepted alone.
    static Result<policy::ImportReport> carry_out(const config::Settings& settings,
                                                  const CommonOptions& common,
                                                  policy::Import&& request,
                                                  const policy::Author& author) {
        auto job = policy::ImportJob::prepare(settings, std::move(request), author);
        if (!job) {
            return Unexpected{std::move(job.error())};
        }
        note_cost(job->cost(), common.quiet || common.json);
        auto early = open_early(settings);
        if (!early) {
            return Unexpected{std::move(early.error())};
        }
        if (auto compared = job->compare(*early ? &**early : nullptr); !compared) {
            return Unexpected{std::move(compared.error())};
        }
        if (*early) {
            if (auto dry_run = job->dry_run_report()) {
                return std::move(*dry_run);
            }
            const auto lock = lock_for_writing(settings, common, "import");
            return lock ? job->write(**early) : Unexpected{lock.error()};
        }
        auto database =
            open_for_writing(settings, common, "import", store::Access::ReadWriteCreate);
        if (!database) {
            return Unexpected{std::move(database.error())};
        }
        return job->write(database->environment);
    }

    std::string file_label() const {
        return file_ == "-" ? "-" : std::filesystem::path{file_}.filename().string();
    }

    Result<policy::Import> import_of(const config::Settings& settings, UnixTime at) const {
        if (replace_ && !source_) {
            return wrong_usage("--replace", "is for feeds", "name the feed with --source NAME");
        }
        if (source_ && source_->empty()) {
            return wrong_usage("--source", "names no feed",
                               "write it as in --source spamhaus-drop");
        }
        auto listing_class = class_of(class_, settings);
        if (!listing_class) {
            return Unexpected{std::move(listing_class.error())};
        }
        const auto code = code_of(code_);
        if (!code) {
            return Unexpected{code.error()};
        }
        const auto expiry = expiry_of(length_, until_, at);
        if (!expiry) {
            return Unexpected{expiry.error()};
        }
        auto reason = reason_ ? reason_of(*reason_) : Result<std::string>{std::string{}};
        if (!reason) {
            return Unexpected{std::move(reason.error())};
        }
        return policy::Import{.list = {},
                              .rejects = {},
                              .rejected = 0,
                              .source = source_.value_or(""),
                              .listing_class = std::move(*listing_class),
                              .code = *code,
                              .reason = std::move(*reason),
                              .expiry = *expiry,
                              .replace = replace_,
                              .strict = strict_,
                              .confirmed = false,
                              .dry_run = dry_run_,
                              .progress = {}};
    }

    Result<feed::LogOptions> log_options() const {
        feed::LogOptions log;
        if ((threshold_ || within_) && format_ != "postfix-log") {
            return wrong_usage("--threshold and --within", "are for logs",
                               "say --format postfix-log as well");
        }
        if (threshold_) {
            const auto threshold = count_of("--threshold", threshold_);
            if (!threshold) {
                return Unexpected{threshold.error()};
            }
            if (*threshold > feed::kThresholdMax) {
                return wrong_usage("--threshold " + *threshold_, "is too high",
                                   fmt::format("{} is the highest", feed::kThresholdMax));
            }
            log.threshold = static_cast<std::uint32_t>(*threshold);
        }
        if (within_) {
            const auto within = parse_duration(*within_);
            if (!within) {
                return Unexpected{within.error()};
            }
            log.within = within->forever ? Duration{kDurationSecondsMax} : *within;
        }
        return log;
    }

    feed::ReadRequest reading_of(const config::Settings& settings, const ImportFile& file,
                                 const feed::LogOptions& log, UnixTime at,
                                 Progress& progress) const {
        return {.file = label_,
                .bytes = file.bytes,
                .format = format_ ? std::string_view{*format_} : std::string_view{},
                .now = at,
                .log = log,
                .is_feed = source_.has_value(),
                .is_unpacked = true,
                .may_be_listed =
                    [&settings](const net::Address& address) {
                        const auto subject = policy::parse_subject(net::to_string(address));
                        return subject && policy::never_overlap(settings.protect, *subject) !=
                                              policy::NeverOverlap::Wholly;
                    },
                .progress = [&progress](
                                std::uint64_t done,
                                std::uint64_t total) { progress.show("reading", done, total); }};
    }

    Result<Outcome> import_map(const config::Settings& settings, const CommonOptions& common,
                               feed::ReadMap&& map, const ImportFile& file,
                               const policy::Author& author, Progress& progress) const {
        if (!source_) {
            return wrong_usage(label_, fmt::format("is a map ({}), no list of bans", map.format),
                               "name the map with --source NAME");
        }
        for (const auto& [option, is_given] : {std::pair{"--class", class_.has_value()},
                                               {"--code", code_.has_value()},
                                               {"--for", length_.has_value()},
                                               {"--until", until_.has_value()}}) {
            if (is_given) {
                return wrong_usage(option, fmt::format("is for bans; {} is a map", label_), "");
            }
        }
        if (map.format == "rir" && file.matches_md5 == false) {
            return wrong_usage(label_, fmt::format("its MD5 is not the one in {}.md5", label_),
                               "get both again");
        }
        return take_map_in(settings, common, std::move(map),
                           {.name = *source_,
                            .file = file_,
                            .reason = reason_.value_or(""),
                            .replace = replace_,
                            .strict = strict_,
                            .dry_run = dry_run_},
                           author, progress);
    }

    Outcome outcome(const policy::ImportReport& report, const feed::ReadList& list,
                    const CommonOptions& common) const {
        notes(report.notes, common.quiet);
        print_rejects(report.rejects, report.rejected, common);
        if (common.json) {
            return {0, import_json(report)};
        }
        return {0, common.quiet ? ""
                                : import_text(report, list, input_name(file_), source_.value_or(""),
                                              dry_run_)};
    }

    std::string file_;
    std::string label_;  // of the file, for messages
    std::optional<std::string> format_;
    std::optional<std::string> source_;
    std::optional<std::string> class_;
    std::optional<std::string> code_;
    std::optional<std::string> reason_;
    std::optional<std::string> length_;
    std::optional<std::string> until_;
    std::optional<std::string> threshold_;
    std::optional<std::string> within_;
    bool replace_ = false;
    bool strict_ = false;
    bool dry_run_ = false;
};

}  // namespace

std::unique_ptr<Command> make_import() {
    return std::make_unique<ImportCommand>();
}

}  // namespace ostrakon::tool
