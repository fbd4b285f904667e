// ostrakon export: listings, or all that a zone lists, as a file for another program.
#include "arguments.hpp"
#include "database.hpp"
#include "export_format.hpp"
#include "messages.hpp"
#include "new_file.hpp"
#include "ostrakon/config/feed_catalogue.hpp"
#include "output.hpp"
#include "owner_child.hpp"
#include "zone_left_out.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>
#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <memory>

namespace ostrakon::tool {
namespace {

constexpr std::size_t kExportPieceSize = std::size_t{1} << 16;

Unexpected<Error> export_failed(const char* attempt) {
    return Unexpected{Error{ErrorCode::System, attempt, std::strerror(errno), ""}};
}

Result<Done> write_whole(int descriptor, std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t written = write(descriptor, bytes.data(), bytes.size());
        if (written < 0 && errno != EINTR) {
            return export_failed("write the export");
        }
        bytes.remove_prefix(static_cast<std::size_t>(written < 0 ? 0 : written));
    }
    return Done{};
}

// Hands on all that a descriptor has, up to its end.
Result<Done> copy_all(int from, const ExportText::Sink& sink) {
    std::string piece(kExportPieceSize, '\0');
    while (true) {
        const ssize_t got = read(from, piece.data(), piece.size());
        if (got == 0) {
            return Done{};
        }
        if (got < 0 && errno != EINTR) {
            return export_failed("read what is to be exported");
        }
        const auto size = static_cast<std::size_t>(got < 0 ? 0 : got);
        if (auto written = sink(std::string_view{piece}.substr(0, size)); !written) {
            return written;
        }
    }
}

std::string known_formats() {
    std::string names;
    for (const ExportFormat& format : export_formats()) {
        names += names.empty() ? "" : ", ";
        names += format.name;
    }
    return names;
}

std::vector<std::string> words_of(const std::optional<std::string>& list) {
    std::vector<std::string> words;
    const std::string text = list.value_or("");
    for (std::size_t at = 0; list && at <= text.size();) {
        const std::size_t comma = std::min(text.find(',', at), text.size());
        words.push_back(text.substr(at, comma - at));
        at = comma + 1;
    }
    return words;
}

class ExportCommand : public Command {
public:
    Description describe() const override {
        Description description{
            .name = "export",
            .summary = "listings, or all that a zone lists, as a file for another program",
            .details =
                "Without --zone, writes the own listings that stand (plain, csv, json), or with "
                "--source those of a feed. With --zone, writes what that zone lists now, whoever "
                "says so. What a format cannot say is counted on stderr. Feeds whose terms do not "
                "allow to pass them on are left out unless --source names them. FILE is replaced "
                "in one step.",
            .examples = {"ostrakon export --format csv --output listings.csv",
                         "ostrakon export --format bind --zone bl.example.org --output bl.zone",
                         "ostrakon export --format nftables --zone bl.example.org | nft -f -"}};
        description.terms_title = "Formats";
        for (const ExportFormat& format : export_formats()) {
            description.terms.push_back(
                {std::string{format.name},
                 std::string{format.meaning} + (format.needs_zone ? "; needs --zone" : "")});
        }
        return description;
    }
    void declare(OptionSet& options) override {
        options.required_value("--format", "F", format_, "one of those below");
        options.value("--zone", "Z", zone_, "what this zone lists");
        options.value("--source", "NAME", source_,
                      "the entries of this feed; with --zone: feeds, separated by commas, that are "
                      "exported though their terms do not allow to pass them on");
        options.value("--output", "FILE", output_, "where it goes, in place of standard output");
    }
    Result<Outcome> run(const CommonOptions& common) override {
        if (auto checked = check_words(); !checked) {
            return Unexpected{std::move(checked.error())};
        }
        const auto settings = read_settings(common);
        if (!settings) {
            return Unexpected{settings.error()};
        }
        if (auto found = find_zone(*settings); !found) {
            return Unexpected{std::move(found.error())};
        }
        return output_ ? to_file(*settings, common) : to_standard_output(*settings, common);
    }

private:
    Result<Done> check_words() {
        const auto formats = export_formats();
        const auto found =
            std::find_if(formats.begin(), formats.end(),
                         [this](const ExportFormat& format) { return format.name == format_; });
        if (found == formats.end()) {
            return wrong_usage(fmt::format("--format {}", format_), "is no format of exports",
                               "write one of " + known_formats());
        }
        chosen_ = &*found;
        if (chosen_->needs_zone && !zone_) {
            return wrong_usage(fmt::format("--format {}", format_), "says what a zone lists",
                               "add --zone; `ostrakon zone list` shows the zones");
        }
        return Done{};
    }

