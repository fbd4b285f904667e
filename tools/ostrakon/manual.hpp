// The man pages, made of what the help texts and the reference of the configuration are made of.
#pragma once

#include "help.hpp"

#include <string>
#include <vector>

namespace ostrakon::tool {

struct ManualPage {
    std::string file;  ///< "ostrakon-ban.1"
    std::string text;  ///< In mdoc(7).
};

/// ostrakon(1), and a page for each command or group of commands.
std::vector<ManualPage> command_pages(const Declarations& declarations, const std::string& date);
/// ostrakon.toml(5), ostrakon-zone(5), ostrakon-feed(5).
std::vector<ManualPage> file_pages(const std::string& date);
/// ostrakon-formats(5): what can be imported, and the files that are neither configuration nor
/// list.
ManualPage formats_page(const Declarations& declarations, const std::string& date);
/// ostrakond(8).
ManualPage server_page(const std::string& date);
/// ostrakon-web(8).
ManualPage web_page(const std::string& date);

/// ostrakon.toml with every key at its default.
std::string example_configuration();

/// All pages.
std::vector<ManualPage> manual_pages(const Declarations& declarations, const std::string& date);

}  // namespace ostrakon::tool
