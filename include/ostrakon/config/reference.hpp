// Every key that a file of a site may have, in words: what the man pages of the files are made of.
//
// It reads nothing: that is settings.hpp. A test holds both against each other, key by key.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace ostrakon::config {

/// One key of a table.
struct KeyReference {
    std::string_view key;   ///< "listen"; where the user chooses the word, what it is: "CLASS".
    std::string_view type;  ///< "a size", "a list of prefixes".
    std::string_view by_default;  ///< As it would stand in the file; empty: there is none.
    std::string_view example;     ///< As it may stand in the file; empty: as by default.
    std::string_view meaning;     ///< Sentences.
};

/// How often a table may stand in a file, and who chooses its keys.
enum class TableForm : std::uint8_t {
    Top,       ///< The keys before the first table.
    Once,      ///< [name]
    Repeated,  ///< [[name]]
    OwnWords,  ///< [name], whose keys are the user's own words.
};

struct TableReference {
    std::string_view name;  ///< "server"; empty for the top of the file.
    TableForm form;
    std::string_view meaning;  ///< Sentences; may be empty.
    std::span<const KeyReference> keys;
};

/// The tables of ostrakon.toml, in the order in which they are told.
std::span<const TableReference> settings_reference();
/// The tables of zones/NAME.toml.
std::span<const TableReference> zone_reference();
/// The keys of feeds/NAME.toml, which are those of [[feed]] in ostrakon.toml.
std::span<const KeyReference> feed_reference();
/// The keys of [[feed]] in the catalogue of feeds that [[feed]] elsewhere does not have.
std::span<const KeyReference> catalogue_reference();

}  // namespace ostrakon::config
