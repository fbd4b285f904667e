// A small site in which every kind of answer can be had: what packets are drawn for.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ostrakon::test {

/// The files of its configuration, by their paths: ostrakon.toml (without [database] and listen)
/// and zones.
std::map<std::string, std::string> crowded_site_files();

/// The commands of the companion tool that fill its database, in words.
std::vector<std::vector<std::string>> crowded_site_commands();

/// Names, below the origins, where something is to be found, or nothing, in every way there is.
std::span<const std::string_view> crowded_site_names();
/// The origins of its zones, in two spellings, and names in none of them.
std::span<const std::string_view> crowded_site_origins();
/// Types of every sort.
std::span<const std::uint16_t> crowded_site_types();

/// `name` below `origin`, either of which may be empty.
std::string joined(std::string_view name, std::string_view origin);

}  // namespace ostrakon::test
