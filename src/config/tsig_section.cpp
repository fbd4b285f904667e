// Keys that sign transfers and notifies: what the files say of them. Their secrets are
// tsig_secrets.cpp's.
#include "sections.hpp"

#include <fmt/format.h>
#include <algorithm>

namespace ostrakon::config {
namespace {

constexpr std::size_t kKeysMax = 1000;
// So that an answer with a long question has room for the signature, also over UDP.
constexpr std::size_t kKeyNameSizeMax = 128;

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
    std::size_t label_size = 0;
    bool has_labels = !name.empty();
    for (const char c : name + ".") {
        has_labels =
            has_labels && (c != '.' || (label_size > 0 && label_size <= dns::kLabelSizeMax));
        label_size = c == '.' ? 0 : label_size + 1;
    }
    if (!is_plain || !has_labels || name.size() > kKeyNameSizeMax) {
        return Unexpected{std::string{"the name of a [[tsig]] key, as in \"partner\""}};
    }
    return name;
}

void read_tsig(Section& parent, const std::filesystem::path& directory, const std::string& file,
               std::vector<zone::SignatureKey>& keys,
               const std::vector<zone::SignatureKey>& others) {
    const auto has = [](const std::vector<zone::SignatureKey>& among, const std::string& name) {
        return std::any_of(among.begin(), among.end(),
                           [&](const zone::SignatureKey& key) { return key.name == name; });
    };
    for (Section& section : parent.tables("tsig", kKeysMax)) {
        zone::SignatureKey key;
        key.algorithm = "hmac-sha256";
        key.place = fmt::format("{}:{}", file, section.at().line);
        section.require("name", "name = \"partner\"");
        section.require("secret_file", "secret_file = \"partner.key\"");
        section.value("name", key.name, spelled_key_name);
        section.value(
            "algorithm", key.algorithm,
            SpelledWord{{"hmac-sha1", "hmac-sha224", "hmac-sha256", "hmac-sha384", "hmac-sha512"}});
        std::string secret_file;
        section.value("secret_file", secret_file, SpelledText{kPathSizeMax, 1});
        key.secret_file = directory / secret_file;
        if (!key.name.empty() && (has(keys, key.name) || has(others, key.name))) {
            section.mistake_at(
                section.at_key("name"),
                fmt::format("[[tsig]] name: \"{}\" stands twice, expected it once", key.name));
        } else if (!key.name.empty()) {
            keys.push_back(std::move(key));
        }
        section.finish();
    }
}

}  // namespace ostrakon::config
