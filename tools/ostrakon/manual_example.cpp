// ostrakon.toml as an example: every key at its default, and what it means.
#include "manual.hpp"
#include "ostrakon/config/reference.hpp"
#include "output.hpp"

#include <fmt/format.h>
#include <algorithm>

namespace ostrakon::tool {
namespace {

constexpr std::size_t kExampleWidth = 98;

std::string example_comment(std::string_view text) {
    std::string lines = "# ";
    for (const char c : wrapped(text, 0, kExampleWidth - 2)) {
        lines += c;
        lines += c == '\n' ? "# " : "";
    }
    return lines + "\n";
}

std::string key_lines(const config::KeyReference& key) {
    const bool has_default = !key.by_default.empty();
    std::string lines = "\n" + example_comment(key.meaning);
    if (has_default && !key.example.empty()) {
        lines += fmt::format("# For example {}.\n", key.example);
    }
    return lines + fmt::format("#{} = {}\n", key.key, has_default ? key.by_default : key.example);
}

// A table may stand there empty where nothing in it is needed and nothing is the user's own.
bool can_be_empty(const config::TableReference& table) {
    return table.form == config::TableForm::Once &&
           std::all_of(table.keys.begin(), table.keys.end(),
                       [](const config::KeyReference& key) { return !key.by_default.empty(); });
}

}  // namespace

std::string example_configuration() {
    std::string text = example_comment(
        "The configuration of ostrakond and ostrakon, with every key at its default. `ostrakon "
        "init` "
        "writes a shorter one to begin with; ostrakon.toml(5) says how values are written.");
    for (const config::TableReference& table : config::settings_reference()) {
        text += "\n" + (table.meaning.empty() ? "" : example_comment(table.meaning));
        const bool is_repeated = table.form == config::TableForm::Repeated;
        text += fmt::format("{}{}{}{}\n", can_be_empty(table) ? "" : "#", is_repeated ? "[[" : "[",
                            table.name, is_repeated ? "]]" : "]");
        for (const config::KeyReference& key : table.keys) {
            text += key_lines(key);
        }
    }
    return text;
}

}  // namespace ostrakon::tool
