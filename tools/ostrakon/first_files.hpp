// The text of the files that `init` writes, and what can be guessed for them.
#pragma once

#include <filesystem>
#include <string>

namespace ostrakon::tool {

/// What is guessed about the machine.
struct FirstSite {
    std::string origin;   ///< Of the first zone: "bl.example.org".
    std::string host;     ///< The name server: "mail.example.org".
    std::string contact;  ///< "hostmaster@example.org".
    std::string user;     ///< [server] user: "ostrakon" where there is such a user, else "root".
};

/// Guesses from the name of this machine; without a domain in it, example.org stands for the site's
/// own.
FirstSite guess_first_site();

std::string config_text(const FirstSite& site, const std::filesystem::path& database);
std::string zone_text(const FirstSite& site);

}  // namespace ostrakon::tool
