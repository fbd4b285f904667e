#include "feed_file.hpp"

#include "output.hpp"

#include <fmt/format.h>
#include <string_view>

namespace ostrakon::tool {
namespace {

constexpr std::size_t kFileWidth = 100;
constexpr double kOneInPercent = 100;

// As TOML has it; what else would end the line is spelled out.
std::string in_toml(std::string_view text) {
    std::string result = "\"";
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            result += '\\';
            result += c;
        } else if (byte < 0x20 || byte == 0x7F) {
            result += fmt::format("\\u{:04X}", byte);
        } else {
            result += c;
        }
    }
    return result + "\"";
}

std::string comment(std::string_view text) {
    if (text.empty()) {
        return {};
    }
    std::string lines = "# " + wrapped(text, 2, kFileWidth) + "\n";
    for (auto at = lines.find("\n  "); at != std::string::npos; at = lines.find("\n  ", at)) {
        lines.replace(at, 3, "\n# ");
    }
    return lines;
}

// A key that holds what the catalogue says, for people to change.
std::string suggested(std::string_view key, const std::string& value, std::string_view meaning) {
    const std::string said = fmt::format("# {} = {}", key, value);
    return meaning.empty() ? said + "\n" : fmt::format("{:<28}  # {}\n", said, meaning);
}

std::string percentage(double part) {
    return fmt::format("\"{}%\"", part * kOneInPercent);
}

std::string suggestions(const config::FeedSettings& known) {
    std::string text = suggested("every", in_toml(to_string(known.every)),
                                 known.every_least.seconds > 0
                                     ? fmt::format("at least {}", to_string(known.every_least))
                                     : "");
    if (known.is_map) {
        return text;
    }
    text += suggested("class", in_toml(known.listing_class), "");
    text += suggested("code", "\"\"", "an answer of its own, as 127.0.0.20");
    text += suggested("max_age", in_toml(known.max_age ? to_string(*known.max_age) : "forever"),
                      "not served when it could not be refreshed for so long");
    text += suggested("max_shrink", percentage(known.max_shrink), "a larger step is held");
    text += suggested("max_growth", percentage(known.max_growth), "");
    text += suggested("max_width", fmt::format("\"/{}\"", known.max_width_ipv4),
                      "an entry wider than this is held");
    if (known.max_width_ipv6 != 2 * known.max_width_ipv4) {
        text += suggested("max_width_ipv6", fmt::format("\"/{}\"", known.max_width_ipv6), "");
    }
    return text;
}

}  // namespace

std::string redistribution_text(const config::FeedSettings& feed) {
    if (!feed.may_be_redistributed) {
        return fmt::format(
            "Not to be passed on: leave it out of zones that partners may transfer "
            "(\"!{}\" in their sources).",
            feed.name);
    }
    return feed.attribution.empty() ? "May be passed on."
                                    : "May be passed on, with these words: " + feed.attribution;
}

std::string feed_file_text(const config::FeedSettings& known, const FeedFileOptions& options) {
    std::string text = comment(known.title);
    text += comment(known.homepage);
    text += comment(fmt::format("Terms: {}{}", known.terms,
                                known.terms_url.empty() ? "" : " (" + known.terms_url + ")"));
    text += comment(redistribution_text(known));
    text += comment(known.note);
    text += fmt::format("\nname = {}\n", in_toml(known.name));
    if (options.url) {
        text += fmt::format("url = {}\n", in_toml(*options.url));
    } else if (known.url.empty()) {
        text += "# url = \"https://…\"\n";
    }
    if (options.key_file) {
        text += fmt::format("key_file = {}\n", in_toml(*options.key_file));
    }
    text += "\n# The rest is as the catalogue of feeds says. What one may want otherwise:\n";
    return text + suggestions(known);
}

}  // namespace ostrakon::tool
