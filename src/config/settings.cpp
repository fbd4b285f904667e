// ostrakon.toml and feeds/*.toml as a whole: which tables there are, and what must be true of
// several at once.
#include "ostrakon/config/settings.hpp"

#include "directory.hpp"
#include "document.hpp"
#include "feed_catalogue_file.hpp"
#include "ostrakon/config/shipped_file.hpp"
#include "sections.hpp"

#include <fmt/format.h>
#include <map>
#include <utility>

namespace ostrakon::config {
namespace {

constexpr std::size_t kFeedsMax = 1000;

std::filesystem::path absolute_parent(const std::filesystem::path& file) {
    std::error_code error;
    const std::filesystem::path absolute = std::filesystem::absolute(file, error);
    return error ? file.parent_path() : absolute.parent_path();
}

class SettingsReader {
public:
    explicit SettingsReader(const std::filesystem::path& file)
        : file_(file), name_(file.string()), directory_(absolute_parent(file)) {}

    Result<Settings> read() {
        const auto document = read_document(file_, problems_);
        if (document) {
            read_all(*document);
        }
        if (problems_.mistake_count() > 0) {
            return Unexpected{problems_.error()};
        }
        settings_.warnings = problems_.warnings();
        return std::move(settings_);
    }

private:
    void read_all(const Value& document) {
        Section top{&document, "", name_, problems_};
        settings_ = default_settings();
        settings_.file = directory_ / file_.filename();
        read_database(top.table("database"), directory_, settings_.database);
        read_server(top.table("server"), directory_, settings_.server);
        read_classes(top.table("classes"), settings_);
        read_limits(top.table("limits"), settings_.limits);
        read_metrics(top.table("metrics"), settings_.metrics);
        read_web(top.table("web"), directory_, settings_.web);
        read_log(top.table("log"), directory_, settings_.log);
        read_hits(top.table("hits"), directory_, settings_.hits);
        Section zones = top.table("zones");
        settings_.zones_directory = read_directory(zones, "zones");
        zones.finish();
        read_geo(top.table("geo"), settings_.geo);
        read_lifecycle(top.table("lifecycle"), settings_.lifecycle);
        read_diagnose(top.table("diagnose"), settings_.diagnose);
        read_protect(top.table("protect"), settings_.protect);
        Section feeds = top.table("feeds");
        settings_.feeds_directory = read_directory(feeds, "feeds");
        read_feeds_contact(feeds, settings_);
        feeds.finish();
        read_feeds(top);
        read_tsig(top, directory_, name_, settings_.tsig_keys);
        read_catalog(top.table("catalog"), settings_);
        top.finish();
    }

    // The default need not be there; what is named must.
    std::filesystem::path read_directory(Section& section, const char* by_default) {
        std::filesystem::path path = directory_ / by_default;
        section.value("directory", path, SpelledPath{directory_});
        std::error_code error;
        if (section.has("directory") && !std::filesystem::is_directory(path, error)) {
            section.mistake_at(section.at_key("directory"),
                               fmt::format("{}: read \"{}\", expected a directory that exists",
                                           section.path("directory"), path.string()));
        }
        return path;
    }

    void read_feeds(Section& top) {
        for (const Section& section : top.tables("feed", kFeedsMax)) {
            read_one_feed(section, directory_, "", name_, section.at_key("name"));
        }
        const auto files = toml_files_of(settings_.feeds_directory);
        if (!files) {
            problems_.mistake(settings_.feeds_directory.string(), {}, files.error());
            return;
        }
        for (const std::filesystem::path& file : *files) {
            const std::string name = file.string();
            if (const auto document = read_document(file, problems_)) {
                const Section section{&*document, "", name, problems_};
                read_one_feed(section, file.parent_path(), file.stem().string(), name,
                              section.has("name") ? section.at_key("name") : Position{1, 1});
            }
        }
    }

    void read_one_feed(const Section& section, const std::filesystem::path& directory,
                       const std::string& file_stem, const std::string& file, Position at) {
        if (!has_looked_for_catalogue_) {
            look_for_catalogue();
        }
        if (!missing_catalogue_.empty() && needs_catalogue(section)) {
            problems_.mistake(file, at,
                              fmt::format("the feed leaves out url or format, and the catalogue of "
                                          "feeds that may have them is not there: {}",
                                          missing_catalogue_));
            return;
        }
        add_feed(read_feed(section, directory, settings_, file_stem, catalogue_), file, at);
    }

    // It is looked for where there is a feed. Without it those that say all themselves are read.
    void look_for_catalogue() {
        has_looked_for_catalogue_ = true;
        const std::filesystem::path file = shipped_file(settings_, kFeedCatalogueFile);
        std::error_code error;
        if (std::filesystem::status(file, error).type() == std::filesystem::file_type::not_found) {
            missing_catalogue_ = file.string();
        } else {
            catalogue_ = read_feed_catalogue(file, problems_);
        }
    }

    void add_feed(FeedSettings feed, const std::string& file, Position at) {
        if (feed.name.empty()) {
            return;  // already noted
        }
        const std::string place = fmt::format("{}:{}", file, at.line);
        const auto [first, is_new] = feed_places_.emplace(feed.name, place);
        if (!is_new) {
            problems_.mistake(
                file, at,
                fmt::format("name: read \"{}\", expected another name: {} has it already",
                            feed.name, first->second));
        }
        if (settings_.classes.find(feed.name) != settings_.classes.end()) {
            problems_.mistake(
                file, at,
                fmt::format("name: read \"{}\", expected a name that is no class of [classes]",
                            feed.name));
        }
        feed.file = file == name_ ? settings_.file : std::filesystem::path{file};
        settings_.feeds.push_back(std::move(feed));
    }

    std::filesystem::path file_;
    std::string name_;
    std::filesystem::path directory_;
    Problems problems_;
    Settings settings_;
    std::map<std::string, std::string> feed_places_;
    FeedCatalogue catalogue_;
    bool has_looked_for_catalogue_ = false;
    std::string missing_catalogue_;  // where it would be
};

}  // namespace

Settings default_settings() {
    Settings settings;
    constexpr std::uint16_t kPort = 5353;
    settings.server.listen = {{net::Ipv4{0x7F000001}, kPort}, {net::Ipv6{1}, kPort}};
    settings.web.proxies = {net::prefix(net::Ipv4{0x7F000000}, 8), net::Ipv6Range{{1}, {1}}};
    settings.limits.exempt = {net::prefix(net::Ipv4{0x7F000000}, 8),
                              net::Ipv6Range{net::Ipv6{1}, net::Ipv6{1}}};
    settings.protect = private_ranges();
    return settings;
}

std::filesystem::path hit_file(const Settings& settings) {
    return settings.hits.file.empty() ? settings.database.path / "hits" : settings.hits.file;
}

Result<Settings> read_settings(const std::filesystem::path& file) {
    return SettingsReader{file}.read();
}

}  // namespace ostrakon::config
