// ostrakon feeds add: a feed of the catalogue becomes one of this site.
#include "arguments.hpp"
#include "database.hpp"
#include "feed_file.hpp"
#include "messages.hpp"
#include "new_files.hpp"
#include "ostrakon/base/suggestion.hpp"
#include "ostrakon/config/feed_catalogue.hpp"
#include "ostrakon/json/document.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <filesystem>

namespace ostrakon::tool {

using namespace json;

namespace {

Unexpected<Error> unknown_feed(const std::string& name, const config::FeedCatalogue& catalogue) {
    std::vector<std::string> names;
    for (const config::FeedSettings& feed : catalogue.feeds()) {
        names.push_back(feed.name);
    }
    const auto near = suggestion(name, names);
    return wrong_usage(
        fmt::format("feed \"{}\"", name), "is not in the catalogue",
        fmt::format("{}`ostrakon feeds catalogue` shows what is; any other list is a [[feed]] with "
                    "url and format",
                    near ? fmt::format("did you mean \"{}\"? ", *near) : ""));
}

class FeedsAddCommand : public Command {
public:
    Description describe() const override {
        return {
            .name = "feeds add",
            .summary = "take a feed of the catalogue into the configuration",
            .details =
                "Writes feeds/NAME.toml beside the configuration, with what is to be known of "
                "the feed in comments. What is there already stays as it is. The next "
                "`ostrakon pull` fetches it.",
            .examples = {"ostrakon feeds add spamhaus-drop",
                         "ostrakon feeds add abuseipdb --key-file /etc/ostrakon/abuseipdb.key",
                         "ostrakon feeds add spamhaus-xbl --url rsync://rsync.example.org/xbl"}};
    }
    void declare(OptionSet& options) override {
        options.operand("NAME", name_, "as `ostrakon feeds catalogue` calls it");
        options.value("--key-file", "FILE", key_file_, "holds the key that the publisher gave");
        options.value("--url", "URL", url_, "where it is, if not where the catalogue says");
    }
    Result<Outcome> run(const CommonOptions& common) override {
        const auto settings = read_settings(common);
        if (!settings) {
            return Unexpected{settings.error()};
        }
        if (settings->file.empty()) {
            return wrong_usage("feeds add", "there is no configuration to add it to",
                               "`ostrakon init` writes one; --config names another");
        }
        const auto configured =
            std::find_if(settings->feeds.begin(), settings->feeds.end(),
                         [&](const config::FeedSettings& feed) { return feed.name == name_; });
        if (configured != settings->feeds.end()) {
            return outcome(common, configured->file, false);
        }
        const auto catalogue = config::read_feed_catalogue(*settings);
        if (!catalogue) {
            return Unexpected{catalogue.error()};
        }
        const config::FeedSettings* known = catalogue->find(name_);
        if (known == nullptr) {
            return unknown_feed(name_, *catalogue);
        }
        if (auto fit = check(*known); !fit) {
            return Unexpected{std::move(fit.error())};
        }
        return add(*settings, common, *known);
    }

private:
    Result<Done> check(const config::FeedSettings& known) const {
        const std::string attempt = fmt::format("feed \"{}\"", name_);
        if (const std::string gone = config::why_gone(known); !gone.empty()) {
            return Unexpected{Error{ErrorCode::Refused, "add feed " + name_, gone, ""}};
        }
        if (known.format.empty()) {
            return Unexpected{Error{ErrorCode::Refused, attempt, "cannot be pulled", known.note}};
        }
        if (known.state == config::FeedState::Paid && !url_) {
            return wrong_usage(attempt, "has an address for those alone who have a contract",
                               fmt::format("say it with --url; see {}", known.homepage));
        }
        config::FeedSettings as_called = known;
        as_called.url = url_.value_or(known.url);
        if (config::takes_key(as_called) && !key_file_) {
            return wrong_usage(
                attempt, "needs a key",
                fmt::format(
                    "get one at {}, put it into a file of mode 0600 and say --key-file FILE",
                    known.homepage));
        }
        return Done{};
    }

    Result<Outcome> add(const config::Settings& settings, const CommonOptions& common,
                        const config::FeedSettings& known) const {
        FeedFileOptions options;
        options.url = url_;
        if (key_file_) {
            options.key_file = std::filesystem::absolute(*key_file_).lexically_normal().string();
        }
        const std::filesystem::path file = settings.feeds_directory / (name_ + ".toml");
        NewFiles files;
        const auto made = files.write(file, feed_file_text(known, options));
        if (!made) {
            return Unexpected{made.error()};
        }
        if (!*made) {
            return Unexpected{Error{ErrorCode::Refused, "write " + file.string(),
                                    "it is there, and its feed is called otherwise",
                                    "rename one of them"}};
        }
        const auto as_it_is = read_settings(common);
        if (!as_it_is) {
            return Unexpected{as_it_is.error()};
        }
        files.keep();
        tell_what_is_missing(known, file, common);
        return outcome(common, file, true);
    }

    void tell_what_is_missing(const config::FeedSettings& known, const std::filesystem::path& file,
                              const CommonOptions& common) const {
        if (known.url.empty() && !url_) {
            note(fmt::format("{} has no address that stays: say url in {}, or fill it with "
                             "`ostrakon import FILE --source {} --replace`",
                             name_, file.string(), name_),
                 common.quiet);
        }
        std::error_code ignored;
        if (key_file_ && !std::filesystem::exists(*key_file_, ignored)) {
            note(fmt::format("{} is not there yet", *key_file_), common.quiet);
        }
    }

    Result<Outcome> outcome(const CommonOptions& common, const std::filesystem::path& file,
                            bool is_made) const {
        if (common.json) {
            return Outcome{
                0, document({{"name", name_}, {"file", file.string()}, {"added", is_made}})};
        }
        if (common.quiet) {
            return Outcome{};
        }
        return Outcome{0, fmt::format("{}  {}\n", is_made ? "made" : "kept", file.string())};
    }

    std::string name_;
    std::optional<std::string> key_file_;
    std::optional<std::string> url_;
};

}  // namespace

std::unique_ptr<Command> make_feeds_add() {
    return std::make_unique<FeedsAddCommand>();
}

}  // namespace ostrakon::tool