    // The zone that is exported, without the feeds that must not be passed on.
    Result<Done> find_zone(const config::Settings& settings) {
        const std::vector<std::string> named = words_of(source_);
        if (!zone_) {
            return check_source(settings, named);
        }
        auto zones = config::read_zones(settings);
        if (!zones) {
            return Unexpected{std::move(zones.error())};
        }
        std::string wanted = *zone_;
        wanted.resize(wanted.size() - (wanted.ends_with('.') ? 1 : 0));
        const auto found =
            std::find_if(zones->zones.begin(), zones->zones.end(),
                         [&](const zone::Zone& zone) { return zone.name == wanted; });
        if (found == zones->zones.end()) {
            return wrong_usage(fmt::format("--zone {}", *zone_), "there is no such zone",
                               "`ostrakon zone list` shows the zones");
        }
        number_ = static_cast<std::size_t>(found - zones->zones.begin());
        std::vector<std::string> ignored;
        if (const auto keys = count_partner_keys({*found}, ignored); keys) {
            key_count_ = keys->front().value_or(0);
        }
        for (const config::FeedSettings& feed : settings.feeds) {
            if (feed.is_map || !may_be_in(*found, feed.name)) {
                continue;
            }
            const bool is_named = std::find(named.begin(), named.end(), feed.name) != named.end();
            if (config::forbids_redistribution(feed) && !is_named) {
                found->sources.push_back({feed.name, true});
                notes_.push_back(fmt::format(
                    "feed {} is left out: its terms do not allow to pass it on ({}); --source {} "
                    "exports it all the same",
                    feed.name, feed.terms, feed.name));
            } else if (!feed.attribution.empty()) {
                attributions_.push_back(feed.name + ": " + feed.attribution);
            }
        }
        auto rulebook = std::make_shared<verdict::Rulebook>();
        rulebook->zones = std::move(zones->zones);
        rulebook->classes = settings.classes;
        rulebook->protect = settings.protect;
        rulebook->web_url = settings.web.url;
        rulebook_ = std::move(rulebook);
        return Done{};
    }

    Result<Done> check_source(const config::Settings& settings,
                              const std::vector<std::string>& named) {
        if (named.size() > 1) {
            return wrong_usage("--source", "without --zone it names one source", "");
        }
        for (const config::FeedSettings& feed : settings.feeds) {
            if (!named.empty() && feed.name == named.front() && !feed.attribution.empty()) {
                attributions_.push_back(feed.name + ": " + feed.attribution);
            }
        }
        return Done{};
    }

    static bool may_be_in(const zone::Zone& zone, const std::string& feed) {
        return zone.serves_source(feed) ||
               std::any_of(zone.sources.begin(), zone.sources.end(),
                           [&](const zone::SourcePattern& pattern) {
                               return !pattern.excluded && pattern.name.starts_with(feed + "/");
                           });
    }

    // The database is read by a child that has become its owner; what comes of it is written by who
    // has called.
    Result<std::string> copy_export(const config::Settings& settings,
                                    const ExportText::Sink& sink) {
        std::array<int, 2> ends{};
        if (pipe2(ends.data(), O_CLOEXEC) != 0) {
            return export_failed("make a pipe");
        }
        FileDescriptor read_end{ends[0]};
        FileDescriptor write_end{ends[1]};
        auto child = OwnerChild::start(settings.database.path, [&]() -> Result<std::string> {
            read_end.reset();
            return write_export(settings, write_end.get());
        });
        if (!child) {
            return Unexpected{std::move(child.error())};
        }
        write_end.reset();
        if (auto copied = copy_all(read_end.get(), sink); !copied) {
            return Unexpected{std::move(copied.error())};
        }
        return child->finish();
    }

    // Returns what is to be said on stderr.
    Result<std::string> write_export(const config::Settings& settings, int descriptor) {
        auto environment = open_for_reading(settings);
        if (!environment) {
            return Unexpected{std::move(environment.error())};
        }
        ExportSource source{*environment, nullptr, source_.value_or("own"), now()};
        std::unique_ptr<transfer::Contents> contents;
        if (rulebook_) {
            auto taken = transfer::Contents::take(
                *environment, rulebook_,
                {.zone = number_, .now = source.at, .with_texts = chosen_->has_texts});
            if (!taken) {
                return Unexpected{std::move(taken.error())};
            }
            contents = std::move(*taken);
            source.contents = contents.get();
        }
        ExportText text{
            [descriptor](std::string_view bytes) { return write_whole(descriptor, bytes); }};
        write_head(text, source);
        auto counts = chosen_->write(source, text);
        if (!counts) {
            return Unexpected{std::move(counts.error())};
        }
        if (contents) {
            if (auto sound = contents->check(); !sound) {
                return Unexpected{std::move(sound.error())};
            }
            count_what_no_zone_carries(*contents, *counts);
        }
        if (auto finished = text.finish(); !finished) {
            return Unexpected{std::move(finished.error())};
        }
        return report(*counts);
    }

