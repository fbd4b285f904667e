// ostrakon feeds remove: a feed goes, with its file, its entries and what was kept of it.
#include "arguments.hpp"
#include "database.hpp"
#include "messages.hpp"
#include "ostrakon/base/suggestion.hpp"
#include "ostrakon/json/document.hpp"
#include "ostrakon/policy/remove_feed.hpp"
#include "ostrakon/pull/body_store.hpp"
#include "ostrakon/zone/listing_class.hpp"
#include "output.hpp"
#include "owner_child.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <filesystem>

namespace ostrakon::tool {

using namespace json;

namespace {

namespace fs = std::filesystem;

// A feed's file that is out of the way while the database follows: no file of feeds/ any more, and
// back in its place unless what was begun is done.
class FileAside {
public:
    static Result<FileAside> put(const fs::path& file) {
        FileAside aside{file};
        std::error_code error;
        if (!file.empty()) {
            fs::rename(file, aside.name(), error);
        }
        if (error) {
            return Unexpected{Error{ErrorCode::System, "remove " + file.string(), error.message(),
                                    "run it as who may write there"}};
        }
        aside.is_aside_ = !file.empty();
        return aside;
    }
    FileAside(FileAside&& other) noexcept
        : file_(std::move(other.file_)), is_aside_(std::exchange(other.is_aside_, false)) {}
    FileAside& operator=(FileAside&&) = delete;
    ~FileAside() {
        std::error_code ignored;
        if (is_aside_) {
            fs::rename(name(), file_, ignored);
        }
    }
    void remove() {
        std::error_code ignored;
        if (std::exchange(is_aside_, false)) {
            fs::remove(name(), ignored);
        }
    }

private:
    explicit FileAside(fs::path file) : file_(std::move(file)) {}
    fs::path name() const { return file_.string() + ".removed"; }

    fs::path file_;
    bool is_aside_ = false;
};

class FeedsRemoveCommand : public Command {
public:
    Description describe() const override {
        return {.name = "feeds remove",
                .summary = "take a feed out of configuration and database",
                .details =
                    "Deletes the feed's file, all of its entries, those of `import --source` too, "
                    "and the versions that were kept of it; of a map its ranges. `ostrakon undo` "
                    "brings the entries back; they are served once the feed is configured again. A "
                    "feed that stands in ostrakon.toml itself is to be deleted there first.",
                .examples = {"ostrakon feeds remove firehol-level1"}};
    }
    void declare(OptionSet& options) override { options.operand("NAME", name_, "the feed"); }
    Result<Outcome> run(const CommonOptions& common) override {
        if (!zone::is_valid_identifier(name_)) {
            return wrong_usage(fmt::format("feed \"{}\"", name_), "is no name for a feed", "");
        }
        const auto settings = read_settings(common);
        if (!settings) {
            return Unexpected{settings.error()};
        }
        const auto configured =
            std::find_if(settings->feeds.begin(), settings->feeds.end(),
                         [&](const config::FeedSettings& feed) { return feed.name == name_; });
        const fs::path file = configured == settings->feeds.end() ? fs::path{} : configured->file;
        if (!file.empty() && file == settings->file) {
            return Unexpected{
                Error{ErrorCode::Refused, "remove feed " + name_,
                      fmt::format("it stands in {} itself, which no command writes", file.string()),
                      "delete its [[feed]] there, then say this again"}};
        }
        auto aside = FileAside::put(file);
        if (!aside) {
            return Unexpected{std::move(aside.error())};
        }
        const auto removal = remove_from_database(common);
        if (!removal) {
            return Unexpected{removal.error()};
        }
        aside->remove();
        return outcome(common, *settings, file, Json::parse(*removal, nullptr, false));
    }

private:
    // The configuration is written by who calls, the database by its owner.
    Result<std::string> remove_from_database(const CommonOptions& common) const {
        const auto settings = read_settings(common);  // which no longer have the feed
        if (!settings) {
            return Unexpected{settings.error()};
        }
        auto child = OwnerChild::start(settings->database.path, [&]() -> Result<std::string> {
            return remove_as_owner(*settings, common);
        });
        return child ? child->finish() : Unexpected{std::move(child.error())};
    }

    Result<std::string> remove_as_owner(const config::Settings& settings,
                                        const CommonOptions& common) const {
        policy::FeedRemoval removal;
        std::error_code error;
        if (fs::exists(settings.database.path / "data.mdb", error)) {
            // A pull that goes on would bring back what is removed.
            const auto puller = lock_for_pulling(settings, common, "feeds remove");
            if (!puller) {
                return Unexpected{puller.error()};
            }
            auto database =
                open_for_writing(settings, common, "feeds remove", store::Access::ReadWrite);
            if (!database) {
                return Unexpected{std::move(database.error())};
            }
            auto removed = policy::remove_feed(database->environment, settings, name_, common.yes,
                                               author_of(common, "feeds remove " + name_));
            if (!removed) {
                return Unexpected{std::move(removed.error())};
            }
            removal = *removed;
            pull::remove_bodies(settings.database.path, name_);
        }
        Json json;
        json["change"] = value_or_null(removal.change);
        json["entries"] = removal.entries;
        json["ranges"] = removal.map_ranges;
        return dumped(json);
    }

    Result<Outcome> outcome(const CommonOptions& common, const config::Settings& settings,
                            const fs::path& file, Json removal) const {
        removal["name"] = name_;
        removal["file"] = text_or_null(file.string());
        const auto entries = removal["entries"].get<std::uint64_t>();
        const auto ranges = removal["ranges"].get<std::uint64_t>();
        const bool was_there = !file.empty() || entries + ranges > 0;
        if (!was_there) {
            note("nothing is called " + name_ + near_name(settings), common.quiet);
        }
        if (common.json) {
            return Outcome{0, document(removal)};
        }
        if (common.quiet || !was_there) {
            return Outcome{};
        }
        std::string text = file.empty() ? "" : fmt::format("removed  {}\n", file.string());
        if (entries > 0) {
            text += fmt::format("removed  {} of feed {}\n", counted(entries, "entry", "entries"),
                                name_);
        }
        if (ranges > 0) {
            text +=
                fmt::format("removed  {} of map {}\n", counted(ranges, "range", "ranges"), name_);
        }
        if (!removal["change"].is_null()) {
            text += fmt::format("change {}\n", removal["change"].get<std::uint64_t>());
        }
        return Outcome{0, text};
    }

    std::string near_name(const config::Settings& settings) const {
        std::vector<std::string> names;
        for (const config::FeedSettings& feed : settings.feeds) {
            names.push_back(feed.name);
        }
        const auto near = suggestion(name_, names);
        return near ? fmt::format("; did you mean \"{}\"?", *near) : "";
    }

    std::string name_;
};

}  // namespace

std::unique_ptr<Command> make_feeds_remove() {
    return std::make_unique<FeedsRemoveCommand>();
}

}  // namespace ostrakon::tool
