// What the settings of several clients have in common.
#include "client_settings.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace ostrakon::tool {

std::string codes_comment(const ClientSite& site, std::string_view mark) {
    std::string text;
    for (const ClientZone& zone : site.zones()) {
        text += fmt::format("{} {}: an answer lasts up to {} s, that there is none {} s.\n", mark,
                            zone.zone->name, zone.zone->ttl_s, zone.zone->negative_ttl_s);
        for (const ClientCode& code : zone.codes) {
            text +=
                fmt::format("{}   {:<13} {}\n", mark, net::to_string(code.code), meaning_of(code));
        }
    }
    for (const std::string& note : site.notes) {
        text += fmt::format("{} Note: {}.\n", mark, note);
    }
    return text;
}

std::vector<std::string> rule_names(const ClientZone& zone, const std::vector<ClientCode>& codes) {
    const auto in_capitals = [](std::string text) {
        std::replace_if(
            text.begin(), text.end(), [](char c) { return c == '-' || c == '.' || c == '/'; }, '_');
        std::transform(text.begin(), text.end(), text.begin(), [](char c) {
            return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
        });
        return text;
    };
    std::vector<std::string> names;
    std::map<std::string, int> uses;
    for (const ClientCode& code : codes) {
        names.push_back(zone.word + "_" + in_capitals(code.meanings.front()));
        ++uses[names.back()];
    }
    for (std::size_t i = 0; i < codes.size(); ++i) {
        if (uses[names[i]] > 1) {
            names[i] += "_" + in_capitals(net::to_string(codes[i].code));
        }
    }
    return names;
}

}  // namespace ostrakon::tool
