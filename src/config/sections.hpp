// The tables of ostrakon.toml, one reader each.
//
// Every reader takes its table whole: types, ranges, unknown keys. What needs several tables or
// zones at once is checked by the caller.
#pragma once

#include "section.hpp"

#include "ostrakon/config/feed_catalogue.hpp"
#include "ostrakon/config/settings.hpp"

#include <filesystem>
#include <string>

namespace ostrakon::config {

inline constexpr std::size_t kTextSizeMax = 255;
inline constexpr std::size_t kPathSizeMax = 4096;
inline constexpr std::size_t kListSizeMax = 10'000;

/// Reads a path, which is relative to the file that names it.
struct SpelledPath {
    std::filesystem::path directory;
    Spelled<std::filesystem::path> operator()(std::string_view text) const;
};

void read_database(Section section, const std::filesystem::path& directory,
                   DatabaseSettings& database);
void read_server(Section section, const std::filesystem::path& directory, ServerSettings& server);
void read_classes(Section section, Settings& settings);
void read_limits(Section section, LimitSettings& limits);
void read_metrics(Section section, MetricsSettings& metrics);
void read_web(Section section, const std::filesystem::path& directory, WebSettings& web);
void read_log(Section section, const std::filesystem::path& directory, LogSettings& log);
void read_hits(Section section, const std::filesystem::path& directory, HitSettings& hits);
void read_geo(Section section, GeoSettings& geo);
void read_lifecycle(Section section, LifecycleSettings& lifecycle);
void read_diagnose(Section section, DiagnoseSettings& diagnose);
void read_protect(Section section, ProtectSettings& protect);

void read_feeds_contact(Section& section, Settings& settings);

/// Reads the table of one feed; `file_stem` is its name where it does not say one, or empty.
FeedSettings read_feed(Section section, const std::filesystem::path& directory,
                       const Settings& settings, std::string_view file_stem,
                       const FeedCatalogue& catalogue);
/// Whether the table of a feed leaves open where it comes from.
bool needs_catalogue(const Section& section);

/// Reads the [[tsig]] tables below `parent`, which no name of `others` may stand in again.
void read_tsig(Section& parent, const std::filesystem::path& directory, const std::string& file,
               std::vector<zone::SignatureKey>& keys,
               const std::vector<zone::SignatureKey>& others = {});

/// A [[tsig]] name or the name behind "key:", in its one spelling.
Spelled<std::string> spelled_key_name(std::string_view text);

using KeyNames = std::vector<std::string>;
KeyNames key_names(const std::vector<zone::SignatureKey>& keys,
                   const std::vector<zone::SignatureKey>& more);
/// Reads `transfer` and `notify`; `keys` are the [[tsig]] keys that they may name.
void read_secondaries(Section& section, const KeyNames& keys, zone::Secondaries& secondaries);
/// Reads [catalog]; the keys of the settings have been read.
void read_catalog(Section section, Settings& settings);

}  // namespace ostrakon::config