    void write_head(ExportText& text, const ExportSource& source) const {
        if (chosen_->comment.empty()) {
            return;
        }
        text.add(fmt::format("{} {} at {}, by ostrakon export\n", chosen_->comment,
                             source.contents != nullptr ? source.contents->zone().name
                                                        : "listings of " + source.source,
                             to_string(source.at)));
        for (const std::string& attribution : attributions_) {
            text.add(fmt::format("{} {}\n", chosen_->comment, attribution));
        }
    }

    void count_what_no_zone_carries(const transfer::Contents& contents,
                                    ExportCounts& counts) const {
        if (key_count_ != 0) {
            counts.left_out["partner keys"] = key_count_;
        }
        const transfer::LeftOut left = contents.left_out();
        if (left.patterns != 0) {
            counts.left_out["own patterns (rdns:)"] = left.patterns;
        }
        for (const std::string& source : left.built_in) {
            counts.left_out["built-in source " + source] = 1;
        }
    }

    std::string report(const ExportCounts& counts) const {
        std::string text =
            counted(counts.written, "entry", "entries") + " written as " + std::string{format_};
        for (const auto& [what, number] : counts.left_out) {
            text += fmt::format("\nleft out: {} ({})", what, grouped(number));
        }
        return text;
    }

    void say(const std::string& report, const CommonOptions& common) const {
        notes(notes_, common.quiet);
        for (std::size_t at = 0; at < report.size();) {
            const std::size_t end = std::min(report.find('\n', at), report.size());
            note(report.substr(at, end - at), common.quiet);
            at = end + 1;
        }
    }

    Result<Outcome> to_file(const config::Settings& settings, const CommonOptions& common) {
        auto file = NewFile::begin(*output_, true);
        if (!file) {
            return Unexpected{std::move(file.error())};
        }
        auto report =
            copy_export(settings, [&](std::string_view bytes) { return file->write(bytes); });
        if (!report) {
            return Unexpected{std::move(report.error())};
        }
        // Others read it: as open to them as what it replaces, or as any new file.
        struct stat before {};
        const mode_t mask = umask(0);
        umask(mask);
        const bool is_there = stat(output_->c_str(), &before) == 0;
        if (fchmod(file->descriptor(), is_there ? before.st_mode & 0777U : 0666U & ~mask) != 0) {
            return export_failed("set the rights of the export");
        }
        if (auto synced = file->sync(); !synced) {
            return Unexpected{std::move(synced.error())};
        }
        if (auto kept = file->keep(); !kept) {
            return Unexpected{std::move(kept.error())};
        }
        say(*report, common);
        return Outcome{};
    }

    // Kept aside until all of it is known to be right.
    Result<Outcome> to_standard_output(const config::Settings& settings,
                                       const CommonOptions& common) {
        const std::unique_ptr<std::FILE, int (*)(std::FILE*)> aside{std::tmpfile(), std::fclose};
        if (!aside) {
            return export_failed("make a temporary file");
        }
        const int descriptor = fileno(aside.get());
        auto report = copy_export(settings, [descriptor](std::string_view bytes) {
            return write_whole(descriptor, bytes);
        });
        if (!report) {
            return Unexpected{std::move(report.error())};
        }
        if (lseek(descriptor, 0, SEEK_SET) != 0) {
            return export_failed("read the temporary file");
        }
        auto copied = copy_all(
            descriptor, [](std::string_view bytes) { return write_whole(STDOUT_FILENO, bytes); });
        if (!copied) {
            return Unexpected{std::move(copied.error())};
        }
        say(*report, common);
        return Outcome{};
    }

    std::string format_;
    std::size_t key_count_ = 0;
    std::optional<std::string> zone_;
    std::optional<std::string> source_;
    std::optional<std::string> output_;
    const ExportFormat* chosen_ = nullptr;
    std::shared_ptr<const verdict::Rulebook> rulebook_;
    std::size_t number_ = 0;
    std::vector<std::string> notes_;
    std::vector<std::string> attributions_;
};

}  // namespace

std::unique_ptr<Command> make_export() {
    return std::make_unique<ExportCommand>();
}

}  // namespace ostrakon::tool
