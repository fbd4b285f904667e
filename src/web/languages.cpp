#include "ostrakon/web/languages.hpp"

#include "trimmed.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <charconv>

namespace ostrakon::web {
namespace {

constexpr std::array<std::string_view, 2> kCodes{"en", "es"};
constexpr std::size_t kAcceptedSizeMax = 512;

// "es-MX;q=0.8" → es, 0.8
std::pair<std::string, double> range_of(std::string_view item) {
    const std::size_t end = std::min(item.find(';'), item.size());
    std::string code(trimmed(item.substr(0, end)));
    code.resize(std::min(code.find('-'), code.size()));
    std::transform(code.begin(), code.end(), code.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    double quality = 1;
    const std::size_t mark = item.find("q=", end);
    if (mark != std::string_view::npos) {
        const std::string_view number = item.substr(mark + 2);
        std::from_chars(number.data(), number.data() + number.size(), quality);
    }
    return {code, quality};
}

}  // namespace

std::string_view Language::plain(std::string_view key) const {
    const auto found = phrases_.find(key);
    return found == phrases_.end() ? key : std::string_view{found->second};
}

Markup Language::say(std::string_view key, Places places) const {
    std::string_view rest = plain(key);
    Markup said;
    while (!rest.empty()) {
        const std::size_t open = std::min(rest.find('{'), rest.size());
        said += text(rest.substr(0, open));
        rest.remove_prefix(open);
        const std::size_t close = rest.find('}');
        if (rest.empty() || close == std::string_view::npos) {
            break;
        }
        const std::string_view name = rest.substr(1, close - 1);
        const auto* const place =
            std::find_if(places.begin(), places.end(),
                         [name](const auto& known) { return known.first == name; });
        said += place == places.end() ? text(rest.substr(0, close + 1)) : place->second;
        rest.remove_prefix(close + 1);
    }
    return said + text(rest);
}

Result<Languages> Languages::read(const std::filesystem::path& directory) {
    Languages languages;
    for (const std::string_view code : kCodes) {
        const std::filesystem::path file = directory / (std::string(code) + ".toml");
        auto phrases = config::read_phrases(file);
        if (!phrases) {
            return Unexpected{std::move(phrases.error())};
        }
        languages.languages_.emplace_back(std::string(code), std::move(*phrases));
        for (const auto& [key, phrase] : languages.languages_.front().phrases()) {
            if (!languages.languages_.back().has(key)) {
                return Unexpected{Error{ErrorCode::Usage, "read " + file.string(),
                                        fmt::format("has no phrase \"{}\"", key),
                                        fmt::format("in {}.toml it is \"{}\"", kCodes[0], phrase)}};
            }
        }
    }
    return languages;
}

const Language* Languages::find(std::string_view code) const {
    const auto found = std::find_if(languages_.begin(), languages_.end(),
                                    [code](const Language& known) { return known.code() == code; });
    return found == languages_.end() ? nullptr : &*found;
}

const Language& Languages::choose(std::string_view accept_language) const {
    const Language* best = &languages_.front();
    double best_quality = 0;
    std::string_view rest = accept_language.substr(0, kAcceptedSizeMax);
    while (!rest.empty()) {
        const std::size_t comma = std::min(rest.find(','), rest.size());
        const auto [code, quality] = range_of(rest.substr(0, comma));
        rest.remove_prefix(std::min(comma + 1, rest.size()));
        const Language* known = find(code);
        if (known != nullptr && quality > best_quality) {
            best = known;
            best_quality = quality;
        }
    }
    return *best;
}

}  // namespace ostrakon::web
