// Keys that sign transfers and notifies. This version signs nothing: the tables are checked for
// what they say.
#include "sections.hpp"

#include <fmt/format.h>
#include <algorithm>

namespace ostrakon::config {
namespace {

constexpr std::size_t kKeysMax = 1000;

}  // namespace

Spelled<std::string> spelled_key_name(std::string_view text) {
    if (text.ends_with('.')) {
        text.remove_suffix(1);
    }
    std::string name;
    for (const char c : text) {
        name.push_back(static_cast<char>(dns::lower(static_cast<std::uint8_t>(c))));
    }
    const bool is_plain = std::all_of(name.begin(), name.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
    });
    if (name.empty() || !is_plain || name.size() > dns::kNameSizeMax - 2 ||
        name.find("..") != std::string::npos) {
        return Unexpected{std::string{"the name of a [[tsig]] key, as in \"partner\""}};
    }
    return name;
}

void read_tsig(Section& parent, std::vector<std::string>& names) {
    for (Section& section : parent.tables("tsig", kKeysMax)) {
        std::string name;
        std::string algorithm;
        std::string secret_file;
        section.require("name", "name = \"partner\"");
        section.require("secret_file", "secret_file = \"partner.key\"");
        section.value("name", name, spelled_key_name);
        section.value(
            "algorithm", algorithm,
            SpelledWord{{"hmac-sha1", "hmac-sha224", "hmac-sha256", "hmac-sha384", "hmac-sha512"}});
        section.value("secret_file", secret_file, SpelledText{kPathSizeMax, 1});
        if (!name.empty() && std::find(names.begin(), names.end(), name) != names.end()) {
            section.mistake_at(
                section.at_key("name"),
                fmt::format("[[tsig]] name: \"{}\" stands twice, expected it once", name));
        } else if (!name.empty()) {
            names.push_back(name);
        }
        section.warning(section.at(),
                        fmt::format("key \"{}\" is not used: this version signs nothing", name));
        section.finish();
    }
}

}  // namespace ostrakon::config
